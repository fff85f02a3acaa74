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

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import io.failsoft.memcached.cache.Invocation.InvocationCache;
import io.failsoft.memcached.cache.SingleFlight.Flight;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.Lookup;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.CacheOperationInvoker;
import org.springframework.util.ReflectionUtils;

/**
 * One call that reads the keys of a collection and may load those that are missing. Each
 * key is found, loaded and stored by the rules of a single one; only the commands and the
 * loader are shared. Not thread-safe.
 * <p>
 * A caller leads the load of each key that nobody else is loading, and only when it has
 * ended all of these does it wait for what others lead: of two callers, each of which
 * leads what the other needs, none waits for ever.
 */
final class BulkLoad {

	/** Stands for the key of an element that is neither looked for nor stored. */
	static final Object NO_KEY = new Object();

	private final MemcachedCache cache;

	private final CacheStore store;

	private final List<Element> elements = new ArrayList<>();

	private final boolean sharesValues;

	private final boolean inTransaction;

	private final boolean storesAbsent;

	private final BiPredicate<Object, @Nullable Object> storable;

	/** The elements that are being asked for, or loaded. */
	private List<Element> open = List.of();

	private long readBegan;

	/**
	 * Creates a call.
	 * @param cache the cache, or the view of it, that is asked
	 * @param values the elements of the caller
	 * @param key makes the key of an element
	 * @param sharesValues whether callers are handed the value of a load that they share,
	 * however memcached is; else they look for it again, if invocations share loads
	 * @param storesAbsent whether {@code null} is stored for what the loader does not
	 * return, and stands for it
	 * @param storable tests if the value of an element is to be stored
	 */
	BulkLoad(MemcachedCache cache, Collection<?> values, UnaryOperator<Object> key, boolean sharesValues,
			boolean storesAbsent, BiPredicate<Object, @Nullable Object> storable) {
		this.cache = cache;
		this.store = cache.store();
		this.inTransaction = this.store.isInTransaction();
		this.sharesValues = sharesValues;
		this.storesAbsent = storesAbsent;
		this.storable = storable;
		for (Object value : new LinkedHashSet<>(values)) {
			Object made = key.apply(value);
			MemcachedKey entry = (made != NO_KEY) ? cache.key(CacheOperation.GET, made, null) : null;
			this.elements.add(new Element(value, (entry != null) ? cache.readOf(made, entry) : null));
		}
	}

	/**
	 * Gets values as {@link MemcachedCache#getAll} does.
	 * @param loader loads what is missing, or {@code null} if nothing is loaded
	 */
	static Map<?, ?> get(MemcachedCache cache, Collection<?> keys,
			@Nullable Function<List<?>, @Nullable Map<?, ?>> loader) {
		Invocation invocation = new Invocation(MemcachedCache.ANY, false, null, null);
		BulkLoad load = new BulkLoad((loader != null) ? new InvocationCache(cache, null, invocation, false) : cache,
				keys, UnaryOperator.identity(), true, false, (key, value) -> true);
		load.find();
		if (loader != null) {
			invocation.call((method) -> load.load(method), () -> loader.apply(load.open()));
		}
		return load.result();
	}

	/**
	 * Puts values as {@link MemcachedCache#putAll} does.
	 */
	static void put(MemcachedCache cache, Map<?, ?> values) {
		Budget budget = cache.budget();
		send(cache, values.entrySet(), (put) -> {
			MemcachedKey entry = cache.key(CacheOperation.PUT, put.getKey(), put.getValue());
			return (entry == null) ? null : CacheWrite.put(cache.store(), cache, put.getKey(), entry, put.getValue(),
					cache.store().region().beginPut(entry, budget), budget);
		}, CacheWrite::sendUnlessHeld);
	}

	/**
	 * Evicts entries as {@link MemcachedCache#evictAll} does.
	 * @param now whether no transaction holds them back; its end repeats them
	 */
	static void evict(MemcachedCache cache, Collection<?> keys, boolean now) {
		Budget budget = cache.budget();
		send(cache, new LinkedHashSet<>(keys), (key) -> cache.evictionOf(key, CacheOperation.EVICT, budget),
				(write) -> {
					if (now) {
						cache.note(write);
						write.send();
					}
					return now || write.sendUnlessHeld();
				});
	}

