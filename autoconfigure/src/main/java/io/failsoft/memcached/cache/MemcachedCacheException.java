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

package io.failsoft.memcached.cache;

import io.failsoft.memcached.client.Failure;
import org.jspecify.annotations.Nullable;

/**
 * A cache operation that failed, as it is handed to the
 * {@link org.springframework.cache.interceptor.CacheErrorHandler} that applies. It
 * reaches a caller only if that handler throws it. It has no stack trace of its own, as
 * it describes the state of a server and not a place in the code.
 */
@SuppressWarnings("serial")
public final class MemcachedCacheException extends RuntimeException {

	/** The reason of the failure. */
	private final Reason reason;

	/** The server concerned. */
	private final @Nullable String server;

	/** The message is built on demand: few of many failures are logged. */
	private final @Nullable Failure failure;

	private final @Nullable String detail;

	MemcachedCacheException(Reason reason, @Nullable String server, String message, @Nullable Throwable cause) {
		super(message, cause, false, false);
		this.reason = reason;
		this.server = server;
		this.failure = null;
		this.detail = null;
	}

	/**
	 * Creates the exception of a server that could not be asked, or answered an error.
	 */
	MemcachedCacheException(Failure failure, @Nullable String server, String operation, @Nullable String detail) {
		super(operation, null, false, false);
		this.reason = Reason.valueOf(failure.name());
		this.server = server;
		this.failure = failure;
		this.detail = detail;
	}

	@Override
	public @Nullable String getMessage() {
		if (this.failure == null) {
			return super.getMessage();
		}
		return super.getMessage() + ((this.server != null) ? " failed on memcached " + this.server : " failed") + ": "
				+ this.failure.description() + ((this.detail != null) ? " (" + this.detail + ")" : "");
	}

	/**
	 * Returns why the operation failed.
	 * @return the reason
	 */
	public Reason getReason() {
		return this.reason;
	}

	/**
	 * Returns the server concerned.
	 * @return its name, {@code host:port}, or {@code null} if the failure is none of a
	 * server's
	 */
	public @Nullable String getServer() {
		return this.server;
	}

	/**
	 * A reason why a cache operation failed: a server, by the names of {@link Failure},
	 * or else a key or a value.
	 */
	public enum Reason {

		/** The server did not answer in time. */
		TIMEOUT,

		/** The connection was lost. */
		CONNECTION_LOST,

		/** The server cannot be used now. */
		DOWN,

		/** Too many operations were under way. */
		OVERLOADED,

		/** The server answered with an error. */
		SERVER_ERROR,

		/** The value is larger than the server takes. */
		TOO_LARGE,

		/** The server's answer could not be understood. */
		PROTOCOL_ERROR,

		/** The thread was interrupted while it waited. */
		INTERRUPTED,

		/** The key cannot be turned into a stable memcached key. */
		KEY,

		/** The value could not be written. */
		ENCODE,

		/** The value that was read could not be understood. */
		DECODE,

		/** A class is not allowed. */
		CLASS_REFUSED;

		/**
		 * Returns if a server failed, and not a key or a value.
		 */
		boolean isOfServer() {
			return compareTo(KEY) < 0;
		}

	}

}
