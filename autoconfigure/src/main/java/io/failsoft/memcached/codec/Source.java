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

import java.io.InputStream;
import java.io.ObjectStreamConstants;
import java.io.StreamCorruptedException;

/**
 * Bytes that are being read, beginning with the command to forget what was read before.
 * Not thread-safe.
 */
final class Source extends InputStream {

	private static final byte[] NOTHING = { ObjectStreamConstants.TC_NULL };

	private byte[] bytes = NOTHING;

	private int position;

	private int end;

	private boolean reset;

	/** What was read last by itself, or -1 once something else was read. */
	private int tag = -1;

	/** Whether what was read last is the length of a text that has a long one. */
	private boolean longLength;

	void open(byte[] bytes, int offset, int length) {
		this.bytes = bytes;
		this.position = offset;
		this.end = offset + length;
		this.reset = true;
	}

	/**
	 * Let what was read go, and hand out a {@code null}.
	 */
	void openNull() {
		open(NOTHING, 0, 1);
	}

	/**
	 * Take bytes from the end of those that were not read, which then end before them.
	 * @param count how many
	 * @return where in {@link #bytes()} they begin
	 * @throws StreamCorruptedException if there are less
	 */
	int takeFromEnd(int count) throws StreamCorruptedException {
		if (count < 0 || count > available()) {
			throw new StreamCorruptedException(count + " bytes are asked for, " + available() + " are left");
		}
		this.end -= count;
		return this.end;
	}

	/**
	 * Whether the length of a long text was read, and nothing since.
	 * @return whether a text that was just read, and is empty, had such a length
	 */
	boolean isAtLongLength() {
		return this.longLength;
	}

	byte[] bytes() {
		return this.bytes;
	}

	@Override
	public int read() {
		if (this.reset) {
			this.reset = false;
			return ObjectStreamConstants.TC_RESET;
		}
		this.longLength = false;
		this.tag = (this.position < this.end) ? this.bytes[this.position++] & 0xff : -1;
		return this.tag;
	}

	@Override
	public int read(byte[] target, int offset, int length) {
		int count = Math.min(length, this.end - this.position);
		if (count <= 0) {
			return (length == 0) ? 0 : -1;
		}
		this.longLength = this.tag == ObjectStreamConstants.TC_LONGSTRING && length == Long.BYTES;
		this.tag = -1;
		System.arraycopy(this.bytes, this.position, target, offset, count);
		this.position += count;
		return count;
	}

	@Override
	public int available() {
		return this.end - this.position;
	}

}
