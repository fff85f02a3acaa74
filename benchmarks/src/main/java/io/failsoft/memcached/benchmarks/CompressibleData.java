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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What compression is given.
 */
enum CompressibleData {

	/** A list of records as the codec {@code json} writes it. */
	JSON("a list of records, as JSON"),

	/** Words at random. */
	PROSE("prose"),

	/** What is compressed already, as images are. */
	NOISE("bytes at random");

	private static final int FEW_BYTES_OF_A_RECORD = 100;

	private final String title;

	CompressibleData(String title) {
		this.title = title;
	}

	static CompressibleData of(String name) {
		return valueOf(name.toUpperCase(Locale.ROOT));
	}

	String parameter() {
		return name().toLowerCase(Locale.ROOT);
	}

	String title() {
		return this.title;
	}

	byte[] make(int size) {
		return switch (this) {
			case JSON -> Arrays.copyOf(Failsoft.json().encode(cities(1 + size / FEW_BYTES_OF_A_RECORD)), size);
			case PROSE -> Values.city(size).text().getBytes(StandardCharsets.US_ASCII);
			case NOISE -> noise(size);
		};
	}

	private static List<City> cities(int count) {
		SplittableRandom random = new SplittableRandom(42);
		String words = Values.city(16 * count).text();
		List<City> cities = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int at = random.nextInt(words.length() - 15);
			cities.add(new City(random.nextInt(1_000_000), words.substring(at, at + 15), words.substring(at, at + 2),
					random.nextInt(1_800_000) / 10_000.0 - 90, random.nextInt(3_600_000) / 10_000.0 - 180,
					random.nextInt(5_000_000), "Province of " + words.substring(at, at + 10)));
		}
		return cities;
	}

	private static byte[] noise(int size) {
		byte[] bytes = new byte[size];
		new SplittableRandom(42).nextBytes(bytes);
		return bytes;
	}

}
