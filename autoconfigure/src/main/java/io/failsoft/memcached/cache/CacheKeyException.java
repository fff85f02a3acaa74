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

import org.jspecify.annotations.Nullable;

/**
 * Says why a key has no canonical form, and what to do.
 */
@SuppressWarnings("serial")
final class CacheKeyException extends IllegalArgumentException {

	private final transient @Nullable Class<?> refused;

	/**
	 * Refuse a key.
	 * @param refused the class that is to blame, which may be that of a part of the key,
	 * or {@code null} if it is the key as a whole
	 * @param message why, and what to do
	 */
	CacheKeyException(@Nullable Class<?> refused, String message) {
		this(refused, message, null);
	}

	CacheKeyException(@Nullable Class<?> refused, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.refused = refused;
	}

	@Nullable Class<?> refused() {
		return this.refused;
	}

}
