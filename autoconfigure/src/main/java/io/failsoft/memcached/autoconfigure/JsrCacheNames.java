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

import java.lang.reflect.Method;
import java.util.Set;

import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * Reads the names of caches from JSR-107 annotations. Only used where these are on the
 * class path.
 */
final class JsrCacheNames {

	private JsrCacheNames() {
	}

	/**
	 * Collect the names that a class uses.
	 * @param type the class
	 * @param used what to add them to
	 */
	static void collect(Class<?> type, Set<String> used) {
		CacheDefaults defaults = type.getAnnotation(CacheDefaults.class);
		if (defaults != null) {
			add(defaults.cacheName(), used);
		}
		ReflectionUtils.doWithMethods(type, (method) -> collect(method, used),
				(method) -> method.getAnnotations().length > 0);
	}

	private static void collect(Method method, Set<String> used) {
		CacheResult result = method.getAnnotation(CacheResult.class);
		if (result != null) {
			add(result.cacheName(), used);
			add(result.exceptionCacheName(), used);
		}
		CachePut put = method.getAnnotation(CachePut.class);
		add((put != null) ? put.cacheName() : null, used);
		CacheRemove remove = method.getAnnotation(CacheRemove.class);
		add((remove != null) ? remove.cacheName() : null, used);
		CacheRemoveAll removeAll = method.getAnnotation(CacheRemoveAll.class);
		add((removeAll != null) ? removeAll.cacheName() : null, used);
	}

	private static void add(@Nullable String name, Set<String> used) {
		if (name != null && !name.isEmpty()) {
			used.add(name);
		}
	}

}
