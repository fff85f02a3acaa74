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

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import io.failsoft.memcached.client.MemcachedKey;
import org.jspecify.annotations.Nullable;

/**
 * The memcached keys of one cache: readable where the key is short and plain, a digest
 * elsewhere, and never the same for two different keys. Thread-safe.
 * <p>
 * A memcached key is a <em>head</em>, {@code prefix:cache:}, followed by one of
 * <ul>
 * <li>the {@link CanonicalForm} of the key, if it holds no escape and all of it fits into
 * 250 bytes. It begins with a letter;</li>
 * <li>{@code ~} and the SHA-256 digest, in base64url, of head and canonical form;</li>
 * <li>{@code *} and the name of an item that the cache keeps for itself: its generation,
 * a lease.</li>
 * </ul>
 * Prefix and cache name are escaped, {@code :} and {@code ~} included, so that the first
 * two colons end them. A head over {@value #MAX_HEAD} characters is cut, before its
 * second colon, and its digest added, after a {@code ~} that no other head contains.
 */
final class CacheKeys {

	private static final int MAX_HEAD = 160;

	private static final int CUT_HEAD = 60;

	private final String fullHead;

	private final String head;

	private final byte[] textHead;

	private final List<String> keyClasses;

	/**
	 * Creates the keys of a cache.
	 * @param prefix keeps the keys of one application apart from those of others; any
	 * text, possibly empty
	 * @param cacheName the cache's name; any text, possibly empty
	 * @param keyClasses patterns of the classes whose {@code toString()} the application
	 * vouches for
	 */
	CacheKeys(String prefix, String cacheName, String... keyClasses) {
		this.fullHead = CanonicalForm.name(prefix) + ":" + CanonicalForm.name(cacheName) + ":";
		this.head = (this.fullHead.length() <= MAX_HEAD) ? this.fullHead
				: this.fullHead.substring(0, CUT_HEAD) + "~" + digest(this.fullHead) + ":";
		this.textHead = (this.head + "s:").getBytes(StandardCharsets.ISO_8859_1);
		this.keyClasses = List.of(keyClasses);
	}

	/**
	 * Returns the memcached key of a key.
	 * @param key the key as Spring hands it over
	 * @return the memcached key
	 * @throws IllegalArgumentException if the class of the key, or of a part of it, does
	 * not promise that equal keys, and no others, have the same form; the message names
	 * the class and the remedies
	 */
	MemcachedKey of(@Nullable Object key) {
		if (key instanceof Long number) {
			return key(this.head + "l:" + number.longValue());
		}
		if (key instanceof Integer number) {
			return key(this.head + "i:" + number.intValue());
		}
		byte[] plain = (key instanceof String text) ? plain(text) : null;
		if (plain != null) {
			return MemcachedKey.of(plain);
		}
		String form = CanonicalForm.of(key, this.keyClasses);
		boolean readable = this.head.length() + form.length() <= MemcachedKey.MAX_LENGTH && form.indexOf('%') < 0;
		return key(this.head + (readable ? form : "~" + digest(this.fullHead + form)));
	}

	private byte @Nullable [] plain(String text) {
		int start = this.textHead.length;
		if (start + text.length() > MemcachedKey.MAX_LENGTH) {
			return null;
		}
		byte[] bytes = Arrays.copyOf(this.textHead, start + text.length());
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (!CanonicalForm.isPlain(c)) {
				return null;
			}
			bytes[start + i] = (byte) c;
		}
		return bytes;
	}

	/**
	 * Returns the key of an item that is no entry.
	 * @param name the item's name
	 * @return a key that no entry has
	 */
	MemcachedKey own(String name) {
		String form = "*" + CanonicalForm.escape(name, "");
		boolean fits = this.head.length() + form.length() <= MemcachedKey.MAX_LENGTH;
		return key(this.head + (fits ? form : "*~" + digest(form)));
	}

	/**
	 * Returns the key of the item by which one instance reserves the loading of an entry.
	 * @param entry a key of this cache
	 * @param kind tells the leases of a key apart
	 * @return a key that no entry has
	 */
	MemcachedKey leaseKey(MemcachedKey entry, String kind) {
		return own(kind + ":" + entry.toString().substring(this.head.length()));
	}

	private static MemcachedKey key(String ascii) {
		return MemcachedKey.of(ascii.getBytes(StandardCharsets.ISO_8859_1));
	}

	private static String digest(String text) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
			return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("This Java has no SHA-256", ex);
		}
	}

}