	private static <T> void send(MemcachedCache cache, Collection<T> items, Function<T, @Nullable CacheWrite> write,
			Predicate<CacheWrite> send) {
		Throwable thrown = CacheWrite.sendAll(new ArrayList<>(items), (item) -> {
			CacheWrite made = write.apply(item);
			return (made != null && send.test(made)) ? made : null;
		}, () -> cache::report);
		if (thrown != null) {
			ReflectionUtils.rethrowRuntimeException(thrown);
		}
	}

	void find() {
		note(this.store.region().readAll(asked(), this.cache.budget()));
	}

	CompletableFuture<Void> findAsync() {
		return this.store.region()
			.readAllAsync(asked(), this.cache.budget(), this.store.executor())
			.thenAccept(this::note);
	}

	/**
	 * Finds what needs no server and opens the others.
	 */
	private List<MemcachedKey> asked() {
		this.readBegan = System.nanoTime();
		this.open = new ArrayList<>();
		List<MemcachedKey> keys = new ArrayList<>();
		for (Element element : this.elements) {
			Read read = element.read;
			Found present = (read != null) ? this.store.findPresent(read) : null;
			if (present != null) {
				note(element, present);
			}
			else if (read != null) {
				this.open.add(element);
				keys.add(read.entry());
			}
		}
		return keys;
	}

	private void note(List<Lookup> lookups) {
		for (int i = 0; i < lookups.size(); i++) {
			Element element = this.open.get(i);
			note(element, this.store.found(element.read(), lookups.get(i), true));
		}
	}

	private void note(Element element, Found found) {
		Found graced = this.store.grace().stale(element.read(), found);
		element.found = this.cache.noted(element.read().entry(), this.store.counted(graced));
	}

	/**
	 * Serves what has aged in place of a load, if that is all that is missing and the
	 * source is lost.
	 * @param failure what the load threw, or {@code null} before it
	 * @return whether it does
	 */
	boolean fallsBack(@Nullable Throwable failure) {
		Grace grace = this.store.grace();
		List<Element> missing = notFound();
		boolean haveAged = !missing.isEmpty()
				&& missing.stream().allMatch((element) -> grace.fallbackOf(element.found, this.inTransaction) != null);
		boolean isLost = haveAged && ((failure != null) ? grace.isSourceLost(this.cache, failure) : !grace.mayTry());
		if (!isLost) {
			return false;
		}
		missing.forEach((element) -> {
			Found stale = grace.fallback(element.read(), Objects.requireNonNull(element.found.aged()));
			element.found = (stale != null) ? stale : Found.NOTHING;
		});
		return notFound().isEmpty();
	}

	/**
	 * Loads what is missing.
	 * @param method loads {@link #open()}
	 * @return the values that were found or loaded
	 */
	Map<Object, @Nullable Object> load(CacheOperationInvoker method) {
		if (!isMissing()) {
			return result();
		}
		List<Element> led = new ArrayList<>();
		List<Element> others = new ArrayList<>();
		try {
			this.open.forEach((element) -> (leads(element) ? led : others).add(element));
			load(led, method);
			boolean waits = true;
			for (Element element : others) {
				Flight flight = Objects.requireNonNull(element.flight);
				element.flight = null;
				if (waits) {
					element.found = await(element, flight);
					waits = flight.result().isDone();
				}
			}
			if (!fallsBack(null)) {
				load(others.stream().filter((element) -> !element.found.isHit()).toList(), method);
			}
		}
		catch (Throwable ex) {
			boolean isServed;
			try {
				// First, so that those who wait find the source lost.
				isServed = fallsBack(ex);
			}
			finally {
				led.forEach((element) -> end(element, ex));
			}
			if (!isServed) {
				throw ex;
			}
		}
		return result();
	}

	/**
	 * Opens what is missing, unless it is served as the source is lost.
	 * @return whether there is anything to load
	 */
	boolean isMissing() {
		this.open = notFound();
		return !this.open.isEmpty() && !fallsBack(null);
	}

	private List<Element> notFound() {
		return this.elements.stream().filter((element) -> !element.found.isHit()).toList();
	}

