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

package io.failsoft.memcached.sample.dashboard;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.failsoft.memcached.autoconfigure.MemcachedCacheManagerBuilderCustomizer;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.sample.CityService;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.framework.Advised;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The interceptor of {@link CityService} on both sides of the cache: first where a call
 * comes in, then where its method runs, if it does. The call carries the trace from the
 * one to the other, as the method may run on another thread than the request's. The
 * starter tells in between what it serves after its time to live.
 */
@Component
class CacheTracer implements MethodInterceptor, MemcachedCacheManagerBuilderCustomizer {

	private static final String CALL = CacheTracer.class.getName();

	private final Traffic traffic;

	/**
	 * By the identity of a call's first argument: where that alone is the cache's key, as
	 * for a search, the starter tells of it on any thread.
	 */
	private final Cache<Object, CacheTrace> traces = Caffeine.newBuilder().weakKeys().build();

	CacheTracer(Traffic traffic) {
		this.traffic = traffic;
	}

	@Override
	public void customize(MemcachedCacheManager.Builder builder) {
		builder.staleListener(
				(cache, key) -> Objects.requireNonNullElseGet(this.traces.getIfPresent(key), CacheTrace::ofThisRequest)
					.servedStale());
	}

	@Autowired
	void observe(CityService cities) {
		Advised proxy = (Advised) cities;
		proxy.addAdvice(0, this);
		proxy.addAdvice(this);
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		ProxyMethodInvocation call = (ProxyMethodInvocation) invocation;
		if (call.getUserAttribute(CacheTrace.ATTRIBUTE) instanceof CacheTrace trace) {
			this.traffic.queried();
			// What runs in the background, after the call, is not the request's.
			boolean open = call.getUserAttribute(CALL) instanceof AtomicBoolean flag && flag.get();
			return run(call, open ? trace : new CacheTrace());
		}
		CacheTrace trace = CacheTrace.ofThisRequest();
		call.setUserAttribute(CacheTrace.ATTRIBUTE, trace);
		AtomicBoolean open = new AtomicBoolean(true);
		call.setUserAttribute(CALL, open);
		this.traces.put(call.getArguments()[0], trace);
		Object result = null;
		try {
			result = call.proceed();
			return (result instanceof CompletableFuture<?> future)
					? future.whenComplete((found, failure) -> open.set(false)) : result;
		}
		finally {
			if (!(result instanceof CompletableFuture<?>)) {
				open.set(false);
			}
		}
	}

	private static @Nullable Object run(MethodInvocation call, CacheTrace trace) throws Throwable {
		long start = System.nanoTime();
		try {
			Object result = call.proceed();
			if (result instanceof CompletableFuture<?> future) {
				long handedOver = System.nanoTime();
				return future.whenComplete((found, failure) -> trace.queried(System.nanoTime() - handedOver));
			}
			return result;
		}
		finally {
			trace.queried(System.nanoTime() - start);
		}
	}

}
