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

package io.failsoft.memcached.sample;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * What one request saw of the cache, told by the cached methods themselves: a method that
 * runs was not answered by the cache. Thread-safe.
 */
final class CacheTrace {

	private static final String ATTRIBUTE = CacheTrace.class.getName();

	private final long start = System.nanoTime();

	private final LongAdder databaseNanos = new LongAdder();

	private volatile boolean methodRan;

	/**
	 * Called by each cached method when it really runs, with each query it makes.
	 * @param <T> the type of the result
	 * @param query asks the database
	 * @return what it found
	 */
	<T> T query(Supplier<T> query) {
		this.methodRan = true;
		long begin = System.nanoTime();
		try {
			return query.get();
		}
		finally {
			this.databaseNanos.add(System.nanoTime() - begin);
		}
	}

	/**
	 * Whether every cached call of the request was answered by the cache.
	 * @return {@code true} if no cached method ran
	 */
	boolean isHit() {
		return !this.methodRan;
	}

	/**
	 * How long the request has taken.
	 * @return the time in milliseconds
	 */
	double elapsedMillis() {
		return (System.nanoTime() - this.start) / 1e6;
	}

	/**
	 * How long the request's queries took. What is left of its time is the cache's, but
	 * for some microseconds, and for the wait for a thread while all are busy.
	 * @return the time in milliseconds
	 */
	double databaseMillis() {
		return this.databaseNanos.sum() / 1e6;
	}

	/**
	 * The trace of the request that the calling thread serves.
	 * @return the request's trace, or one that nobody reads when there is no request
	 */
	static CacheTrace ofThisRequest() {
		RequestAttributes request = RequestContextHolder.getRequestAttributes();
		if (request == null) {
			return new CacheTrace();
		}
		Object existing = request.getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
		if (existing instanceof CacheTrace trace) {
			return trace;
		}
		CacheTrace trace = new CacheTrace();
		request.setAttribute(ATTRIBUTE, trace, RequestAttributes.SCOPE_REQUEST);
		return trace;
	}

}
