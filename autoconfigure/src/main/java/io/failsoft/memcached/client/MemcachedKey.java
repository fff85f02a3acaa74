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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A key as memcached takes it: 1 to 250 bytes without white space or control characters.
 * Immutable.
 */
public final class MemcachedKey {

	/** The most bytes memcached takes for a key. */
	public static final int MAX_LENGTH = 250;

	private static final long FNV_OFFSET = 0xcbf29ce484222325L;

	private static final long FNV_PRIME = 0x100000001b3L;

	private final byte[] bytes;

	private final long hash;

	private MemcachedKey(byte[] bytes) {
		this.bytes = bytes;
		this.hash = hash(bytes);
	}

	/**
	 * Makes a key of text.
	 * @param key the text, sent as UTF-8
	 * @return the key
	 * @throws IllegalArgumentException if memcached would not take it
	 */
	public static MemcachedKey of(String key) {
		return of(key.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Makes a key of bytes.
	 * @param bytes the bytes; not copied, so not to be changed afterwards
	 * @return the key
	 * @throws IllegalArgumentException if memcached would not take it
	 */
	public static MemcachedKey of(byte[] bytes) {
		if (bytes.length == 0 || bytes.length > MAX_LENGTH) {
			throw new IllegalArgumentException(
					"A memcached key has 1 to " + MAX_LENGTH + " bytes, this one has " + bytes.length);
		}
		for (byte b : bytes) {
			if ((b >= 0 && b <= ' ') || b == 127) {
				throw new IllegalArgumentException("A memcached key has no white space or control characters");
			}
		}
		return new MemcachedKey(bytes);
	}

	/**
	 * Returns the bytes to send.
	 * @return the bytes; not a copy, so not to be changed
	 */
	public byte[] bytes() {
		return this.bytes;
	}

	/**
	 * Returns a 64-bit hash of the bytes (FNV-1a with a final mix), the same in every JVM
	 * and every version: keys find their server by it.
	 * @return the hash
	 */
	public long hash() {
		return this.hash;
	}

	/** Returns the FNV-1a hash of bytes. */
	static long fnv(byte[] bytes) {
		long hash = FNV_OFFSET;
		for (byte b : bytes) {
			hash = (hash ^ (b & 0xff)) * FNV_PRIME;
		}
		return hash;
	}

	private static long hash(byte[] bytes) {
		long hash = fnv(bytes);
		hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
		hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
		return hash ^ (hash >>> 33);
	}

	@Override
	public boolean equals(Object other) {
		return this == other
				|| (other instanceof MemcachedKey key && this.hash == key.hash && Arrays.equals(this.bytes, key.bytes));
	}

	@Override
	public int hashCode() {
		return (int) (this.hash ^ (this.hash >>> 32));
	}

	@Override
	public String toString() {
		return new String(this.bytes, StandardCharsets.UTF_8);
	}

}
