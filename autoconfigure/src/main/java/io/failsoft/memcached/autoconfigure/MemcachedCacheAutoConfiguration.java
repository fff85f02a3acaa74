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
import java.util.Objects;

import io.failsoft.memcached.autoconfigure.MemcachedProperties.Discovery;
import io.failsoft.memcached.autoconfigure.MemcachedProperties.OnServerFailure;
import io.failsoft.memcached.cache.CacheInterceptorPostProcessor;
import io.failsoft.memcached.cache.MemcachedCacheErrorHandler;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.client.ClientSettings;
import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.OperationListener;
import io.failsoft.memcached.client.ServerAddress;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.TlsSettings;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.ConsistencySettings;
import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.local.LocalStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizers;
import org.springframework.boot.cache.autoconfigure.CacheProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.context.annotation.Bean;
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
// Its values name Boot's own cache managers, or none.
@ConditionalOnExpression("'${spring.cache.type:}'.isBlank()")
@EnableConfigurationProperties({ MemcachedProperties.class, CacheProperties.class })
public final class MemcachedCacheAutoConfiguration {

	private static final Log logger = LogFactory.getLog(MemcachedCacheAutoConfiguration.class);

	private final MemcachedProperties properties;

	private final Environment environment;

	MemcachedCacheAutoConfiguration(MemcachedProperties properties, Environment environment) {
		OtherStarterKeys.warn(environment);
		MemcachedPropertiesCheck.check(properties, environment);
		this.properties = properties;
		this.environment = environment;
	}

	@Bean
	static CacheInterceptorPostProcessor memcachedCacheInterceptorPostProcessor() {
		return new CacheInterceptorPostProcessor();
	}

	@Bean
	static LazyInitializationExcludeFilter memcachedLazyInitializationExcludeFilter() {
		return LazyInitializationExcludeFilter.forBeanTypes(ServerPool.class, Consistency.class,
				MemcachedCacheManager.class, ApplicableErrorHandler.class);
	}

	@Bean
	@ConditionalOnMissingBean
	MemcachedConnectionDetails memcachedConnectionDetails(ObjectProvider<SslBundles> bundles) {
		return new PropertiesMemcachedConnectionDetails(this.properties, this.environment, bundles.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean
	ServerPool memcachedServers(MemcachedConnectionDetails connectionDetails) {
		PropertiesMemcachedConnectionDetails.check(connectionDetails, this.environment);
		List<ServerAddress> servers = connectionDetails.getServers();
		ClientSettings settings = clientSettings(this.properties, connectionDetails);
		// The application's own bean gives the servers, not where to look for them
		Discovery discovery = (connectionDetails instanceof PropertiesMemcachedConnectionDetails)
				? this.properties.discovery() : Discovery.NONE;
		Duration interval = this.properties.discoveryInterval();
		return switch (discovery) {
			case NONE -> ServerPool.create(servers, settings);
			case DNS -> ServerPool.discoverByDns(servers, interval, settings);
			case ELASTICACHE -> ServerPool.discoverByElastiCache(servers, interval, settings);
		};
	}

	static ClientSettings clientSettings(MemcachedProperties properties, MemcachedConnectionDetails details) {
		return new ClientSettings(properties.connectTimeout(), properties.operationTimeout(), properties.maxInFlight(),
				properties.maxQueued().toBytes(), properties.breaker().failureThreshold(),
				properties.breaker().probeInterval(), properties.onServerFailure() == OnServerFailure.FAILOVER,
				details.getUsername(), details.getPassword(), tlsSettings(properties, details));
	}

	private static @Nullable TlsSettings tlsSettings(MemcachedProperties properties,
			MemcachedConnectionDetails details) {
		SslBundle bundle = details.getSslBundle();
		if (bundle == null) {
			return null;
		}
		if (!properties.ssl().verifyHostname()) {
			logger
				.warn("Certificates of memcached servers may be for any name: another server with a trusted certificate"
						+ " can take their place. Remove memcached.ssl.verify-hostname: false");
		}
		// A bundle that could not be asked for again stays in use
		return new TlsSettings(() -> Objects.requireNonNullElse(details.getSslBundle(), bundle),
				properties.ssl().verifyHostname());
	}

	@Bean
	@ConditionalOnMissingBean
	Consistency memcachedConsistency(ServerPool servers) {
		return Consistency.start(servers, ConsistencySettings.of(this.properties.operationTimeout(),
				this.properties.invalidationLog().capacity(), this.properties.failoverTimeToLive()));
	}

	@Bean
	@ConditionalOnMissingBean
	LocalStore<Payload> memcachedLocalStore() {
		return MemcachedCacheManager.localStore(this.properties.local().maximumWeight().toBytes());
	}

	/**
	 * Registers the listeners late, so that the servers do not depend on what listens to
	 * them.
	 */
	@Bean
	SmartInitializingSingleton memcachedOperationListeners(ServerPool servers,
			ObjectProvider<OperationListener> listeners) {
		return () -> OperationListeners.register(listeners.orderedStream().toList(), servers);
	}

	@Bean
	@ConditionalOnMissingBean(CacheErrorHandler.class)
	MemcachedCacheErrorHandler memcachedCacheErrorHandler() {
		return new MemcachedCacheErrorHandler();
	}

	@Bean
	ApplicableErrorHandler memcachedApplicableErrorHandler(CacheInterceptorPostProcessor interceptors,
			ObjectProvider<CachingConfigurer> configurers, ObjectProvider<CacheErrorHandler> handlers) {
		return new ApplicableErrorHandler(interceptors.getOriginalHandlers(), configurers, handlers);
	}

	@Bean
	MemcachedCacheManagerBuilderFactory memcachedCacheManagerBuilderFactory(Consistency consistency,
			LocalStore<Payload> localStore, ApplicableErrorHandler errorHandler,
			ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<MemcachedCacheManagerBuilderCustomizer> customizers) {
		return new MemcachedCacheManagerBuilderFactory(this.properties, consistency, localStore, errorHandler,
				beanFactory, this.environment, customizers.orderedStream().toList());
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

	/**
	 * The cache manager, unless the application brings one.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(value = CacheManager.class, name = "cacheResolver")
	static class ManagerConfiguration {

		@Bean
		MemcachedCacheManager cacheManager(MemcachedCacheManager.Builder builder,
				ObjectProvider<CacheManagerCustomizer<?>> customizers, Environment environment,
				ListableBeanFactory beanFactory) {
			OtherStarterKeys.warnOfOtherCaches(environment, beanFactory);
			return new CacheManagerCustomizers(customizers.orderedStream().toList()).customize(builder.build());
		}

	}

}
