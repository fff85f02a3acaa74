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

/**
 * What one read of a stream gave: some bytes, or its end.
 *
 * @param kind what it is
 * @param bytes the bytes, none unless it is data; not copied
 * @param receivedNanos when it was read, by {@link System#nanoTime()}
 */
@SuppressWarnings("ArrayRecordComponent")
record Chunk(Kind kind, byte[] bytes, long receivedNanos) {

	static Chunk data(byte[] bytes) {
		return new Chunk(Kind.DATA, bytes, System.nanoTime());
	}

	static Chunk mark(Kind kind) {
		return new Chunk(kind, new byte[0], System.nanoTime());
	}

	/**
	 * Says whether the stream is over.
	 * @return true if no chunk follows this one
	 */
	boolean isLast() {
		return this.kind == Kind.END || this.kind == Kind.RESET;
	}

	int length() {
		return this.bytes.length;
	}

	/**
	 * What a chunk is.
	 */
	enum Kind {

		/** The stream's begin. */
		OPEN,

		/** Bytes. */
		DATA,

		/** The orderly end. */
		END,

		/** The end by a reset. */
		RESET

	}

}
