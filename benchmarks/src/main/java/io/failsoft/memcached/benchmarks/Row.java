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

import org.jspecify.annotations.Nullable;

/**
 * A line of the comparison.
 *
 * @param name how the line is chosen on the command line
 * @param title what stands in the table
 * @param method the method of {@link OperationBenchmark}
 * @param threads how many threads call it
 * @param text the length of the value's text, 0 for a small value
 * @param target the ratio to the raw client that this project must reach, or {@code null}
 */
record Row(String name, String title, String method, int threads, int text, @Nullable Double target) {
}
