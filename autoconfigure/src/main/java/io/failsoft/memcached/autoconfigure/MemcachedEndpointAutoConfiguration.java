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

import java.util.Map;

import io.failsoft.memcached.actuate.MemcachedEndpoint;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.codec.Codecs;
import io.failsoft.memcached.codec.ValueCodec;
import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.local.LocalStore;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the {@link MemcachedEndpoint}.
 */
@AutoConfiguration(after = MemcachedCacheAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(Consistency.class)
@ConditionalOnAvailableEndpoint(MemcachedEndpoint.class)
public final class MemcachedEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MemcachedEndpoint memcachedEndpoint(Consistency consistency, LocalStore<Payload> localStore,
			ListableBeanFactory beanFactory) {
		return new MemcachedEndpoint(consistency, localStore,
				() -> beanFactory.getBeansOfType(MemcachedCacheManager.class, false, false),
				(settings) -> codecName(settings.codec(), beanFactory));
	}

	private static String codecName(ValueCodec codec, ListableBeanFactory beanFactory) {
		return beanFactory.getBeansOfType(ValueCodec.class, false, false)
			.entrySet()
			.stream()
			.filter((bean) -> bean.getValue() == codec)
			.map(Map.Entry::getKey)
			.findFirst()
			.orElseGet(() -> Codecs.nameOf(codec));
	}

}
