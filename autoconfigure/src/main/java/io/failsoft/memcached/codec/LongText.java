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

import java.io.Serializable;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Stands in a stream for a long text. Java serialization writes and reads texts character
 * by character, bytes all at once. A {@link String} becomes one as it is written, and one
 * becomes a {@link String} as it is read. Immutable. Its serial form belongs to the
 * format.
 *
 * @param utf8 the text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LongText(byte[] utf8) implements Serializable {

	/** With fewer characters, the record costs more than it saves. */
	static final int MIN_LENGTH = 256;

	/**
	 * Replaces a text that is long.
	 * @param text any text
	 * @return what to write: the text itself, or a {@link LongText}
	 */
	static Object of(String text) {
		byte[] utf8 = (text.length() >= MIN_LENGTH) ? utf8(text) : null;
		return (utf8 != null) ? new LongText(utf8) : text;
	}

	/**
	 * Encodes a text.
	 * @param text any text
	 * @return its bytes, or {@code null} if they would not become the same text, as
	 * surrogates have no partner
	 */
	static byte @Nullable [] utf8(String text) {
		byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
		return new String(utf8, StandardCharsets.UTF_8).equals(text) ? utf8 : null;
	}

}
