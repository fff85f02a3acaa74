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

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Finds and copies characters of ISO 8859-1, without garbage, and by what the JVM does
 * for many characters at once. Not thread-safe.
 */
final class Latin1 {

	private static final int BLOCK = 1024;

	/** What is looked at first, as others may be close to each other. */
	private static final int FIRST_BLOCK = 64;

	private final CharBuffer input = CharBuffer.allocate(BLOCK);

	private final ByteBuffer output = ByteBuffer.allocate(BLOCK);

	private final CharsetEncoder encoder = StandardCharsets.ISO_8859_1.newEncoder();

	/**
	 * Find the first character above 0xff.
	 * @param text a text
	 * @param from where to begin
	 * @return where it is, or the length of the text if there is none
	 */
	int indexOfOther(String text, int from) {
		int length = text.length();
		int most = FIRST_BLOCK;
		int position = from;
		while (position < length && text.charAt(position) <= 0xff) {
			int count = fill(text, position, Math.min(most, length - position));
			this.encoder.encode(this.input, this.output.clear(), true);
			position += count - this.input.remaining();
			if (this.input.hasRemaining()) {
				return position;
			}
			most = BLOCK;
		}
		return Math.min(position, length);
	}

	private int fill(String text, int from, int count) {
		text.getChars(from, from + count, this.input.array(), 0);
		this.input.limit(count).position(0);
		return count;
	}

	/**
	 * Copy a part of a text that has no character above 0xff, but is part of one that
	 * has.
	 * @param text the text
	 * @param from the first character
	 * @param to the first one that is not copied
	 * @param target where to
	 */
	void copyPart(String text, int from, int to, ByteBuffer target) {
		for (int position = from; position < to; position += BLOCK) {
			fill(text, position, Math.min(BLOCK, to - position));
			this.encoder.encode(this.input, target, true);
		}
	}

	/**
	 * Copy a text that has no character above 0xff.
	 * @param text the text
	 * @param target where to
	 * @param position where to begin
	 */
	@SuppressWarnings("deprecation") // takes low bytes, which are all there is
	static void copy(String text, byte[] target, int position) {
		text.getBytes(0, text.length(), target, position);
	}

}
