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

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.RegionKeys;
import org.jspecify.annotations.Nullable;

/**
 * Turns the keys of one cache into memcached keys: readable where they are short, a
 * digest where they are long, and never the same for two different ones. Thread-safe.
 * <p>
 * A memcached key is a <em>head</em>, {@code prefix:cache:}, followed by one of
 * <ul>
 * <li>the canonical form of the key, if all of it fits into 250 bytes. It begins with a
 * letter;</li>
 * <li>{@code ~} and the SHA-256 digest, in base64url, of head and canonical form;</li>
 * <li>{@code *} and what the cache keeps for itself: its generation, leases.</li>
 * </ul>
 * Prefix and cache name are percent-encoded, {@code :} and {@code ~} included, so that
 * the first two colons end them. A head over {@value #MAX_HEAD} bytes is cut, before its
 * second colon, and its digest put in, after a {@code ~} that no other head contains.
 *
 * @see CanonicalForm
 */
final class CacheKeys implements RegionKeys {

	private static final int MAX_HEAD = 160;

	private static final int CUT_HEAD = 60;

	private static final int MAX_VERIFICATION = 4096;

	private final byte[] fullHead;

	private final byte[] head;

	private final MemcachedKey generationKey;

	/**
	 * Make the keys of a cache.
	 * @param prefix what stands before the cache's name, so that applications can share
	 * servers; any text, possibly empty
	 * @param cacheName the cache's name; any text, possibly empty
	 */
	CacheKeys(String prefix, String cacheName) {
		KeyText form = new KeyText();
		form.name(prefix);
		form.ascii(":");
		form.name(cacheName);
		form.ascii(":");
		this.fullHead = form.toByteArray();
		this.head = (this.fullHead.length <= MAX_HEAD) ? this.fullHead
				: concat(Arrays.copyOf(this.fullHead, CUT_HEAD), '~', digest(this.fullHead), ':');
		this.generationKey = own("*g");
	}

	/**
	 * The memcached key of a key.
	 * @param key the key as Spring hands it over
	 * @return the memcached key and what verifies it
	 * @throws IllegalArgumentException if the key has no form that would be the same in
	 * every JVM; the message names the class and the remedy
	 */
	CacheKey of(@Nullable Object key) {
		if (key instanceof String text) {
			byte[] bytes = plain('s', text);
			if (bytes != null) {
				return new CacheKey(MemcachedKey.of(bytes), bytes);
			}
		}
		else if (key instanceof Long || key instanceof Integer) {
			byte[] bytes = plain((key instanceof Long) ? 'l' : 'i', ((Number) key).longValue());
			return new CacheKey(MemcachedKey.of(bytes), bytes);
		}
		KeyText form = new KeyText();
		form.bytes(this.fullHead);
		CanonicalForm.append(key, form);
		return of(form);
	}

	private CacheKey of(KeyText form) {
		int length = form.length() - this.fullHead.length;
		if (this.head.length + length <= MemcachedKey.MAX_LENGTH) {
			byte[] bytes = Arrays.copyOf(this.head, this.head.length + length);
			form.copy(this.fullHead.length, bytes, this.head.length, length);
			return new CacheKey(MemcachedKey.of(bytes), bytes);
		}
		byte[] canonical = form.toByteArray();
		byte[] verification = (canonical.length <= MAX_VERIFICATION) ? canonical : hash("SHA-512", canonical);
		return new CacheKey(digested("~", canonical), verification);
	}

	private byte @Nullable [] plain(char tag, String text) {
		int start = this.head.length;
		int length = text.length();
		if (start + 2 + length > MemcachedKey.MAX_LENGTH) {
			return null;
		}
		byte[] bytes = Arrays.copyOf(this.head, start + 2 + length);
		bytes[start] = (byte) tag;
		bytes[start + 1] = ':';
		for (int i = 0; i < length; i++) {
			char c = text.charAt(i);
			if (c <= ' ' || c >= 127 || c == '%') {
				return null;
			}
			bytes[start + 2 + i] = (byte) c;
		}
		return bytes;
	}

	private byte[] plain(char tag, long number) {
		int length = (number < 0) ? 2 : 1;
		for (long rest = number / 10; rest != 0; rest /= 10) {
			length++;
		}
		int start = this.head.length;
		byte[] bytes = Arrays.copyOf(this.head, start + 2 + length);
		bytes[start] = (byte) tag;
		bytes[start + 1] = ':';
		long rest = number;
		for (int i = bytes.length - 1; i >= start + 2; i--) {
			// The remainder of a negative number is negative, of Long.MIN_VALUE too.
			bytes[i] = (byte) ('0' + Math.abs((int) (rest % 10)));
			rest /= 10;
		}
		if (number < 0) {
			bytes[start + 2] = '-';
		}
		return bytes;
	}

	/**
	 * The key of the item that holds this cache's generation.
	 * @return a key that no entry has
	 */
	@Override
	public MemcachedKey generationKey() {
		return this.generationKey;
	}

	/**
	 * The key of the item that holds the generation of what another server keeps for a
	 * server that failed.
	 * @param homeServer the name of the server that failed
	 * @return a key that no entry has
	 */
	@Override
	public MemcachedKey takeoverGenerationKey(String homeServer) {
		KeyText form = new KeyText();
		form.name(homeServer);
		return own("*t", form.toByteArray());
	}

	/**
	 * The key of the item by which one instance reserves the loading of a missing key.
	 * @param key a key of this cache
	 * @return a key that no entry has
	 */
	MemcachedKey leaseKey(CacheKey key) {
		byte[] bytes = key.memcachedKey().bytes();
		return own("*l", Arrays.copyOfRange(bytes, this.head.length, bytes.length));
	}

	private MemcachedKey own(String mark) {
		return MemcachedKey.of(concat(this.head, mark));
	}

	private MemcachedKey own(String mark, byte[] rest) {
		if (this.head.length + mark.length() + 1 + rest.length <= MemcachedKey.MAX_LENGTH) {
			return MemcachedKey.of(concat(this.head, mark, ':', rest));
		}
		return digested(mark + "~", rest);
	}

	private MemcachedKey digested(String mark, byte[] content) {
		return MemcachedKey.of(concat(this.head, mark, digest(content)));
	}

	private static byte[] concat(Object... parts) {
		KeyText form = new KeyText();
		for (Object part : parts) {
			if (part instanceof byte[] bytes) {
				form.bytes(bytes);
			}
			else {
				form.ascii(part.toString());
			}
		}
		return form.toByteArray();
	}

	private static byte[] digest(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encode(hash("SHA-256", bytes));
	}

	private static byte[] hash(String algorithm, byte[] bytes) {
		try {
			return MessageDigest.getInstance(algorithm).digest(bytes);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("This Java has no " + algorithm, ex);
		}
	}

}
