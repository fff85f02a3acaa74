/*
 * Copyright 2026 the Failsoft Memcached authors
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.failsoft.memcached.benchmarks;

/**
 * What was measured of one contender in one row, a figure per round.
 */
final class Measured {

	private final Median micros = new Median();

	private final Median bytes = new Median();

	void add(double medianMicros, double bytesPerOperation) {
		this.micros.add(medianMicros);
		this.bytes.add(bytesPerOperation);
	}

	/**
	 * The median over the rounds of the median time of an operation.
	 * @return microseconds
	 */
	double micros() {
		return this.micros.get();
	}

	/**
	 * What an operation allocates, on all threads.
	 * @return bytes
	 */
	double bytes() {
		return this.bytes.get();
	}

}
