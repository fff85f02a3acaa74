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

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of a warning where
 * {@link MemcachedCacheAutoConfiguration} backs off before {@code spring.cache.type},
 * although memcached is configured.
 */
@AutoConfiguration
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnBooleanProperty(name = "memcached.enabled", matchIfMissing = true)
@ConditionalOnProperty("spring.cache.type")
public final class OtherCacheTypeAutoConfiguration {

	@Bean
	UnusedServerSettings memcachedUnusedServerSettings(Environment environment) {
		return new UnusedServerSettings(environment);
	}

}
