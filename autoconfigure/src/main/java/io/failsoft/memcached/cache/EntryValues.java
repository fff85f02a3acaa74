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

import io.failsoft.memcached.codec.Compression;
import io.failsoft.memcached.codec.ValueCodecException;
import io.failsoft.memcached.consistency.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Turns a cache's values into payloads and back: {@code null}, the codec, compression.
 * Thread-safe.
 */
final class EntryValues {

	private final MemcachedCacheSettings settings;

	EntryValues(MemcachedCacheSettings settings) {
		this.settings = settings;
	}

	/**
	 * Encodes a value.
	 * @throws ValueCodecException if it cannot or must not be written
	 */
	Payload write(@Nullable Object value) {
		if (value == null) {
			return Payload.NULL;
		}
		byte[] bytes = required(this.settings.codec().encode(value), "encode", value);
		if (bytes.length > this.settings.maximumValueSize()) {
			throw new ValueCodecException("A " + value.getClass().getName() + " of " + bytes.length
					+ " bytes is not cached, as they are more than " + this.settings.maximumValueSize()
					+ ". Cache less at once, or raise memcached.cache.maximum-value-size", null);
		}
		if (this.settings.compressionThreshold() >= 0 && bytes.length >= this.settings.compressionThreshold()) {
			byte[] compressed = Compression.compress(bytes);
			if (compressed != null) {
				return new Payload(false, true, this.settings.codec().id(), compressed);
			}
		}
		return new Payload(false, false, this.settings.codec().id(), bytes);
	}

	/**
	 * Decodes a value.
	 * @throws ValueCodecException if it cannot or must not be read
	 */
	@Nullable Object read(Payload payload) {
		if (payload.nullValue()) {
			return null;
		}
		if (payload.codecId() != this.settings.codec().id()) {
			throw new ValueCodecException("The value was written by codec " + payload.codecId() + ", this is codec "
					+ this.settings.codec().id(), null);
		}
		if (payload.compressed()) {
			byte[] bytes = Compression.decompress(payload.bytes(), payload.offset(), payload.length(),
					this.settings.maximumValueSize());
			return decode(bytes, 0, bytes.length);
		}
		if (payload.length() > this.settings.maximumValueSize()) {
			throw new ValueCodecException(payload.length() + " bytes are more than memcached.cache.maximum-value-size, "
					+ this.settings.maximumValueSize(), null);
		}
		return decode(payload.bytes(), payload.offset(), payload.length());
	}

	private Object decode(byte[] bytes, int offset, int length) {
		return required(this.settings.codec().decode(bytes, offset, length), "decode", bytes);
	}

	/**
	 * Rejects {@code null}, which an application's codec may return against its contract.
	 */
	private <T> T required(@Nullable T result, String method, Object argument) {
		if (result == null) {
			throw new ValueCodecException(this.settings.codec().getClass().getName() + "." + method
					+ " returned null for a " + argument.getClass().getTypeName()
					+ ". It must return a value or throw a ValueCodecException", null);
		}
		return result;
	}

}
