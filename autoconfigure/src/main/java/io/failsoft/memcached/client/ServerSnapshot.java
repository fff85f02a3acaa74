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

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The state and the figures of a server at one moment.
 *
 * @param name the server's name, {@code host:port}
 * @param state its state
 * @param since since when it has been in that state
 * @param lastFailure why it was last lost, in words, or {@code null} if it never was
 * @param inFlight operations under way
 * @param version the server's version, or {@code null} if it was never reached
 * @param lacks the command of memcached that it does not know, so that what needs it is
 * off, or {@code null} if there is none
 * @param latency a moving average of its answer time, or {@code null} if none was taken
 * @param queuedBytes bytes of the operations under way
 * @param losses the times it was lost while in use, since the start
 * @param bytesSent bytes sent to it since the start
 * @param bytesReceived bytes received from it since the start
 */
public record ServerSnapshot(String name, State state, Instant since, @Nullable String lastFailure, int inFlight,
		@Nullable String version, @Nullable String lacks, @Nullable Duration latency, long queuedBytes, long losses,
		long bytesSent, long bytesReceived) {

	/**
	 * The state of a server, which is that of its breaker.
	 */
	public enum State {

		/** Not reached yet since the start. */
		CONNECTING,

		/** Usable: it passed the probe and the breaker is closed. */
		UP,

		/** Not usable: the breaker is open. */
		DOWN,

		/** Closed for good. */
		CLOSED

	}

}
