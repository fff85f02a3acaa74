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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The reading and writing of the lines of memcached's text protocol (see
 * {@code protocol.txt} of memcached).
 */
final class TextLine {

	/**
	 * The longest line that is waited for. Memcached's longest are a {@code VALUE} line
	 * (under 320 bytes) and an error line (under 1 KB).
	 */
	static final int MAX_LENGTH = 8192;

	static final byte[] NOTHING = {};

	private static final int MAX_SHOWN = 60;

	private TextLine() {
	}

	/**
	 * Finds the end of the line that begins at the buffer's position.
	 * @param buffer the bytes received
	 * @return the index of the carriage return, or -1 if the line is not complete
	 * @throws ProtocolViolation if it cannot become a line of the protocol any more
	 */
	static int end(ByteBuffer buffer) {
		int limit = buffer.limit();
		int position = buffer.position();
		for (int i = position; i < limit; i++) {
			if (buffer.get(i) == '\n') {
				if (i == position || buffer.get(i - 1) != '\r') {
					throw new ProtocolViolation("a line without CR: " + describe(buffer, i));
				}
				return i - 1;
			}
		}
		if (limit - position > MAX_LENGTH) {
			throw new ProtocolViolation("a line without end: " + describe(buffer, limit));
		}
		return -1;
	}

	static boolean is(ByteBuffer buffer, int end, byte[] expected) {
		return end - buffer.position() == expected.length && startsWith(buffer, end, expected);
	}

	static boolean startsWith(ByteBuffer buffer, int end, byte[] expected) {
		return end - buffer.position() >= expected.length && isAt(buffer, buffer.position(), expected);
	}

	/**
	 * Returns whether the bytes from an index on are those expected, of which there must
	 * be as many.
	 */
	static boolean isAt(ByteBuffer buffer, int index, byte[] expected) {
		for (int i = 0; i < expected.length; i++) {
			if (buffer.get(index + i) != expected[i]) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Steps over the line.
	 * @param buffer the bytes received
	 * @param end the index of the carriage return
	 */
	static void skip(ByteBuffer buffer, int end) {
		buffer.position(end + 2);
	}

	/**
	 * Returns the text between the position and an index, fit for a log: printable and
	 * short.
	 * @param buffer the bytes received
	 * @param end the index after the last byte
	 * @return the text
	 */
	static String show(ByteBuffer buffer, int end) {
		int position = buffer.position();
		int length = Math.min(end - position, MAX_SHOWN);
		StringBuilder text = new StringBuilder(length);
		for (int i = 0; i < length; i++) {
			byte b = buffer.get(position + i);
			text.append((b >= ' ' && b < 127) ? (char) b : '?');
		}
		return text.append((length < end - position) ? "..." : "").toString();
	}

	/**
	 * Describes what is no answer at all without quoting it, as it may be a piece of a
	 * value, or the credentials.
	 * @param buffer the bytes received
	 * @param end the index after the last byte
	 * @return the protocol if it looks like a known one, else the length
	 */
	static String describe(ByteBuffer buffer, int end) {
		for (String protocol : List.of("HTTP/", "-ERR", "SSH-")) {
			if (startsWith(buffer, end, bytes(protocol))) {
				return protocol + "...";
			}
		}
		return end - buffer.position() + " bytes";
	}

	static byte[] bytes(String ascii) {
		return ascii.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Writes a number in decimal digits.
	 * @param out where to
	 * @param number the number, unsigned
	 */
	static void putUnsigned(ByteBuffer out, long number) {
		long rest = number;
		int digits = 1;
		for (long n = Long.divideUnsigned(rest, 10); n != 0; n = Long.divideUnsigned(n, 10)) {
			digits++;
		}
		int position = out.position();
		for (int i = digits - 1; i >= 0; i--) {
			long quotient = Long.divideUnsigned(rest, 10);
			out.put(position + i, (byte) ('0' + (rest - quotient * 10)));
			rest = quotient;
		}
		out.position(position + digits);
	}

	/**
	 * A violation of the protocol: the server sent bytes that answer no command. The
	 * connection cannot be used any longer, as nothing tells where the next answer
	 * begins.
	 */
	static final class ProtocolViolation extends RuntimeException {

		private static final long serialVersionUID = 1L;

		ProtocolViolation(String message) {
			super(message, null, false, false);
		}

	}

}
