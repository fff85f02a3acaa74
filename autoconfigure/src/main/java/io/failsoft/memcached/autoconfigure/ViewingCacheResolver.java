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

import java.util.Collection;
import java.util.function.Predicate;

import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.BasicOperation;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheResolver;

/**
 * A {@link CacheResolver} that gives our caches their views after another one resolved
 * them.
 */
final class ViewingCacheResolver implements CacheResolver {

	private final CacheResolver delegate;

	private final Predicate<BasicOperation> puts;

	private final CacheViewer viewer;

	ViewingCacheResolver(CacheResolver delegate, Predicate<BasicOperation> puts, CacheViewer viewer) {
		this.delegate = delegate;
		this.puts = puts;
		this.viewer = viewer;
	}

	@Override
	public Collection<? extends Cache> resolveCaches(CacheOperationInvocationContext<?> context) {
		Collection<? extends Cache> caches = this.delegate.resolveCaches(context);
		return caches.isEmpty() ? caches
				: this.viewer.viewAll(caches, this.puts.test(context.getOperation()), CurrentInvocation.get());
	}

	@Override
	public String toString() {
		return this.delegate.toString();
	}

}
