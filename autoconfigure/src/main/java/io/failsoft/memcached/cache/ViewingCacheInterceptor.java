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

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.failsoft.memcached.cache.ReturnTypes.MethodCall;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheOperationInvoker;
import org.springframework.cache.interceptor.CacheOperationInvoker.ThrowableWrapper;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CachePutOperation;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.KotlinDetector;

/**
 * Spring's {@link CacheInterceptor}, except that each invocation uses its own views of
 * our caches. The resolver that Spring would have used resolves them first.
 */
@SuppressWarnings("serial")
final class ViewingCacheInterceptor extends CacheInterceptor {

	private final transient ReturnTypes returnTypes = new ReturnTypes();

	/**
	 * Takes over from another interceptor. Nothing it refers to is resolved before it is
	 * needed.
	 * @param original the interceptor to replace
	 * @param errorHandler the error handler to use in place of its own
	 */
	ViewingCacheInterceptor(CacheInterceptor original, CacheErrorHandler errorHandler) {
		setCacheOperationSource(original.getCacheOperationSource());
		configure(() -> errorHandler, original::getKeyGenerator, original::getCacheResolver, null);
	}

	/**
	 * Calls the method in a way that can be repeated, or executes an operation of a
	 * collection, which Spring does not know. A Kotlin function that suspends is left to
	 * Spring.
	 */
	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Method method = invocation.getMethod();
		if (target == null || !(invocation instanceof ProxyMethodInvocation proxied)
				|| KotlinDetector.isSuspendingFunction(method)) {
			return super.invoke(invocation);
		}
		CollectionOperation operation = collectionOperation(method, target);
		MethodCall call = new MethodCall(proxied);
		try {
			return (operation != null) ? new CollectionCall(this, operation, call).execute()
					: execute(call, target, method, invocation.getArguments());
		}
		catch (ThrowableWrapper ex) {
			throw ex.getOriginal();
		}
	}

	private @Nullable CollectionOperation collectionOperation(Method method, Object target) {
		CacheOperationSource source = getCacheOperationSource();
		Collection<CacheOperation> operations = (source != null)
				? source.getCacheOperations(method, AopProxyUtils.ultimateTargetClass(target)) : null;
		// Until all beans are there, methods run without caches, as with Spring's own.
		return (operations != null && operations.iterator().next() instanceof CollectionOperation ours
				&& getCacheResolver() != null) ? ours : null;
	}

	@Override
	protected @Nullable Object execute(CacheOperationInvoker invoker, Object target, Method method,
			@Nullable Object[] args) {
		return this.returnTypes.execute(method, target, invoker,
				(itself) -> super.execute(itself, target, method, args));
	}

	@Override
	protected Collection<? extends Cache> getCaches(CacheOperationInvocationContext<CacheOperation> context,
			CacheResolver cacheResolver) {
		CacheOperation operation = context.getOperation();
		return Invocation.current()
			.viewAll(super.getCaches(context, cacheResolver),
					(context instanceof PutContext put) ? () -> put.generateKey(null) : null,
					operation instanceof CacheableOperation cacheable && cacheable.isSync());
	}

	@Override
	protected CacheOperationContext getOperationContext(CacheOperation operation, Method method,
			@Nullable Object[] args, Object target, Class<?> targetClass) {
		return (operation instanceof CachePutOperation)
				? new PutContext(getCacheOperationMetadata(operation, method, targetClass), args, target)
				: super.getOperationContext(operation, method, args, target, targetClass);
	}

	/** Evicts for a {@link CollectionCall}, too. */
	@Override
	protected void doEvict(Cache cache, Object key, boolean immediate) {
		super.doEvict(cache, key, immediate);
	}

	/**
	 * Looks in all caches of the operation in turn. Spring looks in the first only if
	 * that answers by a future, but puts into all.
	 */
	@Override
	protected @Nullable CompletableFuture<?> doRetrieve(Cache cache, Object key) {
		return retrieve(cache, Invocation.after(cache), key);
	}

	private @Nullable CompletableFuture<?> retrieve(Cache cache, List<Cache> others, Object key) {
		CompletableFuture<?> found = super.doRetrieve(cache, key);
		if (found == null || others.isEmpty()) {
			return found;
		}
		return found.thenCompose((value) -> {
			CompletableFuture<?> next = (value == null) ? retrieve(others.get(0), others.subList(1, others.size()), key)
					: null;
			return (next != null) ? next.<@Nullable Object>thenApply((later) -> later)
					: CompletableFuture.<@Nullable Object>completedFuture(value);
		});
	}

	/**
	 * A put, whose key is made anew after the call, as Spring does unless it was made
	 * before.
	 */
	private final class PutContext extends CacheOperationContext {

		PutContext(CacheOperationMetadata metadata, @Nullable Object[] args, Object target) {
			super(metadata, args, target);
		}

		@Override
		protected @Nullable Object generateKey(@Nullable Object result) {
			return super.generateKey(result);
		}

		@Override
		protected @Nullable Object getGeneratedKey() {
			return null;
		}

	}

}
