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

import java.util.concurrent.atomic.LongAdder;

import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * A record of what one request saw of the cache. Thread-safe.
 */
final class CacheTrace {

	/** The attribute of a request that has asked {@link CacheTracer the cache}. */
	static final String ATTRIBUTE = CacheTrace.class.getName();

	private final long start = System.nanoTime();

	private final LongAdder databaseNanos = new LongAdder();

	private volatile boolean methodRan;

	private volatile boolean stale;

	/**
	 * Records that a cached method ran: it was not answered by the cache.
	 * @param nanos the time it took, all of it the database's
	 */
	void queried(long nanos) {
		this.databaseNanos.add(nanos);
		this.methodRan = true;
	}

	/**
	 * Records that the cache gave a value after its time to live.
	 */
	void servedStale() {
		this.stale = true;
	}

	boolean isStale() {
		return this.stale;
	}

	boolean isHit() {
		return this.stale || !this.methodRan;
	}

	/**
	 * Returns {@code hit}, {@code miss} or {@code stale}.
	 */
	String outcome() {
		return this.stale ? "stale" : this.methodRan ? "miss" : "hit";
	}

	double elapsedMillis() {
		return (System.nanoTime() - this.start) / 1e6;
	}

	/**
	 * Tells how long the request's queries took. What is left of its time is the cache's,
	 * but for some microseconds.
	 * @return the time in milliseconds
	 */
	double databaseMillis() {
		return this.databaseNanos.sum() / 1e6;
	}

	/**
	 * Returns the trace of the request that the calling thread serves.
	 * @return the request's trace, or one that nobody reads when there is no request
	 */
	static CacheTrace ofThisRequest() {
		RequestAttributes request = RequestContextHolder.getRequestAttributes();
		if (request != null
				&& request.getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST) instanceof CacheTrace trace) {
			return trace;
		}
		CacheTrace trace = new CacheTrace();
		if (request != null) {
			request.setAttribute(ATTRIBUTE, trace, RequestAttributes.SCOPE_REQUEST);
		}
		return trace;
	}

}
