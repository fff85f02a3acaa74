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
import io.failsoft.memcached.observation.MemcachedObservations;
import io.failsoft.memcached.observation.MemcachedOperationConvention;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the
 * {@link MemcachedObservations}, where {@code memcached.observations.enabled} asks for
 * them.
 */
@AutoConfiguration(after = MemcachedCacheAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ Consistency.class, ObservationRegistry.class })
@ConditionalOnBooleanProperty("memcached.observations.enabled")
public final class MemcachedObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MemcachedObservations memcachedObservations(ObservationRegistry registry,
			ObjectProvider<MemcachedOperationConvention> convention) {
		return new MemcachedObservations(registry, convention.getIfAvailable());
	}

}
