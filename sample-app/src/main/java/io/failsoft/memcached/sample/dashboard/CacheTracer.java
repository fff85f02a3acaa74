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

import java.util.concurrent.CompletableFuture;

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
 * one to the other, as the method may run on another thread than the request's.
 */
@Component
class CacheTracer implements MethodInterceptor {

	private final Traffic traffic;

	private final PopularSearches popular;

	CacheTracer(Traffic traffic, PopularSearches popular) {
		this.traffic = traffic;
		this.popular = popular;
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
			return run(call, trace);
		}
		call.setUserAttribute(CacheTrace.ATTRIBUTE, CacheTrace.ofThisRequest());
		if (call.getMethod().getName().equals("search")) {
			this.popular.asked((String) call.getArguments()[0]);
		}
		return call.proceed();
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
