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

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The lines of the comparison.
 */
enum Row {

	GET_1("get, hit", "getHit", 1, 0),

	GET_8("get, hit, 8 threads", "getHit", 8, 0),

	GET_32("get, hit, 32 threads", "getHit", 32, 0),

	MISS_1("get, miss", "getMiss", 1, 0),

	PUT_1("put", "put", 1, 0),

	PUT_8("put, 8 threads", "put", 8, 0),

	EVICT_1("evict", "evict", 1, 0),

	GET_10K("get, hit, 10 KB", "getHit", 1, 10_000),

	PUT_10K("put, 10 KB", "put", 1, 10_000),

	GET_100K("get, hit, 100 KB", "getHit", 1, 100_000),

	PUT_100K("put, 100 KB", "put", 1, 100_000),

	BEAN("read a bean, `jdk`, codec alone", "readBean", 1, 0),

	LIST("read a list of 100 records, `jdk`", "readList", 1, 0),

	JSON_BEAN("read a bean, `json`", "readBean", 1, 0),

	JSON_LIST("read a list of 100 records, `json`", "readList", 1, 0),

	DOWN("get while the breaker is open", "getDown", 1, 0),

	NEAR("get, near", "getNear", 1, 0),

	KEEP("keep a hit in the local store", "keep", 1, 0);

	private final String title;

	private final String method;

	private final int threads;

	private final int text;

	Row(String title, String method, int threads, int text) {
		this.title = title;
		this.method = method;
		this.threads = threads;
		this.text = text;
	}

	static Row of(String name) {
		return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
	}

	/**
	 * Returns the rows that all contenders take part in.
	 * @return the rows
	 */
	static List<Row> ofPeers() {
		return Stream.of(values()).filter((row) -> row.compareTo(BEAN) < 0).toList();
	}

	/**
	 * Returns the rows that earlier versions have, too.
	 * @return the rows
	 */
	static List<Row> ofVersions() {
		return Stream.of(values()).filter((row) -> row.compareTo(DOWN) <= 0).toList();
	}

	String title() {
		return this.title;
	}

	/**
	 * Returns the method of {@link OperationBenchmark}.
	 * @return its name
	 */
	String method() {
		return this.method;
	}

	int threads() {
		return this.threads;
	}

	/**
	 * Returns the length of the value's text.
	 * @return characters, 0 for a small value
	 */
	int text() {
		return this.text;
	}

	/**
	 * Returns the contender of two versions of this project.
	 * @return the contender
	 */
	ContenderType contender() {
		return (this == JSON_BEAN || this == JSON_LIST) ? ContenderType.FAILSOFT_JSON : ContenderType.FAILSOFT;
	}

}
