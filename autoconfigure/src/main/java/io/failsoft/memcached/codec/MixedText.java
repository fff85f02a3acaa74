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

import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * The form of a text that is more than ISO 8859-1: blocks of {@value #BLOCK} characters,
 * each as ISO 8859-1 if it can be, else as UTF-16 (little-endian), and before them a bit
 * for each, of which 1 is UTF-16. So one typographic quote does not double a text.
 * Surrogates without a partner are kept. Not thread-safe.
 */
final class MixedText {

	private static final int BLOCK = 64;

	private static final int SAMPLE = 32;

	private static final int SAMPLES = 16;

	private final Latin1 latin1;

	private final CharsetDecoder decoder = StandardCharsets.ISO_8859_1.newDecoder();

	private char[] chars = new char[BLOCK];

	MixedText(Latin1 latin1) {
		this.latin1 = latin1;
	}

	/**
	 * Which blocks of a text have to be UTF-16.
	 * @param text a text
	 * @param firstOther its first character above 0xff
	 * @return a bit for each block, or {@code null} if the text would be more than a
	 * quarter longer than it is in the modified UTF-8 of Java serialization
	 */
	byte @Nullable [] map(String text, int firstOther) {
		int length = text.length();
		byte[] map = new byte[mapSize(length)];
		long left = utfSize(text) * 5 / 4 - length - map.length;
		int other = firstOther;
		while (other < length) {
			int block = other / BLOCK;
			map[block >>> 3] |= (byte) (1 << (block & 7));
			int end = end(block + 1, length);
			left -= end - block * BLOCK;
			if (left < 0) {
				return null;
			}
			other = this.latin1.indexOfOther(text, end);
		}
		return map;
	}

	/**
	 * About how many bytes a text takes in modified UTF-8. Of a long one only parts are
	 * looked at.
	 */
	private static long utfSize(String text) {
		int length = text.length();
		int step = Math.max(SAMPLE, length / SAMPLES);
		long seen = 0;
		long size = 0;
		for (int from = 0; from < length; from += step) {
			int to = Math.min(from + SAMPLE, length);
			for (int i = from; i < to; i++) {
				char c = text.charAt(i);
				size += (c > 0x7ff) ? 3 : (c > 0x7f || c == 0) ? 2 : 1;
			}
			seen += to - from;
		}
		return size * length / seen;
	}

	/**
	 * How many bytes a text takes.
	 * @param map which blocks are UTF-16
	 * @param length the text's length
	 * @return the number of bytes, more than the text's length
	 */
	static long size(byte[] map, int length) {
		long size = map.length + (long) length;
		for (int block = 0; block < blocks(length); block++) {
			if (isWide(map, 0, block)) {
				size += end(block + 1, length) - block * BLOCK;
			}
		}
		return size;
	}

	/** Where a number of blocks ends. */
	private static int end(int blocks, int length) {
		return (blocks < blocks(length)) ? blocks * BLOCK : length;
	}

	private static int mapSize(int length) {
		return (blocks(length) + 7) >>> 3;
	}

	private static int blocks(int length) {
		return length / BLOCK + ((length % BLOCK != 0) ? 1 : 0);
	}

	private static boolean isWide(byte[] bytes, int position, int block) {
		return (bytes[position + (block >>> 3)] >>> (block & 7) & 1) != 0;
	}

	private static int endOfRun(byte[] bytes, int position, int block, int blocks) {
		boolean wide = isWide(bytes, position, block);
		int end = block + 1;
		while (end < blocks && isWide(bytes, position, end) == wide) {
			end++;
		}
		return end;
	}

	/**
	 * Write a text.
	 * @param text the text
	 * @param map which blocks are UTF-16
	 * @param target where to
	 * @param position where to begin
	 */
	void write(String text, byte[] map, byte[] target, int position) {
		ByteBuffer output = ByteBuffer.wrap(target).position(position).put(map).order(ByteOrder.LITTLE_ENDIAN);
		int blocks = blocks(text.length());
		int block = 0;
		while (block < blocks) {
			int end = endOfRun(map, 0, block, blocks);
			int from = block * BLOCK;
			int to = end(end, text.length());
			if (isWide(map, 0, block)) {
				writeWide(text, from, to, output);
			}
			else {
				this.latin1.copyPart(text, from, to, output);
			}
			block = end;
		}
	}

	private void writeWide(String text, int from, int to, ByteBuffer output) {
		int count = to - from;
		ensure(count);
		text.getChars(from, to, this.chars, 0);
		output.asCharBuffer().put(this.chars, 0, count);
		output.position(output.position() + 2 * count);
	}

	private void ensure(int count) {
		if (count > this.chars.length) {
			this.chars = new char[count];
		}
	}

	/**
	 * Read a text.
	 * @param bytes where it stands
	 * @param position where it begins
	 * @param size how many bytes it takes
	 * @param length its length in characters, not more than bytes
	 * @return the text
	 * @throws StreamCorruptedException if the bytes are no such text
	 */
	String read(byte[] bytes, int position, int size, int length) throws StreamCorruptedException {
		ensure(length);
		ByteBuffer input = ByteBuffer.wrap(bytes, position, size).order(ByteOrder.LITTLE_ENDIAN);
		CharBuffer output = CharBuffer.wrap(this.chars);
		input.position(position + mapSize(length));
		int blocks = blocks(length);
		int block = 0;
		while (block < blocks) {
			int end = endOfRun(bytes, position, block, blocks);
			output.limit(end(end, length));
			if (isWide(bytes, position, block)) {
				readWide(input, output);
			}
			else {
				this.decoder.decode(input, output, true);
			}
			if (output.hasRemaining()) {
				throw new StreamCorruptedException("A text has less bytes than it says");
			}
			block = end;
		}
		if (input.hasRemaining()) {
			throw new StreamCorruptedException("A text has more bytes than it says");
		}
		return new String(this.chars, 0, length);
	}

	private static void readWide(ByteBuffer input, CharBuffer output) {
		int count = Math.min(output.remaining(), input.remaining() / 2);
		input.asCharBuffer().get(output.array(), output.position(), count);
		output.position(output.position() + count);
		input.position(input.position() + 2 * count);
	}

}
