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

import java.util.Locale;

/**
 * How an operation ended, in one word.
 */
public enum OperationResult {

	/** A read found an item, whatever it holds. */
	HIT,

	/** A read found none. */
	MISS,

	/** A storage command or a touch took effect. */
	STORED,

	/** It did not, as the item was there, was another one or was none. */
	NOT_STORED,

	/** {@link Failure#TIMEOUT}. */
	TIMEOUT,

	/** {@link Failure#CONNECTION_LOST}. */
	CONNECTION_LOST,

	/** {@link Failure#DOWN}. */
	DOWN,

	/** {@link Failure#OVERLOADED}. */
	OVERLOADED,

	/** {@link Failure#SERVER_ERROR}. */
	SERVER_ERROR,

	/** {@link Failure#TOO_LARGE}. */
	TOO_LARGE,

	/** {@link Failure#PROTOCOL_ERROR}. */
	PROTOCOL_ERROR,

	/** {@link Failure#INTERRUPTED}. */
	INTERRUPTED;

	private final String word = name().toLowerCase(Locale.ROOT);

	/**
	 * The result that a reply stands for. Allocates nothing.
	 * @param kind what was asked
	 * @param reply what became of it
	 * @return the result
	 */
	public static OperationResult of(OperationKind kind, Reply reply) {
		Failure failure = reply.failure();
		if (failure != null) {
			return valueOf(failure.name());
		}
		if (kind == OperationKind.GET) {
			return (reply.first() != null) ? HIT : MISS;
		}
		return reply.stored() ? STORED : NOT_STORED;
	}

	/**
	 * The result as a tag.
	 * @return the name in lower case
	 */
	public String word() {
		return this.word;
	}

}
