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

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Zipf's law with the exponent 1: of {@code n} keys, the {@code k}-th is asked for as
 * often as 1/k.
 */
final class Zipf {

	/** The sum of the weights of the keys up to each. */
	private final double[] sums;

	Zipf(int keys) {
		this.sums = new double[keys];
		double sum = 0;
		for (int key = 0; key < keys; key++) {
			sum += 1.0 / (key + 1);
			this.sums[key] = sum;
		}
	}

	int key(SplittableRandom random) {
		int found = Arrays.binarySearch(this.sums, random.nextDouble() * total());
		return (found < 0) ? -found - 1 : found;
	}

	/**
	 * Returns how many queries a second remain of requests that are answered for some
	 * time once their key was queried: the sum of λ/(1 + λ·reserve) over the keys.
	 * @param rate the requests a second
	 * @param reserve for how long a key is answered, in seconds
	 */
	double queries(double rate, double reserve) {
		double queries = 0;
		for (int key = 0; key < this.sums.length; key++) {
			double ofKey = rate / (key + 1) / total();
			queries += ofKey / (1 + ofKey * reserve);
		}
		return queries;
	}

	private double total() {
		return this.sums[this.sums.length - 1];
	}

}
