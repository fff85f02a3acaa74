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

package io.failsoft.memcached.codec;

import org.jspecify.annotations.Nullable;

/**
 * A value could not, or must not, be written or read.
 */
@SuppressWarnings("serial")
public class ValueCodecException extends RuntimeException {

	/** Whether a class was refused. */
	private final boolean refused;

	/**
	 * A value that could not be written or read.
	 * @param message what happened and what to do about it
	 * @param cause the cause, or {@code null}
	 */
	public ValueCodecException(String message, @Nullable Throwable cause) {
		this(message, cause, false);
	}

	/**
	 * A value that could not, or must not, be written or read.
	 * @param message what happened and what to do about it
	 * @param cause the cause, or {@code null}
	 * @param refused whether a class or value is not allowed, rather than something
	 * broken
	 */
	public ValueCodecException(String message, @Nullable Throwable cause, boolean refused) {
		super(message, cause);
		this.refused = refused;
	}

	/**
	 * Whether a class was refused because it is not among those allowed, or a value
	 * because it could not be read as the same.
	 * @return whether it was refused
	 */
	public boolean isRefused() {
		return this.refused;
	}

}
