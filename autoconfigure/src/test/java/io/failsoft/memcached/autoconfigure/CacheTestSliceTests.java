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

import io.failsoft.memcached.cache.MemcachedCacheManager;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.test.autoconfigure.AutoConfigureCache;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application's own tests get.
 */
class CacheTestSliceTests {

	/**
	 * Closed afterwards, as its client would look for a server, and log, during other
	 * tests.
	 */
	@Nested
	@DirtiesContext
	@SpringBootTest(classes = Caching.class, properties = TestPools.REFUSED)
	class WithoutFurtherAnnotation {

		@Test
		void oursIsUsed(@Autowired CacheManager manager) {
			assertThat(manager).isInstanceOf(MemcachedCacheManager.class);
		}

	}

	@Nested
	@AutoConfigureCache
	@SpringBootTest(classes = Caching.class, properties = TestPools.REFUSED)
	class WithAutoConfigureCache {

		@Test
		void nothingIsCached(@Autowired CacheManager manager) {
			assertThat(manager).isInstanceOf(NoOpCacheManager.class);
		}

	}

	@Nested
	@SpringBootTest(classes = Caching.class, properties = { TestPools.REFUSED, "spring.cache.type=none" })
	class WithCacheTypeNone {

		@Test
		void nothingIsCached(@Autowired CacheManager manager) {
			assertThat(manager).isInstanceOf(NoOpCacheManager.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	@ImportAutoConfiguration({ CacheAutoConfiguration.class, MemcachedCacheAutoConfiguration.class })
	static class Caching {

	}

}
