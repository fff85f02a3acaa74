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

import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * What one request saw of the cache, told by the cached methods themselves: a method that
 * runs was not answered by the cache. Thread-safe.
 */
final class CacheTrace {

	private static final String ATTRIBUTE = CacheTrace.class.getName();

	private final long start = System.nanoTime();

	private volatile boolean methodRan;

	/**
	 * Called by each cached method first thing when it really runs.
	 */
	void methodRuns() {
		this.methodRan = true;
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
