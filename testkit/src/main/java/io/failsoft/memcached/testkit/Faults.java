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

package io.failsoft.memcached.testkit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The faults that a proxy's new connections begin with, and the answers to all of them.
 * Guarded by the lock of the {@link ConnectionTable}; only the answers are read without
 * it.
 */
final class Faults {

	private boolean acceptAndClose;

	private boolean holdRequests;

	private boolean holdReplies;

	private Duration requestDelay = Duration.ZERO;

	private Duration replyDelay = Duration.ZERO;

	private int piece = Integer.MAX_VALUE;

	private volatile @Nullable Answers answers;

	void acceptAndClose(boolean value) {
		this.acceptAndClose = value;
	}

	boolean isAcceptAndClose() {
		return this.acceptAndClose;
	}

	void holdRequests(boolean value) {
		this.holdRequests = value;
	}

	void holdReplies(boolean value) {
		this.holdReplies = value;
	}

	void delayRequests(Duration delay) {
		this.requestDelay = delay;
	}

	void delayReplies(Duration delay) {
		this.replyDelay = delay;
	}

	void split(int bytes) {
		this.piece = bytes;
	}

	void answer(Answers value) {
		this.answers = value;
	}

	/**
	 * Ends all faults of connections; those of the port are not its business.
	 */
	void clear() {
		this.answers = null;
		this.piece = Integer.MAX_VALUE;
		this.requestDelay = Duration.ZERO;
		this.replyDelay = Duration.ZERO;
		this.holdRequests = false;
		this.holdReplies = false;
	}

	void applyTo(ProxiedConnection connection) {
		connection.split(this.piece);
		connection.requests().delay(this.requestDelay);
		connection.replies().delay(this.replyDelay);
		if (this.holdRequests) {
			connection.holdRequests();
		}
		if (this.holdReplies) {
			connection.holdReplies();
		}
	}

	/**
	 * Says if requests are answered in the server's place. Any thread may ask.
	 * @return true if there are answers
	 */
	boolean isAnswering() {
		return this.answers != null;
	}

	/**
	 * Returns what to answer to the next request. Any thread may ask.
	 * @return the answer; {@code null} if the server is to give it
	 */
	byte @Nullable [] nextAnswer() {
		Answers current = this.answers;
		return (current != null) ? current.next() : null;
	}

	/**
	 * Answers in a server's place, given one after the other, the last one for ever.
	 */
	static final class Answers {

		private final List<byte[]> all;

		private final AtomicInteger next = new AtomicInteger();

		Answers(byte[]... answers) {
			if (answers.length == 0) {
				throw new IllegalArgumentException("Give at least one answer, which may be empty");
			}
			this.all = Stream.of(answers).map(byte[]::clone).toList();
		}

		byte[] next() {
			int last = this.all.size() - 1;
			return this.all.get(this.next.getAndUpdate((index) -> Math.min(index + 1, last)));
		}

	}

}
