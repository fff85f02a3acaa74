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

package io.failsoft.memcached.faults;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.WithMemcached;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;

/**
 * Proxies and spies of the classes that an application may want to look at, as of
 * Spring's own.
 */
@WithMemcached
class ProxiedManagerIT {

	@Test
	void anAspectOfAnyCacheManagerAndErrorHandlerCountsItsUses(MemcachedServer server) {
		try (RunningApplication application = start(server, Proxies.class)) {
			MemcachedCacheManager manager = application.caches();
			assertThat(AopUtils.isCglibProxy(manager)).isTrue();
			assertThat(AopUtils.isCglibProxy(application.bean(CacheErrorHandler.class))).isTrue();
			Proxies.COUNTED.set(0);
			assertThat(application.catalogue().get("k")).isEqualTo(application.catalogue().get("k"));
			assertThat(Proxies.COUNTED).hasPositiveValue();
			assertThat(manager.getServers().snapshots()).hasSize(1);
			AtomicInteger told = new AtomicInteger();
			manager.addCacheListener((cache) -> told.incrementAndGet());
			assertThat(told).hasValue(manager.getCacheNames().size());
			Cache cache = Objects.requireNonNull(manager.getCache("proxied"));
			cache.put("k", "v");
			assertThat(cache.get("k", String.class)).isEqualTo("v");
			manager.resetCaches();
			assertThat(cache.get("k")).isNull();
		}
	}

	@Test
	void theManagerAndACacheCanBeSpiedOn(MemcachedServer server) {
		try (RunningApplication application = start(server, Spies.class)) {
			MemcachedCacheManager manager = application.caches();
			MemcachedCache cache = Mockito.spy((MemcachedCache) Objects.requireNonNull(manager.getCache("spied")));
			verify(manager).getCache("spied");
			cache.put("k", "v");
			assertThat(cache.get("k", String.class)).isEqualTo("v");
			verify(cache).put("k", "v");
		}
	}

	private static RunningApplication start(MemcachedServer server, Class<?> configuration) {
		return RunningApplication
			.start(List.of(configuration), "memcached.servers=" + server.host() + ":" + server.port())
			.up();
	}

	/** Proxies cache managers, as an aspect does. */
	@Configuration(proxyBeanMethods = false)
	static class Proxies {

		private static final AtomicInteger COUNTED = new AtomicInteger();

		@Bean
		static BeanPostProcessor proxies() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					if (!(bean instanceof CacheManager) && !(bean instanceof CacheErrorHandler)) {
						return bean;
					}
					ProxyFactory factory = new ProxyFactory(bean);
					factory.setProxyTargetClass(true);
					factory.addAdvice((MethodInterceptor) (invocation) -> {
						COUNTED.incrementAndGet();
						return invocation.proceed();
					});
					return factory.getProxy();
				}

			};
		}

	}

	/** Spies on cache managers. */
	@Configuration(proxyBeanMethods = false)
	static class Spies {

		@Bean
		static BeanPostProcessor spies() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					return (bean instanceof CacheManager) ? Mockito.spy(bean) : bean;
				}

			};
		}

	}

}
