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
 * The outcome of one memcached operation. Immutable and safe to share. What a reply does
 * not say of itself it does not have: no words, nothing stored, no item.
 */
public interface Reply {

	/**
	 * Why there is no answer.
	 * @return the failure, or {@code null} if the server answered
	 */
	@Nullable Failure failure();

	/**
	 * The cause in words, for example the server's own error line.
	 * @return the words, or {@code null} if there is nothing to add to {@link #failure()}
	 */
	default @Nullable String detail() {
		return null;
	}

	/**
	 * Whether a storage command or a touch took effect.
	 * @return {@code true} for {@code STORED} and {@code TOUCHED}; {@code false} for
	 * {@code NOT_STORED}, {@code EXISTS}, {@code NOT_FOUND}, for retrievals and for
	 * failures
	 */
	default boolean stored() {
		return false;
	}

	/**
	 * What the first key of a retrieval holds.
	 * @return the item, or {@code null} if there is none
	 */
	default @Nullable Item first() {
		return null;
	}

	/**
	 * What the second key of a retrieval holds.
	 * @return the item, or {@code null} if there is none or only one key was asked for
	 */
	default @Nullable Item second() {
		return null;
	}

}
