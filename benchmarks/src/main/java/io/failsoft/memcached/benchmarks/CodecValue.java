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
import java.util.Locale;

import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;

/**
 * What the codecs are given.
 */
enum CodecValue {

	/** A row of a table, about 200 bytes in plain Java serialization. */
	RECORD("record"),

	/** A bean as entities are: getters, setters, another bean, an enum, a number. */
	BEAN("bean"),

	/** A list of many records. */
	LIST("list of 100 records"),

	/** A page of Spring Data. */
	PAGE("page of 20 records"),

	/** A record whose text is most of it. */
	TEXT("record with 10 KB of text");

	private final String title;

	CodecValue(String title) {
		this.title = title;
	}

	static CodecValue of(String name) {
		return valueOf(name.toUpperCase(Locale.ROOT));
	}

	String parameter() {
		return name().toLowerCase(Locale.ROOT);
	}

	String title() {
		return this.title;
	}

	Object make() {
		return switch (this) {
			case RECORD -> Values.city(0);
			case BEAN -> Customer.sample();
			case LIST -> cities(100);
			case PAGE -> new PageImpl<>(cities(20), PageRequest.of(3, 20, Sort.by("name")), 135_233);
			case TEXT -> Values.city(10_000);
		};
	}

	private static List<City> cities(int count) {
		List<City> cities = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			cities.add(new City(4711 + i, "Villa del Conte Superiore " + i, (i % 3 == 0) ? "IT" : "FR", 45.5833 + i,
					11.8627 - i, 5525 + 7 * i, "Province of Padua, Veneto, number " + i));
		}
		return cities;
	}

}
