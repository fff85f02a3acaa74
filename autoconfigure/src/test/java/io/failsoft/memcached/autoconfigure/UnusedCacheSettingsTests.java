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

import java.util.List;

import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheResult;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class UnusedCacheSettingsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Base.class);

	@Test
	void whenNoMethodUsesANameThenOneWarningNamesItAndThoseInUse(CapturedOutput output) {
		this.runner.withUserConfiguration(Books.class, Shelf.class).run((context) -> {
			context.publishEvent(new ContextRefreshedEvent(context));
			assertThat(output).containsOnlyOnce("memcached.cache.caches.boks is set").contains("(used: books, shelf)");
			assertThat(output).doesNotContain("caches.books is set").doesNotContain("caches.shelf is set");
		});
	}

	@Test
	void whenNamesStandInJsr107AnnotationsThenTheyCount(CapturedOutput output) {
		this.runner.withUserConfiguration(Jsr.class)
			.run((context) -> assertThat(output).contains("(used: books, failures, shelf)"));
	}

	@Test
	void whenAResolverChoosesTheCachesThenNothingIsSaid(CapturedOutput output) {
		this.runner.withUserConfiguration(Resolved.class)
			.run((context) -> assertThat(output).doesNotContain("is set, but"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Base {

		@Bean
		CacheManager cacheManager() {
			return new ConcurrentMapCacheManager();
		}

		@Bean
		CacheResolver chooses(CacheManager cacheManager) {
			return new SimpleCacheResolver(cacheManager);
		}

		@Bean
		UnusedCacheSettings unusedCacheSettings(ConfigurableListableBeanFactory beanFactory) {
			return new UnusedCacheSettings(List.of("boks", "books", "shelf"), beanFactory);
		}

	}

	static class Books implements BooksApi {

		@Override
		public String book(int id) {
			return "book";
		}

	}

	interface BooksApi {

		@Cacheable("books")
		String book(int id);

	}

	@CacheConfig(cacheNames = "shelf")
	static class Shelf {

		@CacheEvict
		public void evict(int id) {
		}

	}

	static class Jsr {

		@CacheResult(cacheName = "books", exceptionCacheName = "failures")
		public String book(int id) {
			return "book";
		}

		@CacheRemove(cacheName = "shelf")
		public void remove(int id) {
		}

	}

	static class Resolved {

		@Cacheable(cacheResolver = "chooses", cacheNames = "any")
		public String book(int id) {
			return "book";
		}

	}

}
