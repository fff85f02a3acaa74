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
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes the values that are cached.
 */
final class Values {

	/** A {@link City} with a short text in plain Java serialization. */
	private static final int SMALL_BYTES = 200;

	private Values() {
	}

	/**
	 * Makes a value.
	 * @param contender the cache that is to store it
	 * @param text the length of its text, 0 for a small value
	 * @return a value of about that many bytes
	 */
	static Object of(Contender contender, int text) {
		return contender.takesBytes() ? bytes((text > 0) ? text : SMALL_BYTES) : city(text);
	}

	/**
	 * Makes a city.
	 * @param text the length of its text
	 * @return a city
	 */
	static City city(int text) {
		return new City(4711, "Villa del Conte Superiore", "IT", 45.5833, 11.8627, 5525,
				(text > 0) ? words(text) : "Province of Padua, Veneto; time zone Europe/Rome");
	}

	static List<City> cities(int count) {
		List<City> cities = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			cities.add(new City(4711 + i, "Villa del Conte Superiore " + i, (i % 3 == 0) ? "IT" : "FR", 45.5833 + i,
					11.8627 - i, 5525 + 7 * i, "Province of Padua, Veneto, number " + i));
		}
		return cities;
	}

	private static byte[] bytes(int length) {
		byte[] bytes = new byte[length];
		new SplittableRandom(42).nextBytes(bytes);
		return bytes;
	}

	/** Text that can be compressed about as well as prose. */
	private static String words(int length) {
		SplittableRandom random = new SplittableRandom(42);
		StringBuilder text = new StringBuilder(length + 16);
		while (text.length() < length) {
			int letters = random.nextInt(2, 10);
			for (int i = 0; i < letters; i++) {
				text.append((char) ('a' + random.nextInt(1 + random.nextInt(26))));
			}
			text.append(' ');
		}
		return text.substring(0, length);
	}

}
