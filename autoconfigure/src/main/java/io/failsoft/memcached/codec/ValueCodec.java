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

/**
 * Turns values into bytes and back. Implementations are thread-safe and keep no state
 * between calls. A bean of this type can be named in {@code memcached.cache.codec} and
 * per cache.
 */
public interface ValueCodec {

	/**
	 * Number that marks what this codec wrote, so that another codec never reads it. It
	 * must never change for bytes that stay readable; what was written under another
	 * number is a miss. 0 to 255 are reserved for the codecs of this library; a bean of
	 * another class with one of these, or with the number of another bean in use, stops
	 * the start.
	 * @return the number
	 */
	int id();

	/**
	 * Write a value.
	 * @param value the value, never {@code null}
	 * @return its bytes
	 * @throws ValueCodecException if the value cannot or must not be written; it is then
	 * not cached
	 */
	byte[] encode(Object value);

	/**
	 * Read a value.
	 * @param bytes an array that holds the bytes; not to be changed
	 * @param offset where they begin
	 * @param length how many there are
	 * @return the value, never {@code null}, which would be a miss
	 * @throws ValueCodecException if the bytes cannot or must not be read; they are then
	 * a miss. Anything else that is thrown, errors included, counts as the same.
	 */
	Object decode(byte[] bytes, int offset, int length);

}
