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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What was measured of one contender in one row, a figure per round.
 */
final class Measured {

	private final List<Double> medians = new ArrayList<>();

	private final List<Double> bytes = new ArrayList<>();

	void add(double medianMicros, double bytesPerOperation) {
		this.medians.add(medianMicros);
		this.bytes.add(bytesPerOperation);
	}

	/**
	 * The median over the rounds of the median time of an operation.
	 * @return microseconds
	 */
	double micros() {
		return median(this.medians);
	}

	/**
	 * What an operation allocates, on all threads.
	 * @return bytes
	 */
	double bytes() {
		return median(this.bytes);
	}

	private static double median(List<Double> figures) {
		List<Double> sorted = new ArrayList<>(figures);
		Collections.sort(sorted);
		int middle = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
	}

}
