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

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.Invocation.InvocationCache;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.util.function.ThrowingSupplier;

/**
 * An invocation's view of a cache that the application has decorated. It calls the
 * decorator, and has each of our caches that the decorator calls on the same thread
 * meanwhile use the invocation's view of it. Loaders run outside of that, so that a
 * method's own use of a cache is its own. Thread-safe.
 */
final class DecoratedCache implements InvocationHandler {

	private static final Log logger = LogFactory.getLog(MemcachedCache.class);

	/** Class names, as many as the application has decorators. */
	private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

	/** The decorator that is being called on this thread. */
	static final ThreadLocal<@Nullable DecoratedCache> CALLING = new ThreadLocal<>();

	private final Cache target;

	private final boolean puts;

	private final Invocation invocation;

	private final Map<CacheStore, InvocationCache> views = new ConcurrentHashMap<>(2);

	private volatile int reached;

	private DecoratedCache(Cache target, boolean puts, Invocation invocation) {
		this.target = target;
		this.puts = puts;
		this.invocation = invocation;
	}

	/**
	 * Creates a view.
	 * @param target the decorator, or any cache that may be one
	 * @param puts whether the operation puts without a read before it
	 * @param invocation the invocation
	 */
	static Cache create(Cache target, boolean puts, Invocation invocation) {
		return (Cache) Proxy.newProxyInstance(Cache.class.getClassLoader(), new Class<?>[] { Cache.class },
				new DecoratedCache(target, puts, invocation));
	}

	/**
	 * Returns the cache that the application knows.
	 */
	static Cache unwrap(Cache cache) {
		return (Proxy.isProxyClass(cache.getClass())
				&& Proxy.getInvocationHandler(cache) instanceof DecoratedCache decorated) ? decorated.target : cache;
	}

	/**
	 * Returns the view of a cache that a call of the decorator is meant for.
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate") // only whether it changes counts
	MemcachedCache viewOf(MemcachedCache cache) {
		this.reached++;
		return this.views.computeIfAbsent(cache.store(),
				(store) -> new InvocationCache(cache, this.puts ? () -> null : null, this.invocation, true));
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		boolean missing = false;
		if (arguments != null && arguments.length == 2) {
			Object last = arguments[1];
			if (last instanceof Callable<?> loader && method.getName().equals("get")) {
				arguments[1] = (Callable<?>) () -> call(null, loader::call);
			}
			else if (last instanceof Supplier<?> loader && method.getName().equals("retrieve")) {
				arguments[1] = (ThrowingSupplier<?>) () -> call(null, loader::get);
			}
			missing = last != null && method.getName().equals("put")
					&& this.views.values().stream().anyMatch(InvocationCache::isMissing);
		}
		int before = this.reached;
		try {
			return call(this, () -> method.invoke(this.target, arguments));
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
		finally {
			if (missing && this.reached == before) {
				warn();
			}
		}
	}

	private static <T extends @Nullable Object> T call(@Nullable DecoratedCache calling, Callable<T> call)
			throws Exception {
		DecoratedCache outer = CALLING.get();
		CALLING.set(calling);
		try {
			return call.call();
		}
		finally {
			CALLING.set(outer);
		}
	}

	/**
	 * Warns, once per decorator, that it did not pass on a loaded value. It may have
	 * decided so, but a decorator that hands it to another thread loses the ticket.
	 */
	private void warn() {
		String name = this.target.getClass().getName();
		if (WARNED.add(name)) {
			logger.warn("Cache '" + LogText.of(this.target.getName()) + "': the decorator " + name
					+ " did not pass a put on to memcached on the thread that asked for it. If it does so on another"
					+ " thread or later, a slow load can overwrite a newer eviction. Call the decorated cache on the"
					+ " thread that calls the decorator. (Once per decorator.)");
		}
	}

}
