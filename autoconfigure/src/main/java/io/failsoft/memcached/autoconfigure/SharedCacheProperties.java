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

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import io.failsoft.memcached.cache.MemcachedCacheSettings;
import io.failsoft.memcached.cache.MemcachedCacheSettings.SingleFlightMode;
import io.failsoft.memcached.codec.ValueCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.util.unit.DataSize;

/**
 * Properties that can be set for all caches and for one of them. What is {@code null} is
 * inherited, in the end from {@code MemcachedCacheSettings.defaults}.
 */
interface SharedCacheProperties {

	@Nullable Duration timeToLive();

	@Nullable Double timeToLiveJitter();

	@Nullable Duration timeToIdle();

	@Nullable Boolean nullValues();

	@Nullable String codec();

	@Nullable List<String> keyClasses();

	@Nullable DataSize compressionThreshold();

	@Nullable DataSize maximumValueSize();

	@Nullable Duration loadWindow();

	@Nullable Duration loadLease();

	@Nullable Duration nearTimeToLive();

	@Nullable Duration reserveTimeToLive();

	@Nullable SingleFlightMode singleFlight();

	@Nullable Duration staleWhileRevalidate();

	@Nullable Duration staleIfError();

	@Nullable List<Class<? extends Throwable>> staleIfErrorOn();

	@Nullable Duration staleIfErrorThrottle();

	/**
	 * Applies what is set here.
	 * @param settings the settings that it is applied to
	 * @param codecs finds a codec by its name
	 */
	default void applyTo(MemcachedCacheSettings.Builder settings, Function<String, ValueCodec> codecs) {
		PropertyMapper map = PropertyMapper.get();
		map.from(this::timeToLive).to(settings::timeToLive);
		map.from(this::timeToLiveJitter).to(settings::timeToLiveJitter);
		map.from(this::timeToIdle).to(settings::timeToIdle);
		map.from(this::nullValues).to(settings::nullValues);
		map.from(this::codec).as(codecs::apply).to(settings::codec);
		map.from(this::keyClasses).to(settings::keyClasses);
		map.from(this::compressionThreshold).asInt(DataSize::toBytes).to(settings::compressionThreshold);
		map.from(this::maximumValueSize).asInt(DataSize::toBytes).to(settings::maximumValueSize);
		map.from(this::loadWindow).to(settings::loadWindow);
		map.from(this::loadLease).to(settings::loadLease);
		map.from(this::nearTimeToLive).to(settings::nearTimeToLive);
		map.from(this::reserveTimeToLive).to(settings::reserveTimeToLive);
		map.from(this::singleFlight).to(settings::singleFlight);
		map.from(this::staleWhileRevalidate).to(settings::staleWhileRevalidate);
		map.from(this::staleIfError).to(settings::staleIfError);
		map.from(this::staleIfErrorOn).to(settings::staleIfErrorOn);
		map.from(this::staleIfErrorThrottle).to(settings::staleIfErrorThrottle);
	}

}
