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

import java.io.OutputStream;
import java.util.Arrays;

/**
 * Bytes that are being written. Not thread-safe.
 */
final class Sink extends OutputStream {

	private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

	private byte[] buffer;

	private int length;

	Sink(int capacity) {
		this.buffer = new byte[capacity];
	}

	@Override
	public void write(int b) {
		ensure(1);
		this.buffer[this.length++] = (byte) b;
	}

	void writeInt(int value) {
		write(value >>> 24);
		write(value >>> 16);
		write(value >>> 8);
		write(value);
	}

	@Override
	public void write(byte[] bytes, int offset, int count) {
		ensure(count);
		System.arraycopy(bytes, offset, this.buffer, this.length, count);
		this.length += count;
	}

	private void ensure(int count) {
		if (count > this.buffer.length - this.length) {
			int needed = checked((long) this.length + count);
			this.buffer = Arrays.copyOf(this.buffer,
					(int) Math.min(Math.max(needed, 2L * this.buffer.length), MAX_LENGTH));
		}
	}

	/**
	 * Check that something is not too long for an array.
	 * @param length its length
	 * @return its length
	 * @throws ValueCodecException if it is
	 */
	static int checked(long length) {
		if (length > MAX_LENGTH) {
			throw new ValueCodecException("A value of more than 2 GB cannot be cached", null);
		}
		return (int) length;
	}

	int length() {
		return this.length;
	}

	byte[] toByteArray() {
		return toByteArray(0);
	}

	/**
	 * What was written, and room behind it.
	 * @param room how many bytes more
	 * @return a new array
	 */
	byte[] toByteArray(long room) {
		return Arrays.copyOf(this.buffer, checked(this.length + room));
	}

	void clear() {
		this.length = 0;
	}

}
