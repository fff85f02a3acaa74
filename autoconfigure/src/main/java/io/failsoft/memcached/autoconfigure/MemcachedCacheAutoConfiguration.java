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

import java.time.Clock;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.MemcachedCacheErrorHandler;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.OperationListener;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.ConsistencySettings;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizers;
import org.springframework.boot.cache.autoconfigure.CacheProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of a {@link CacheManager} backed by
 * memcached. It applies where caching is enabled, {@code spring.cache.type} is unset and
 * {@code memcached.enabled} is not {@code false}, and comes before Boot's own choice of a
 * cache manager.
 * <p>
 * If the application brings a {@code CacheManager} or a bean named {@code cacheResolver},
 * no manager is made, but the servers and a {@link MemcachedCacheManager.Builder} remain
 * available, so that the application can make one beside its own.
 */
@AutoConfiguration(before = CacheAutoConfiguration.class)
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnBooleanProperty(name = "memcached.enabled", matchIfMissing = true)
@Conditional(OnCacheTypeUnset.class)
@EnableConfigurationProperties({ MemcachedProperties.class, CacheProperties.class })
public final class MemcachedCacheAutoConfiguration {

	private final MemcachedProperties properties;

	MemcachedCacheAutoConfiguration(MemcachedProperties properties, Environment environment) {
		OtherStarterKeys.warn(environment);
		UnknownKeys.warn(environment);
		TlsKeys.refuse(environment);
		MemcachedPropertiesCheck.check(properties);
		DoubtfulSettings.warn(properties.getCache());
		this.properties = properties;
	}

	@Bean
	static CacheInterceptorPostProcessor memcachedCacheInterceptorPostProcessor() {
		return new CacheInterceptorPostProcessor();
	}

	@Bean
	static LazyInitializationExcludeFilter memcachedLazyInitializationExcludeFilter() {
		return LazyInitializationExcludeFilter.forBeanTypes(ServerPool.class, Consistency.class,
				MemcachedCacheManager.class, UnusedCacheSettings.class, ApplicableErrorHandler.class,
				OperationListeners.class);
	}

	@Bean
	@ConditionalOnMissingBean
	MemcachedConnectionDetails memcachedConnectionDetails() {
		return new PropertiesMemcachedConnectionDetails(this.properties);
	}

	@Bean
	@ConditionalOnMissingBean
	ServerPool memcachedServers(MemcachedConnectionDetails connectionDetails) {
		return ServerPoolFactory.create(this.properties, connectionDetails);
	}

	@Bean
	@ConditionalOnMissingBean
	Consistency memcachedConsistency(ServerPool servers) {
		return Consistency.start(servers, ConsistencySettings.of(this.properties.getOperationTimeout(),
				this.properties.getInvalidationLog().getCapacity(), this.properties.getFailoverTimeToLive()));
	}

	@Bean
	OperationListeners memcachedOperationListeners(ServerPool servers, ObjectProvider<OperationListener> listeners) {
		return new OperationListeners(servers, listeners);
	}

	@Bean
	@ConditionalOnMissingBean(CacheErrorHandler.class)
	MemcachedCacheErrorHandler memcachedCacheErrorHandler() {
		return new MemcachedCacheErrorHandler(Clock.systemUTC());
	}

	@Bean
	ApplicableErrorHandler memcachedApplicableErrorHandler(CacheInterceptorPostProcessor interceptors,
			ObjectProvider<CachingConfigurer> configurers, ObjectProvider<CacheErrorHandler> handlers) {
		return new ApplicableErrorHandler(interceptors.getOriginalHandlers(), configurers, handlers);
	}

	@Bean
	MemcachedCacheManagerBuilderFactory memcachedCacheManagerBuilderFactory(Consistency consistency,
			ApplicableErrorHandler errorHandler, ConfigurableListableBeanFactory beanFactory, Environment environment,
			ObjectProvider<MemcachedCacheManagerBuilderCustomizer> customizers) {
		Supplier<CacheErrorHandler> handler = errorHandler;
		return new MemcachedCacheManagerBuilderFactory(this.properties, consistency, handler, beanFactory, environment,
				customizers.orderedStream().toList());
	}

	/**
	 * A builder that the properties and the customizers have been applied to, a new one
	 * for each injection point.
	 */
	@Bean
	@Scope("prototype")
	@ConditionalOnMissingBean
	MemcachedCacheManager.Builder memcachedCacheManagerBuilder(MemcachedCacheManagerBuilderFactory factory,
			CacheProperties cacheProperties) {
		return factory.create().cacheNames(cacheProperties.getCacheNames());
	}

	@Bean
	UnusedCacheSettings memcachedUnusedCacheSettings(ConfigurableListableBeanFactory beanFactory) {
		return new UnusedCacheSettings(this.properties.getCache().getCaches().keySet(), beanFactory);
	}

	/**
	 * The cache manager, unless the application brings one.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(value = CacheManager.class, name = "cacheResolver")
	static class ManagerConfiguration {

		@Bean
		MemcachedCacheManager cacheManager(MemcachedCacheManager.Builder builder,
				ObjectProvider<CacheManagerCustomizer<?>> customizers) {
			return new CacheManagerCustomizers(customizers.orderedStream().toList()).customize(builder.build());
		}

	}

}
