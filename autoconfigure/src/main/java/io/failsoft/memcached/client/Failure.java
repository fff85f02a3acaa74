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

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * A reason why a memcached operation has no answer. A failure is an outcome, not an
 * exception.
 */
public enum Failure {

	/**
	 * No answer came within the time the caller could wait. The command may still be
	 * executed.
	 */
	TIMEOUT("timed out"),

	/**
	 * The connection was lost before the answer came. The command may have been executed,
	 * or may still be.
	 */
	CONNECTION_LOST("connection lost"),

	/**
	 * The server cannot be used now: never reached, lost, or its breaker is open. Nothing
	 * was sent.
	 */
	DOWN("server is down"),

	/** Too many operations or bytes were under way. Nothing was sent. */
	OVERLOADED("too many operations in flight"),

	/** The server answered with an error. What it did with the command is not known. */
	SERVER_ERROR("server error"),

	/** The value exceeds what the server takes for one item. */
	TOO_LARGE("value too large for the server"),

	/** The answer was not a memcached answer; the connection was closed. */
	PROTOCOL_ERROR("malformed answer"),

	/** The waiting thread was interrupted. The command may still be executed. */
	INTERRUPTED("interrupted");

	private final String word = name().toLowerCase(Locale.ROOT);

	private final String description;

	Failure(String description) {
		this.description = description;
	}

	String word() {
		return this.word;
	}

	/**
	 * Returns a few lower-case words for a log line.
	 * @return the words
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Returns in a few words why a server cannot be used.
	 * @param ex the exception of the attempt
	 * @return the words
	 */
	static String reason(Throwable ex) {
		if (ex instanceof UnknownHostException) {
			return "unknown host";
		}
		if (ex instanceof SocketTimeoutException) {
			return "connect timed out";
		}
		if (ex instanceof NoRouteToHostException) {
			return "no route to host";
		}
		String message = ex.getMessage();
		if (ex instanceof ConnectException && message != null && message.contains("refused")) {
			return "refused";
		}
		return (ex instanceof IOException && message != null) ? message.toLowerCase(Locale.ROOT) : ex.toString();
	}

}
