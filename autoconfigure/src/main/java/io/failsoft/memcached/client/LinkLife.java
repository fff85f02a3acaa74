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

import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Where a link is between its start and its end. Thread-safe.
 */
final class LinkLife {

	private static final int FRESH = 0;

	private static final int IN_USE = 1;

	private static final int ENDED = 2;

	private final AtomicInteger state = new AtomicInteger(FRESH);

	private volatile @Nullable Outcome end;

	private volatile boolean over;

	/**
	 * The link is in use from now on.
	 * @return {@code false} if it has ended already
	 */
	boolean begin() {
		return this.state.compareAndSet(FRESH, IN_USE);
	}

	/**
	 * Whether the link is or was in use, or has ended.
	 */
	boolean hasBegun() {
		return this.state.get() != FRESH;
	}

	/**
	 * The link has ended. Called once.
	 * @param reason why
	 * @return whether it was in use, so that its loss is to be told
	 */
	boolean end(Outcome reason) {
		this.end = reason;
		return this.state.getAndSet(ENDED) == IN_USE;
	}

	void noteThatAllFailed() {
		this.over = true;
	}

	/**
	 * Whether the link has ended and all its operations have failed.
	 */
	boolean isOver() {
		return this.over;
	}

	String reasonOfEnd() {
		Outcome reason = this.end;
		if (reason == null) {
			return "closed";
		}
		String detail = reason.detail();
		return (reason.failure() == Failure.PROTOCOL_ERROR) ? "malformed answer (" + detail + ")"
				: String.valueOf(detail);
	}

}
