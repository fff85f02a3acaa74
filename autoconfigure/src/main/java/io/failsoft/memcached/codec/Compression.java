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
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

import org.jspecify.annotations.Nullable;

/**
 * Compresses what is large: four bytes of the original's length and a zlib stream (RFC
 * 1950), whose checksum shows most damage. Thread-safe and without state.
 */
public final class Compression {

	/** What deflate can gain at most (zlib's technical details). */
	private static final int MAX_RATIO = 1032;

	private static final int HEADER = 4;

	private Compression() {
	}

	/**
	 * Compress bytes.
	 * @param bytes the bytes
	 * @return them compressed, or {@code null} if that saves less than a tenth
	 */
	public static byte @Nullable [] compress(byte[] bytes) {
		byte[] result = new byte[bytes.length - bytes.length / 10];
		if (result.length <= HEADER) {
			return null;
		}
		ByteBuffer.wrap(result).putInt(bytes.length);
		Deflater deflater = new Deflater(Deflater.BEST_SPEED);
		try {
			deflater.setInput(bytes);
			deflater.finish();
			int length = HEADER + deflater.deflate(result, HEADER, result.length - HEADER);
			return deflater.finished() ? Arrays.copyOf(result, length) : null;
		}
		finally {
			deflater.end();
		}
	}

	/**
	 * Restore bytes.
	 * @param bytes an array that holds what {@link #compress} returned; not changed
	 * @param offset where it begins
	 * @param length how many bytes it has
	 * @param maxLength the most bytes that may be restored, 0 or more; more are refused
	 * before memory is taken for them
	 * @return the original bytes
	 * @throws ValueCodecException if the bytes are anything else
	 */
	public static byte[] decompress(byte[] bytes, int offset, int length, int maxLength) {
		if (length <= HEADER) {
			throw new ValueCodecException(length + " bytes are too few to decompress", null);
		}
		int size = ByteBuffer.wrap(bytes, offset, length).getInt();
		if (size < 0 || size > maxLength || size > (long) MAX_RATIO * length) {
			throw new ValueCodecException("Decompressed, it takes " + size + " bytes, more than the " + maxLength
					+ " of memcached.cache.maximum-value-size or than " + length + " bytes can hold", null);
		}
		byte[] result = new byte[size];
		Inflater inflater = new Inflater();
		try {
			inflater.setInput(bytes, offset + HEADER, length - HEADER);
			boolean exact = inflater.inflate(result) == size && inflater.inflate(new byte[1]) == 0
					&& inflater.finished() && inflater.getRemaining() == 0;
			if (!exact) {
				throw new ValueCodecException("The compressed bytes do not hold the " + size + " that they announce",
						null);
			}
			return result;
		}
		catch (DataFormatException ex) {
			throw new ValueCodecException("The compressed bytes are damaged", ex);
		}
		finally {
			inflater.end();
		}
	}

}
