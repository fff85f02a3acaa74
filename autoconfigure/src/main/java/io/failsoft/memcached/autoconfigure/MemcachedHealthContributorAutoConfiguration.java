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

import io.failsoft.memcached.consistency.Consistency;
import io.failsoft.memcached.consistency.Payload;
import io.failsoft.memcached.health.MemcachedHealthIndicator;
import io.failsoft.memcached.local.LocalStore;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the
 * {@link MemcachedHealthIndicator}, as the component {@code memcached}.
 */
@AutoConfiguration(after = MemcachedCacheAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(Consistency.class)
@ConditionalOnEnabledHealthIndicator("memcached")
public final class MemcachedHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "memcachedHealthIndicator", "memcachedHealthContributor" })
	MemcachedHealthIndicator memcachedHealthContributor(Consistency consistency, LocalStore<Payload> localStore,
			MemcachedProperties properties) {
		return new MemcachedHealthIndicator(consistency.pool(), consistency::figures, localStore::isReserveInUse,
				properties.health().statusWhenDegraded());
	}

}
