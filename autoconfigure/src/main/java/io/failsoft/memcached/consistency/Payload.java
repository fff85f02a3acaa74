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

package io.failsoft.memcached.consistency;

/**
 * The content of an entry: the bytes of a value and how to read them.
 *
 * @param nullValue whether the value is {@code null}; the bytes are then empty
 * @param compressed whether the bytes are compressed
 * @param codecId the codec that wrote them
 * @param bytes an array that holds them; not copied, so not to be changed
 * @param offset where they begin
 * @param length how many there are
 * @param endOfLife when the entry ends however often it is read, in seconds since the
 * epoch; 0 if its expiry says it
 */
@SuppressWarnings("ArrayRecordComponent")
public record Payload(boolean nullValue, boolean compressed, int codecId, byte[] bytes, int offset, int length,
		int endOfLife) {

	/** The payload of {@code null}. */
	public static final Payload NULL = new Payload(true, false, 0, new byte[0]);

	/**
	 * A payload that fills its array.
	 * @param nullValue see {@link #nullValue()}
	 * @param compressed see {@link #compressed()}
	 * @param codecId see {@link #codecId()}
	 * @param bytes see {@link #bytes()}
	 */
	public Payload(boolean nullValue, boolean compressed, int codecId, byte[] bytes) {
		this(nullValue, compressed, codecId, bytes, 0, bytes.length, 0);
	}

	/**
	 * Returns the same payload with another end of life.
	 * @param endOfLife see {@link #endOfLife()}
	 * @return the changed payload
	 */
	public Payload withEndOfLife(int endOfLife) {
		return new Payload(this.nullValue, this.compressed, this.codecId, this.bytes, this.offset, this.length,
				endOfLife);
	}

}
