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

import java.util.function.Predicate;

import io.failsoft.memcached.cache.CacheViews;
import org.jspecify.annotations.Nullable;

/**
 * The cached invocation that is resolving its caches on this thread. Spring resolves all
 * caches of an invocation before it does anything else, on the caller's thread; what runs
 * later, a reactive pipeline for one, uses the caches that were resolved then.
 * Invocations nest.
 */
final class CurrentInvocation {

	private static final ThreadLocal<@Nullable Object> CURRENT = new ThreadLocal<>();

	private CurrentInvocation() {
	}

	/**
	 * Begin an invocation.
	 * @param returnable which values the method can return
	 * @param asynchronous whether it returns a future or a publisher, and whoever hands
	 * that out waits for the invocation's writes
	 * @return the one around it, to be given to {@link #end}
	 */
	static @Nullable Object begin(Predicate<@Nullable Object> returnable, boolean asynchronous) {
		Object outer = CURRENT.get();
		CURRENT.set(CacheViews.newInvocation(returnable, asynchronous));
		return outer;
	}

	static void end(@Nullable Object outer) {
		if (outer != null) {
			CURRENT.set(outer);
		}
		else {
			CURRENT.remove();
		}
	}

	/**
	 * What the operations of the current invocation share.
	 * @return the current invocation, or a new one if there is none
	 */
	static Object get() {
		Object current = CURRENT.get();
		return (current != null) ? current : CacheViews.newInvocation();
	}

}
