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

package io.failsoft.memcached.cache;

import java.util.function.Predicate;

import io.failsoft.memcached.client.MemcachedKey;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * A read of one key, and who asks for it. Small, as each hit makes one.
 *
 * @param cache the cache, or the view of it, that is asked
 * @param key the key
 * @param entry the key as it is sent
 * @param returnable tests if the caller can use a value; any other value is a miss
 * @param around the load that asks, or {@code null} if none does
 */
record Read(Cache cache, Object key, MemcachedKey entry, Predicate<@Nullable Object> returnable,
		@Nullable LoadScope around) {

}
