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

/**
 * Callback that changes the {@link MemcachedCacheManager.Builder} after the properties
 * have been applied to it and before it builds. Beans of this type are called in their
 * order.
 */
@FunctionalInterface
public interface MemcachedCacheManagerBuilderCustomizer {

	/**
	 * Change the builder. An exception stops the start.
	 * @param builder the builder
	 */
	void customize(MemcachedCacheManager.Builder builder);

}
