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

import java.util.Arrays;

/**
 * Printable ASCII that grows: text of any kind is percent-encoded. Not thread-safe.
 */
final class KeyText {

	private static final int MAX_BYTES = 16 << 20;

	private static final char[] HEX = "0123456789ABCDEF".toCharArray();

	private static final String NAME_DELIMITERS = ":~(),=";

	private byte[] buffer = new byte[128];

	private int length;

	int length() {
		return this.length;
	}

	byte[] toByteArray() {
		return Arrays.copyOf(this.buffer, this.length);
	}

	byte[] from(int start) {
		return Arrays.copyOfRange(this.buffer, start, this.length);
	}

	void copy(int from, byte[] target, int to, int count) {
		System.arraycopy(this.buffer, from, target, to, count);
	}

	/**
	 * Forget what was appended last.
	 * @param length how much remains
	 */
	void truncate(int length) {
		this.length = length;
	}

	/**
	 * Append a name, such that none of the delimiters remains in it.
	 * @param name any text
	 */
	void name(String name) {
		escaped(name, NAME_DELIMITERS);
	}

	/**
	 * Append text, percent-encoded: {@code %} and what is not printable ASCII as UTF-8,
	 * unpaired surrogates as {@code %uD800}.
	 * @param text any text
	 * @param delimiters printable characters to encode as well
	 */
	void escaped(String text, String delimiters) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c > ' ' && c < 127 && c != '%' && delimiters.indexOf(c) == -1) {
				append(c);
			}
			else if (c < 128) {
				percent(c);
			}
			else if (c < 0x800) {
				percent(0xc0 | (c >> 6));
				percent(0x80 | (c & 0x3f));
			}
			else if (!Character.isSurrogate(c)) {
				percent(0xe0 | (c >> 12));
				percent(0x80 | ((c >> 6) & 0x3f));
				percent(0x80 | (c & 0x3f));
			}
			else if (Character.isHighSurrogate(c) && i + 1 < text.length()
					&& Character.isLowSurrogate(text.charAt(i + 1))) {
				int codePoint = Character.toCodePoint(c, text.charAt(++i));
				percent(0xf0 | (codePoint >> 18));
				percent(0x80 | ((codePoint >> 12) & 0x3f));
				percent(0x80 | ((codePoint >> 6) & 0x3f));
				percent(0x80 | (codePoint & 0x3f));
			}
			else {
				ascii("%u");
				hex(c >> 8);
				hex(c);
			}
		}
	}

	private void percent(int value) {
		append('%');
		hex(value);
	}

	void hex(int value) {
		append(HEX[(value >> 4) & 0xf]);
		append(HEX[value & 0xf]);
	}

	void ascii(String text) {
		for (int i = 0; i < text.length(); i++) {
			append(text.charAt(i));
		}
	}

	void bytes(byte[] bytes) {
		ensure(bytes.length);
		System.arraycopy(bytes, 0, this.buffer, this.length, bytes.length);
		this.length += bytes.length;
	}

	private void append(int c) {
		ensure(1);
		this.buffer[this.length++] = (byte) c;
	}

	private void ensure(int count) {
		int needed = this.length + count;
		if (needed > this.buffer.length) {
			if (needed > MAX_BYTES) {
				throw new CacheKeyException(null, "A cache key is longer than " + MAX_BYTES
						+ " bytes, or contains itself; use a simpler key, such as an identifier");
			}
			this.buffer = Arrays.copyOf(this.buffer, Math.max(needed, this.buffer.length * 2));
		}
	}

}
