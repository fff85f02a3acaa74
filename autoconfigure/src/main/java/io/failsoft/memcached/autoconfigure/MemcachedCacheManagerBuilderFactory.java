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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.cache.MemcachedCacheSettings;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.local.LocalStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Makes builders that the properties and the customizers have been applied to.
 */
final class MemcachedCacheManagerBuilderFactory {

	private static final Log logger = LogFactory.getLog(MemcachedCacheManagerBuilderFactory.class);

	private static final String EXECUTOR = TaskExecutionAutoConfiguration.APPLICATION_TASK_EXECUTOR_BEAN_NAME;

	private final MemcachedProperties properties;

	private final Consistency consistency;

	private final LocalStore<Payload> localStore;

	private final BeanFactory beanFactory;

	private final Supplier<CacheErrorHandler> errorHandler;

	private final String keyPrefix;

	private final MemcachedCacheSettings defaults;

	private final Map<String, MemcachedCacheSettings> caches;

	private final List<MemcachedCacheManagerBuilderCustomizer> customizers;

	MemcachedCacheManagerBuilderFactory(MemcachedProperties properties, Consistency consistency,
			LocalStore<Payload> localStore, Supplier<CacheErrorHandler> errorHandler,
			ConfigurableListableBeanFactory beanFactory, Environment environment,
			List<MemcachedCacheManagerBuilderCustomizer> customizers) {
		this.properties = properties;
		this.consistency = consistency;
		this.localStore = localStore;
		this.beanFactory = beanFactory;
		this.errorHandler = errorHandler;
		this.customizers = customizers;
		this.keyPrefix = keyPrefix(properties, environment);
		MemcachedCacheProperties cache = properties.cache();
		CodecRegistry codecs = new CodecRegistry(beanFactory, cache.allowedClasses(), maximumValueSize(cache),
				environment);
		this.defaults = defaults(cache, codecs);
		this.caches = caches(cache, this.defaults, codecs);
		if (!localStore.isEnabled()) {
			requireNoNear("memcached.cache", this.defaults);
			this.caches.forEach((name, own) -> requireNoNear(MemcachedPropertiesCheck.cacheProperty(name), own));
		}
	}

	private static void requireNoNear(String prefix, MemcachedCacheSettings settings) {
		if (!settings.nearTimeToLive().isZero()) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".near-time-to-live",
					settings.nearTimeToLive(), "memcached.local.maximum-weight is 0, so nothing is kept that could be "
							+ "near. Set it to 32MB, for example, or near-time-to-live to 0.");
		}
	}

	static MemcachedCacheSettings defaults(MemcachedCacheProperties properties, CodecRegistry codecs) {
		return merged("memcached.cache", properties,
				MemcachedCacheSettings.defaults(codecs.get("memcached.cache.codec", "jdk")).toBuilder(), codecs);
	}

	static Map<String, MemcachedCacheSettings> caches(MemcachedCacheProperties properties,
			MemcachedCacheSettings defaults, CodecRegistry codecs) {
		Map<String, MemcachedCacheSettings> caches = new LinkedHashMap<>();
		properties.caches()
			.forEach((name, own) -> caches.put(name, merged(MemcachedPropertiesCheck.cacheProperty(name), own,
					defaults.toBuilder().enabled(own.enabled()), codecs)));
		return caches;
	}

	private static MemcachedCacheSettings merged(String prefix, SharedCacheProperties own,
			MemcachedCacheSettings.Builder inherited, CodecRegistry codecs) {
		own.applyTo(inherited, (codec) -> codecs.get(prefix + ".codec", codec));
		try {
			return inherited.build();
		}
		catch (IllegalArgumentException ex) {
			// It is about two of them, one of which may be inherited.
			String message = String.valueOf(ex.getMessage());
			Map<String, @Nullable Object> set = new LinkedHashMap<>();
			set.put("near-time-to-live", own.nearTimeToLive());
			set.put("single-flight", own.singleFlight());
			set.put("stale-while-revalidate", own.staleWhileRevalidate());
			set.put("stale-if-error", own.staleIfError());
			set.put("time-to-idle", own.timeToIdle());
			set.put("reserve-time-to-live", own.reserveTimeToLive());
			set.put("time-to-live", own.timeToLive());
			set.entrySet().removeIf((entry) -> entry.getValue() == null || !message.contains(entry.getKey()));
			Map.Entry<String, @Nullable Object> first = set.entrySet().iterator().next();
			throw new InvalidConfigurationPropertyValueException(prefix + "." + first.getKey(), first.getValue(),
					message + ". Change one of the two, here or in memcached.cache.");
		}
	}

	/**
	 * Returns the most bytes that a value of any cache may take, which bounds the codecs
	 * that caches share.
	 */
	static int maximumValueSize(MemcachedCacheProperties properties) {
		DataSize own = properties.maximumValueSize();
		return properties.caches()
			.values()
			.stream()
			.map(SharedCacheProperties::maximumValueSize)
			.filter(Objects::nonNull)
			.mapToInt((size) -> (int) size.toBytes())
			.reduce((own != null) ? (int) own.toBytes() : 32 << 20, Math::max);
	}

	private static String keyPrefix(MemcachedProperties properties, Environment environment) {
		String configured = properties.cache().keyPrefix();
		String keyPrefix = (configured != null) ? configured : environment.getProperty("spring.application.name", "");
		if (keyPrefix.isEmpty()) {
			logger.warn("The keys of the memcached cache have no prefix, so that another application on the same "
					+ "servers may read and clear them. Set memcached.cache.key-prefix or spring.application.name.");
		}
		return keyPrefix;
	}

	/**
	 * Makes a builder.
	 * @return a new builder
	 */
	MemcachedCacheManager.Builder create() {
		MemcachedCacheProperties cache = this.properties.cache();
		MemcachedCacheManager.Builder builder = MemcachedCacheManager.builder(this.consistency, this.defaults)
			.keyPrefix(this.keyPrefix)
			.dynamic(cache.dynamic())
			.transactionAware(Objects.requireNonNullElseGet(cache.transactionAware(),
					MemcachedCacheManagerBuilderFactory::isTransactionSupportPresent))
			.errorHandler(this.errorHandler)
			.localStore(this.localStore)
			.refreshes(
					this.beanFactory.containsBean(EXECUTOR)
							? (task) -> this.beanFactory.getBean(EXECUTOR, Executor.class).execute(task) : null,
					cache.refreshConcurrency());
		this.caches.forEach(builder::cache);
		this.customizers.forEach((customizer) -> customizer.customize(builder));
		return builder;
	}

	private static boolean isTransactionSupportPresent() {
		return ClassUtils.isPresent("org.springframework.transaction.support.TransactionSynchronizationManager",
				MemcachedCacheManagerBuilderFactory.class.getClassLoader());
	}

}