	private void load(List<Element> missing, CacheOperationInvoker method) {
		this.open = missing;
		if (!missing.isEmpty()) {
			store((Map<?, ?>) method.invoke());
		}
	}

	/**
	 * Returns the elements that the loader is called with.
	 */
	List<Object> open() {
		List<Object> values = new ArrayList<>();
		this.open.forEach((element) -> values.add(element.value));
		return values;
	}

	private boolean leads(Element element) {
		Read read = element.read;
		Flight mine = new Flight(Thread.currentThread()).from(element.found.ticket());
		Flight flight = mine;
		if (read != null && this.sharesValues && this.store.writingTransaction() == null) {
			flight = this.store.singleFlight().join(read.entry(), mine, this.readBegan);
		}
		else if (read != null && !this.sharesValues && this.store.sharesInvocation(element.found)) {
			flight = this.store.joinInvocation(read.entry(), mine, this.readBegan);
		}
		boolean leads = flight == mine || flight.isAround(mine, Thread.currentThread());
		element.flight = leads ? mine : flight;
		return leads;
	}

	private Found await(Element element, Flight flight) {
		if (!this.sharesValues) {
			return this.store.awaitInvocation(element.read(), new Flight(Thread.currentThread()), flight,
					element.found);
		}
		try {
			Object value = flight.await(this.store.settings().loadWindow()) ? flight.result().join() : Loads.LATE;
			if (value != Loads.LATE) {
				LoadScope.served(element.read().around(), flight.builtOn());
				return Found.hit(value);
			}
		}
		catch (CompletionException | CancellationException ex) {
			// Its caller is told. This one tries for itself.
		}
		return element.found;
	}

	private void end(Element element, @Nullable Throwable failure) {
		Flight flight = element.flight;
		if (flight == null || element.read == null) {
			return;
		}
		MemcachedKey entry = element.read.entry();
		InvocationCache view = (InvocationCache) this.cache;
		if (!this.sharesValues) {
			this.store.endInvocation(entry, flight, view.began());
		}
		else if (failure != null) {
			this.store.singleFlight().fail(entry, flight, failure);
		}
		else {
			flight.builtOn(view.builtOn());
			this.store.singleFlight()
				.complete(entry, flight, element.found.isHit() ? element.found.value() : Loads.LATE);
		}
	}

	/**
	 * Stores what was loaded.
	 * @param loaded the values by element, or {@code null} for none
	 */
	void store(@Nullable Map<?, ?> loaded) {
		this.store.grace().sourceWorks(this.cache);
		// A map of the application may take no null, or another idea of what is equal.
		Map<Object, @Nullable Object> values = new HashMap<>((loaded != null) ? loaded : Map.of());
		for (Element element : this.open) {
			if (this.storesAbsent || values.containsKey(element.value)) {
				element.found = Found.hit(values.get(element.value));
			}
		}
		send(this.cache, this.open, this::fill, (sent) -> true);
	}

	private @Nullable CacheWrite fill(Element element) {
		try {
			Read read = element.read;
			if (read == null || !element.found.isHit() || !this.storable.test(element.value, element.found.value())) {
				return null;
			}
			CacheWrite fill = this.cache.putOf(read.key(), read.entry(), element.found.value());
			return fill.sendUnlessHeld() ? fill : null;
		}
		finally {
			// Once it was sent, so that the next caller finds it.
			end(element, null);
		}
	}

	/**
	 * Returns the values that were found or loaded, in the order of the elements.
	 */
	Map<Object, @Nullable Object> result() {
		Map<Object, @Nullable Object> result = new LinkedHashMap<>();
		for (Element element : this.elements) {
			Object value = element.found.value();
			if (element.found.isHit() && (value != null || !this.storesAbsent)) {
				result.put(element.value, value);
			}
		}
		return result;
	}

	/**
	 * An element of the collection.
	 */
	private static final class Element {

		private final Object value;

		/** {@code null} if it is neither looked for nor stored. */
		private final @Nullable Read read;

		private Found found = Found.NOTHING;

		/** The load that this caller leads, or waits for. */
		private @Nullable Flight flight;

		Element(Object value, @Nullable Read read) {
			this.value = value;
			this.read = read;
		}

		private Read read() {
			return Objects.requireNonNull(this.read);
		}

	}

}
