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

package io.failsoft.memcached.outage;

import java.util.Locale;

/**
 * The figures of a part of a run.
 *
 * @param name the part
 * @param from its first second
 * @param to the second after its last
 * @param queries how many queries began of those requests
 * @param requests how many requests were due
 * @param failed how many of them failed
 * @param median how long half of them took at most, in milliseconds
 * @param slow how long 99 % of them took at most, in milliseconds
 * @param stalest for how long an answer had been out of date at most, in seconds
 */
record Phase(String name, int from, int to, long queries, int requests, int failed, double median, double slow,
		double stalest) {

	static final String HEADER = String.format("  %-7s %9s %10s %9s %10s %10s %9s%n", "", "seconds", "queries/s",
			"failed", "p50", "p99", "stalest");

	double queriesPerSecond() {
		return (double) this.queries / (this.to - this.from);
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "  %-7s %4d - %2d %10.0f %7.1f %% %7.1f ms %7.1f ms %7.1f s%n", this.name,
				this.from, this.to, queriesPerSecond(), 100.0 * this.failed / this.requests, this.median, this.slow,
				this.stalest);
	}

}
