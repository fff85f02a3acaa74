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

package io.failsoft.memcached.client;

import org.jspecify.annotations.Nullable;

/**
 * How an operation ended.
 *
 * @param failure why there is no answer, or {@code null} if there is one
 * @param detail the cause in words
 */
record Outcome(@Nullable Failure failure, @Nullable String detail) {

	static final Outcome ANSWERED = new Outcome(null, null);

	static final Outcome TIMEOUT = new Outcome(Failure.TIMEOUT, null);

	static final Outcome INTERRUPTED = new Outcome(Failure.INTERRUPTED, null);

}
