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
import java.util.Collection;

import io.failsoft.memcached.autoconfigure.ReturnTypes.ReturnType;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheOperationInvoker;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.CachePutOperation;

/**
 * Spring's {@link CacheInterceptor}, except that each invocation uses views of its own of
 * our caches. Whatever resolver Spring would have used resolves them first.
 */
@SuppressWarnings("serial")
final class ViewingCacheInterceptor extends CacheInterceptor {

	private final transient CacheViewer viewer;

	private final transient ReturnTypes returnTypes = new ReturnTypes();

	/**
	 * Take over from another interceptor. Nothing it refers to is resolved before it is
	 * needed.
	 * @param original the interceptor to stand in for
	 * @param errorHandler the error handler to use in place of its own
	 * @param viewer gives our caches their views
	 */
	ViewingCacheInterceptor(CacheInterceptor original, CacheErrorHandler errorHandler, CacheViewer viewer) {
		this.viewer = viewer;
		setCacheOperationSource(original.getCacheOperationSource());
		configure(() -> errorHandler, original::getKeyGenerator, original::getCacheResolver, null);
	}

	@Override
	protected @Nullable Object execute(CacheOperationInvoker invoker, Object target, Method method,
			@Nullable Object[] args) {
		ReturnType type = this.returnTypes.of(method, target);
		Object outer = CurrentInvocation.begin(type.accepts(), type.asynchronous());
		try {
			if (!type.asynchronous()) {
				return super.execute(invoker, target, method, args);
			}
			FutureHandover handover = new FutureHandover(invoker);
			Object result = super.execute(handover, target, method, args);
			return AsynchronousResults.settled(result, CurrentInvocation.get(), handover);
		}
		finally {
			CurrentInvocation.end(outer);
		}
	}

	@Override
	protected Collection<? extends Cache> getCaches(CacheOperationInvocationContext<CacheOperation> context,
			CacheResolver cacheResolver) {
		return this.viewer.viewAll(super.getCaches(context, cacheResolver),
				context.getOperation() instanceof CachePutOperation, CurrentInvocation.get());
	}

}
