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

/**
 * The lines of the comparison.
 */
final class Rows {

	private static final int MEDIUM = 10_000;

	private static final int LARGE = 100_000;

	static final List<Row> ALL = List.of(new Row("get-1", "get, hit", "getHit", 1, 0, 1.05),
			new Row("get-8", "get, hit, 8 threads", "getHit", 8, 0, 1.10),
			new Row("get-32", "get, hit, 32 threads", "getHit", 32, 0, 1.15),
			new Row("miss-1", "get, miss", "getMiss", 1, 0, 1.05), new Row("put-1", "put", "put", 1, 0, 1.05),
			new Row("put-8", "put, 8 threads", "put", 8, 0, 1.20), new Row("evict-1", "evict", "evict", 1, 0, 1.05),
			new Row("get-10k", "get, hit, 10 KB", "getHit", 1, MEDIUM, 1.0),
			new Row("put-10k", "put, 10 KB", "put", 1, MEDIUM, 1.0),
			new Row("get-100k", "get, hit, 100 KB", "getHit", 1, LARGE, null),
			new Row("put-100k", "put, 100 KB", "put", 1, LARGE, null));

	private Rows() {
	}

}
