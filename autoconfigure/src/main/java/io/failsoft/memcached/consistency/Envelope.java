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

package io.failsoft.memcached.consistency;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/**
 * The form in which entries, tombstones and generations are held by a server. Whatever
 * does not open as one of them is a miss.
 * <p>
 * Layout, numbers big-endian: magic (1 byte), version (1), kind and flags (1), reserved
 * (1), CRC-32C over all but itself (4), generation (8), codec id or, of a generation, the
 * load window in seconds (4), length of the key (4), length of the payload (4), end of
 * life in seconds since the epoch or 0 (4), the key, the payload. Stateless and
 * thread-safe.
 */
final class Envelope {

	static final int HEADER_LENGTH = 32;

	private static final byte MAGIC = (byte) 0xFA;

	private static final byte VERSION = 2;

	private static final byte NULL = 1;

	private static final byte COMPRESSED = 1 << 1;

	private static final byte TOMBSTONE_FLAG = 1 << 2;

	private static final byte GENERATION = 1 << 3;

	/**
	 * Flag of a generation: set by a clear, or in place of invalidations that did not
	 * fit.
	 */
	private static final byte CLEARED = 1 << 4;

	/** The body of an item that its header already is. */
	static final byte[] NO_BODY = new byte[0];

	/** The longest load window that any instance can have, in seconds. */
	static final int LONGEST_WINDOW = 24 * 60 * 60;

	private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	/** The item that stands in place of an evicted entry. */
	static final byte[] TOMBSTONE = header(TOMBSTONE_FLAG, 0, 0, NO_BODY, NO_BODY, 0);

	private Envelope() {
	}

	/**
	 * Returns the bytes before the payload of an entry.
	 * @param generation the generation the entry is written under
	 * @param payload the payload
	 * @param endOfLife when it ends, in seconds since the epoch, 0 if its expiry says it
	 * @param key what the entry is verified by on reading
	 * @return the header; the payload follows it
	 */
	static byte[] entryHeader(long generation, Payload payload, int endOfLife, byte[] key) {
		int flags = (payload.nullValue() ? NULL : 0) | (payload.compressed() ? COMPRESSED : 0);
		return header((byte) flags, generation, payload.codecId(), key, payload.bytes(), endOfLife);
	}

	/**
	 * Returns the item that holds a generation.
	 * @param generation the generation
	 * @param window the longest load, in seconds, that may be filled under it
	 * @param cleared whether it invalidates what was asked to be invalidated, rather than
	 * what may have been lost
	 * @return the whole item
	 */
	static byte[] generation(long generation, int window, boolean cleared) {
		return header(cleared ? GENERATION | CLEARED : GENERATION, generation, window, NO_BODY, NO_BODY, 0);
	}

	/**
	 * Reads the item that holds a generation.
	 * @param item the item's bytes
	 * @return the generation, or {@link Generation#NONE} if the bytes are no such item
	 */
	static long openGeneration(byte[] item) {
		boolean generation = item.length == HEADER_LENGTH && (item[2] & ~CLEARED) == GENERATION && window(item) > 0
				&& window(item) <= LONGEST_WINDOW && (int) INT.get(item, 28) == 0 && isIntact(item);
		return generation ? (long) LONG.get(item, 8) : Generation.NONE;
	}

	/**
	 * Returns whether a clear has set a generation, or one of invalidations that did not
	 * fit.
	 * @param item an item that {@link #openGeneration} has opened
	 */
	static boolean isCleared(byte[] item) {
		return (item[2] & CLEARED) != 0;
	}

	/**
	 * Returns whether an item stands in place of an evicted entry.
	 * @param item the item's bytes
	 */
	static boolean isTombstone(byte[] item) {
		return Arrays.equals(item, TOMBSTONE);
	}

	/**
	 * Returns the load window of a generation.
	 * @param item an item that {@link #openGeneration} has opened
	 * @return the longest load, in seconds, that may be filled under it
	 */
	static int window(byte[] item) {
		return (int) INT.get(item, 16);
	}

	/**
	 * Opens an entry.
	 * @param item the item's bytes
	 * @param generation the generation that is in force
	 * @param key what the entry must have been written for
	 * @return the payload, or {@code null} if this is not a live entry of that key
	 */
	static @Nullable Payload openEntry(byte[] item, long generation, byte[] key) {
		if (item.length < HEADER_LENGTH || (item[2] & ~(NULL | COMPRESSED)) != 0
				|| (long) LONG.get(item, 8) != generation || !isIntact(item)) {
			return null;
		}
		int from = HEADER_LENGTH + key.length;
		if ((int) INT.get(item, 20) != key.length || !Arrays.equals(item, HEADER_LENGTH, from, key, 0, key.length)) {
			return null;
		}
		return new Payload((item[2] & NULL) != 0, (item[2] & COMPRESSED) != 0, (int) INT.get(item, 16), item, from,
				item.length - from, (int) INT.get(item, 28));
	}

	private static boolean isIntact(byte[] item) {
		if (item[0] != MAGIC || item[1] != VERSION || item[3] != 0) {
			return false;
		}
		long keyLength = (int) INT.get(item, 20);
		long payloadLength = (int) INT.get(item, 24);
		if (keyLength < 0 || payloadLength < 0 || HEADER_LENGTH + keyLength + payloadLength != item.length) {
			return false;
		}
		CRC32C crc = new CRC32C();
		crc.update(item, 0, 4);
		crc.update(item, 8, item.length - 8);
		return (int) INT.get(item, 4) == (int) crc.getValue();
	}

	private static byte[] header(byte flags, long generation, int codecId, byte[] key, byte[] payload, int endOfLife) {
		byte[] header = new byte[HEADER_LENGTH + key.length];
		header[0] = MAGIC;
		header[1] = VERSION;
		header[2] = flags;
		LONG.set(header, 8, generation);
		INT.set(header, 16, codecId);
		INT.set(header, 20, key.length);
		INT.set(header, 24, payload.length);
		INT.set(header, 28, endOfLife);
		System.arraycopy(key, 0, header, HEADER_LENGTH, key.length);
		CRC32C crc = new CRC32C();
		crc.update(header, 0, 4);
		crc.update(header, 8, header.length - 8);
		crc.update(payload, 0, payload.length);
		INT.set(header, 4, (int) crc.getValue());
		return header;
	}

}
