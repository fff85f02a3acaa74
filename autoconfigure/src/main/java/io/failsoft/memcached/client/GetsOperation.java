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
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The command {@code gets <key>*}, answered by
 * {@code VALUE <key> <flags> <bytes> <cas>\r\n<data>\r\n} per item and {@code END\r\n}.
 */
final class GetsOperation extends Operation {

	private static final byte[] GETS = TextLine.bytes("gets");

	private static final byte[] VALUE = TextLine.bytes("VALUE ");

	private static final byte[] END = TextLine.bytes("END");

	/**
	 * A declared length is believed up to here; beyond, memory is taken as bytes arrive.
	 */
	private static final int TRUSTED_LENGTH = 128 * 1024;

	private static final long MAX_LENGTH = 1L << 30;

	private static final long MAX_FLAGS = 0xffffffffL;

	private final MemcachedKey[] keys;

	private final @Nullable Item[] items;

	/** Keys that were written. */
	private int written;

	/** The key whose item comes next if the server answers in order. */
	private int expected;

	/** The index of the key whose value is being read, or -1. */
	private int index = -1;

	private long flags;

	private long cas;

	private int length;

	private int received;

	private byte[] value = TextLine.NOTHING;

	GetsOperation(Owner owner, MemcachedKey... keys) {
		super(owner, size(keys));
		this.keys = keys;
		this.items = new Item[keys.length];
	}

	private static long size(MemcachedKey... keys) {
		long size = GETS.length + 2L;
		for (MemcachedKey key : keys) {
			size += 1 + key.bytes().length;
		}
		return size;
	}

	@Override
	boolean encode(ByteBuffer out) {
		for (; this.written < this.keys.length; this.written++) {
			byte[] key = this.keys[this.written].bytes();
			// The room that the begin and the end of the line take, too.
			if (out.remaining() < GETS.length + 1 + key.length + 2) {
				return false;
			}
			if (this.written == 0) {
				out.put(GETS);
			}
			out.put((byte) ' ').put(key);
		}
		out.put((byte) '\r').put((byte) '\n');
		return true;
	}

	/**
	 * Finds the key that an item is of, from the expected one on, as a proxy may answer
	 * in another order.
	 * @return its index if it has no item yet, else -1
	 */
	private int indexOf(ByteBuffer in, int start, int end) {
		for (int i = 0; i < this.keys.length; i++) {
			int candidate = (this.expected + i) % this.keys.length;
			byte[] key = this.keys[candidate].bytes();
			if (this.items[candidate] == null && end - start == key.length && TextLine.isAt(in, start, key)) {
				return candidate;
			}
		}
		return -1;
	}

	@Override
	boolean decode(ByteBuffer in) {
		while (true) {
			if (this.index >= 0 && !decodeValue(in)) {
				return false;
			}
			int end = TextLine.end(in);
			if (end < 0) {
				return false;
			}
			if (TextLine.is(in, end, END)) {
				TextLine.skip(in, end);
				return true;
			}
			if (!TextLine.startsWith(in, end, VALUE)) {
				decodeError(in, end);
				return true;
			}
			decodeHeader(in, end);
			TextLine.skip(in, end);
		}
	}

	private void decodeHeader(ByteBuffer in, int end) {
		int keyStart = in.position() + VALUE.length;
		int keyEnd = keyStart;
		while (keyEnd < end && in.get(keyEnd) != ' ') {
			keyEnd++;
		}
		int asked = indexOf(in, keyStart, keyEnd);
		if (asked < 0) {
			throw new TextLine.ProtocolViolation("an item that was not asked for");
		}
		int flagsEnd = number(in, keyEnd + 1, end);
		this.flags = parse(in, keyEnd + 1, flagsEnd, MAX_FLAGS, end);
		int lengthEnd = number(in, flagsEnd + 1, end);
		this.length = (int) parse(in, flagsEnd + 1, lengthEnd, MAX_LENGTH, end);
		if (number(in, lengthEnd + 1, end) != end) {
			throw malformed();
		}
		this.cas = parse(in, lengthEnd + 1, end, -1L, end);
		this.received = 0;
		this.value = (this.length == 0 || isAbandoned()) ? TextLine.NOTHING
				: new byte[Math.min(this.length, TRUSTED_LENGTH)];
		this.index = asked;
	}

	private static int number(ByteBuffer in, int start, int end) {
		int i = start;
		while (i < end && in.get(i) >= '0' && in.get(i) <= '9') {
			i++;
		}
		return i;
	}

	private static long parse(ByteBuffer in, int start, int numberEnd, long unsignedMax, int end) {
		if (numberEnd <= start || numberEnd - start > 20 || (numberEnd < end && in.get(numberEnd) != ' ')) {
			throw malformed();
		}
		long number = 0;
		for (int i = start; i < numberEnd; i++) {
			int digit = in.get(i) - '0';
			if (Long.compareUnsigned(number, Long.divideUnsigned(-1L - digit, 10)) > 0) {
				throw malformed();
			}
			number = number * 10 + digit;
		}
		if (Long.compareUnsigned(number, unsignedMax) > 0) {
			throw malformed();
		}
		return number;
	}

	private static TextLine.ProtocolViolation malformed() {
		return new TextLine.ProtocolViolation("malformed item");
	}

	private boolean decodeValue(ByteBuffer in) {
		int count = Math.min(this.length - this.received, in.remaining());
		if (count > 0) {
			if (isAbandoned()) {
				this.value = TextLine.NOTHING;
				in.position(in.position() + count);
			}
			else {
				ensureRoom(this.received + count);
				in.get(this.value, this.received, count);
			}
			this.received += count;
		}
		if (this.received < this.length || in.remaining() < 2) {
			return false;
		}
		if (in.get() != '\r' || in.get() != '\n') {
			throw new TextLine.ProtocolViolation("an item longer than declared");
		}
		this.items[this.index] = new Item(this.value, this.flags, this.cas);
		this.expected = this.index + 1;
		this.value = TextLine.NOTHING;
		this.index = -1;
		return true;
	}

	private void ensureRoom(int needed) {
		if (needed > this.value.length) {
			long grown = Math.min(this.length, Math.max(needed, 2L * this.value.length));
			this.value = Arrays.copyOf(this.value, (int) grown);
		}
	}

	@Override
	public @Nullable Item item(int asked) {
		return (isAnswered() && asked < this.items.length) ? this.items[asked] : null;
	}

	/**
	 * Returns a hit if all keys hold an item, but for the last of several, which is the
	 * generation's.
	 */
	@Override
	public String outcome() {
		for (int i = 0; isAnswered() && i < Math.max(1, this.items.length - 1); i++) {
			if (this.items[i] == null) {
				return "miss";
			}
		}
		return isAnswered() ? "hit" : super.outcome();
	}

}
