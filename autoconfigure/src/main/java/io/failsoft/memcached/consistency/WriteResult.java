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

package io.failsoft.memcached.consistency;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Server;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a fill, a put, an eviction or a clear.
 *
 * @param status what became of it
 * @param failure why it failed, or {@code null}
 * @param detail the failure in more words, or {@code null}
 * @param server the name of the server concerned, or {@code null} if there are several
 */
public record WriteResult(Status status, @Nullable Failure failure, @Nullable String detail, @Nullable String server) {

	static final WriteResult DONE = new WriteResult(Status.DONE, null, null, null);

	static final WriteResult REFUSED = new WriteResult(Status.REFUSED, null, null, null);

	static final WriteResult PRESENT = new WriteResult(Status.PRESENT, null, null, null);

	static WriteResult failed(Server server, Failure failure, @Nullable String detail) {
		return new WriteResult(Status.FAILED, failure, detail, server.name());
	}

	/**
	 * The fate of a write.
	 */
	public enum Status {

		/** It took effect. */
		DONE,

		/** It took effect, and there was a live entry before. */
		PRESENT,

		/** Something newer is there, or may be, so the value was not written. */
		REFUSED,

		/** It failed. An invalidation is remembered and delivered later. */
		FAILED

	}

}
