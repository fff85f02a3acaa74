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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.failsoft.memcached.cache.CacheViews;

import org.springframework.cache.Cache;

/**
 * Replaces resolved caches for the length of one invocation.
 */
@FunctionalInterface
interface CacheViewer {

	/** Gives our caches a view, and leaves the others alone. */
	CacheViewer DEFAULT = CacheViews::forInvocation;

	/**
	 * Replace a cache.
	 * @param cache any cache
	 * @param puts whether the operation puts without a read before it
	 * @param invocation what all operations of one invocation share
	 * @return the view, or the cache itself if it is not one of ours
	 */
	Cache view(Cache cache, boolean puts, Object invocation);

	/**
	 * Replace caches, in their order.
	 * @param caches any caches
	 * @param puts see {@link #view}
	 * @param invocation see {@link #view}
	 * @return the replaced caches
	 */
	default Collection<? extends Cache> viewAll(Collection<? extends Cache> caches, boolean puts, Object invocation) {
		if (caches.size() == 1) {
			return List.of(view(caches.iterator().next(), puts, invocation));
		}
		List<Cache> views = new ArrayList<>(caches.size());
		for (Cache cache : caches) {
			views.add(view(cache, puts, invocation));
		}
		return views;
	}

}
