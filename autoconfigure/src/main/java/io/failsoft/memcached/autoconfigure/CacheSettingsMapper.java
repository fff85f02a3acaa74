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

package io.failsoft.memcached.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import io.failsoft.memcached.cache.MemcachedCacheSettings;
import io.failsoft.memcached.codec.ValueCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Turns the {@code memcached.cache.*} properties into {@link MemcachedCacheSettings}.
 */
final class CacheSettingsMapper {

	private final MemcachedCacheProperties properties;

	private final CodecRegistry codecs;

	CacheSettingsMapper(MemcachedCacheProperties properties, CodecRegistry codecs) {
		this.properties = properties;
		this.codecs = codecs;
	}

	MemcachedCacheSettings defaults() {
		MemcachedCacheProperties cache = this.properties;
		return new MemcachedCacheSettings(true, cache.getTimeToLive(), cache.getTimeToLiveJitter(), null,
				cache.getTimeToIdle(), cache.isNullValues(), this.codecs.get("memcached.cache.codec", cache.getCodec()),
				bytes(cache.getCompressionThreshold()), bytes(cache.getMaximumValueSize()), cache.getLoadWindow(),
				cache.getLoadLease(), cache.getKeyClasses());
	}

	Map<String, MemcachedCacheSettings> caches() {
		Map<String, MemcachedCacheSettings> caches = new LinkedHashMap<>();
		MemcachedCacheSettings defaults = defaults();
		this.properties.getCaches().forEach((name, own) -> caches.put(name, merge(name, own, defaults)));
		return caches;
	}

	private MemcachedCacheSettings merge(String name, MemcachedNamedCacheProperties own,
			MemcachedCacheSettings defaults) {
		ValueCodec codec = (own.getCodec() != null)
				? this.codecs.get(MemcachedPropertiesCheck.cacheProperty(name) + ".codec", own.getCodec())
				: defaults.codec();
		DataSize threshold = own.getCompressionThreshold();
		DataSize maximum = own.getMaximumValueSize();
		return new MemcachedCacheSettings(own.isEnabled(), or(own.getTimeToLive(), defaults.timeToLive()),
				or(own.getTimeToLiveJitter(), defaults.timeToLiveJitter()), null,
				(own.getTimeToIdle() != null) ? own.getTimeToIdle() : defaults.timeToIdle(),
				or(own.getNullValues(), defaults.nullValues()), codec,
				(threshold != null) ? bytes(threshold) : defaults.compressionThreshold(),
				(maximum != null) ? bytes(maximum) : defaults.maximumValueSize(),
				or(own.getLoadWindow(), defaults.loadWindow()),
				(own.getLoadLease() != null) ? own.getLoadLease() : defaults.loadLease(),
				or(own.getKeyClasses(), defaults.keyClasses()));
	}

	/**
	 * Returns the most bytes that a value of any cache may take, which bounds the codecs
	 * that caches share.
	 */
	static int maximumValueSize(MemcachedCacheProperties properties) {
		DataSize most = properties.getMaximumValueSize();
		for (MemcachedNamedCacheProperties own : properties.getCaches().values()) {
			DataSize size = own.getMaximumValueSize();
			most = (size != null && size.compareTo(most) > 0) ? size : most;
		}
		return bytes(most);
	}

	private static int bytes(DataSize size) {
		return Math.toIntExact(size.toBytes());
	}

	private static <T> T or(@Nullable T own, T inherited) {
		return (own != null) ? own : inherited;
	}

}
