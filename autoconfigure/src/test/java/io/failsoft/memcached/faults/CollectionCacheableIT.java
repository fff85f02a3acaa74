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
package io.failsoft.memcached.faults;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.failsoft.memcached.cache.CollectionCacheEvict;
import io.failsoft.memcached.cache.CollectionCacheable;
import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AliasFor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Methods that find the values of many elements.
 */
class CollectionCacheableIT {

	private static final MemcachedServer server = MemcachedServer.start();

	private static final RunningApplication application = start(Configured.class);

	private static final Library library = application.bean(Library.class);

	private static final ExecutorService executor = Executors.newCachedThreadPool();

	private static RunningApplication start(Class<?> configuration) {
		return RunningApplication
			.start(List.of(configuration), "memcached.servers=" + server.host() + ":" + server.port(),
					"memcached.cache.reserve-time-to-live=10s", "memcached.cache.caches.off.enabled=false",
					// What is stored is expected to be found however busy the machine is.
					"memcached.operation-timeout=60s", "memcached.cache.load-window=10m")
			.up();
	}

	@AfterAll
	static void stop() {
		application.close();
		executor.shutdownNow();
		server.close();
	}

	@BeforeEach
	void forget() {
		books().clear();
		Objects.requireNonNull(application.caches().getCache("others")).clear();
		Library.calls.clear();
		Library.release = new CountDownLatch(0);
	}

	private static MemcachedCache books() {
		return (MemcachedCache) Objects.requireNonNull(application.caches().getCache("books"));
	}

	private static Map<Long, String> values(Long... ids) {
		Map<Long, String> values = new LinkedHashMap<>();
		for (Long id : ids) {
			values.put(id, "book " + id);
		}
		return values;
	}

	private static void assertSame(Map<?, ?> found, Map<?, ?> expected) {
		assertThat(new ArrayList<Object>(found.entrySet())).isEqualTo(new ArrayList<Object>(expected.entrySet()));
	}

	@Test
	void theMethodIsCalledWithWhatIsMissingAndTheResultIsCompleteInTheOrderOfTheCaller() {
		assertSame(library.find(List.of(3L, 1L)), values(3L, 1L));
		assertSame(library.find(List.of(1L, 2L, 3L, 2L)), values(1L, 2L, 3L));
		assertSame(library.find(List.of(3L, 2L)), values(3L, 2L));
		assertThat(library.find(List.of())).isEmpty();
		assertThat(Library.calls).containsExactly(List.of(3L, 1L), List.of(2L));
	}

	@Test
	void anElementSharesItsEntryWithTheMethodThatFindsOne() {
		assertThat(library.one(1L)).isEqualTo("one 1");
		assertThat(library.find(List.of(1L, 2L))).containsEntry(1L, "one 1");
		assertThat(library.one(2L)).isEqualTo("book 2");
	}

	@Test
	void theElementsAreHandedOverInTheKindOfCollectionThatIsDeclared() {
		assertSame(library.ofSet(Set.of(1L)), values(1L));
		assertSame(library.ofArray(1L, 2L), values(1L, 2L));
		assertSame(library.ofPrimitives(new long[] { 2, 3 }), values(2L, 3L));
		assertSame(library.ofList(List.of(3L, 4L)), values(3L, 4L));
		assertThat(Library.calls).containsExactly(List.of(1L), List.of(2L), List.of(3L), List.of(4L));
	}

	@Test
	void whatTheMethodLeavesOutHasNoValueAndWhatItAddsIsIgnored() {
		assertSame(library.odd(List.of(1L, 2L, 3L)), values(1L, 3L));
		assertSame(library.odd(List.of(1L, 2L, 3L)), values(1L, 3L));
		assertThat(Library.calls).containsExactly(List.of(1L, 2L, 3L), List.of(2L));
		assertThat(books().get(99L)).isNull();
		assertThat(library.nothing(List.of(7L))).isEmpty();
	}

	@Test
	void whereAbsenceIsCachedTheMethodIsNotCalledAgain() {
		for (int i = 0; i < 2; i++) {
			assertSame(library.absent(List.of(1L, 2L, 3L)), values(1L, 3L));
		}
		assertThat(Library.calls).containsExactly(List.of(1L, 2L, 3L));
		assertThat(books().get(2L)).isNotNull();
		assertThat(library.one(2L)).as("it is the null of @Cacheable, too").isNull();
	}

	@Test
	void aNullValueIsCachedAndAnElementMayBeNull() {
		Map<@Nullable Long, @Nullable String> found = library.nulls(Arrays.asList(1L, null));
		assertThat(found).containsEntry(1L, null).containsEntry(null, null);
		assertThat(library.nulls(Arrays.asList(null, 1L))).isEqualTo(found);
		assertThat(Library.calls).containsExactly(Arrays.asList(1L, null));
		assertThat(library.nullsOfArray(1L, null)).isEqualTo(found);
	}

	@Test
	@SuppressWarnings("NullAway") // what a caller must not do
	void theArgumentNullReachesTheMethod() {
		assertThatThrownBy(() -> library.find(null)).isInstanceOf(NullPointerException.class);
	}

	@Test
	void whatCannotBeAKeyIsNotCached() {
		Object refused = new Object();
		for (int i = 0; i < 2; i++) {
			assertThat(library.objects(List.of("a", refused))).containsOnlyKeys("a", refused);
		}
		assertThat(Library.calls).containsExactly(List.of("a", refused), List.of(refused));
	}

	@Test
	void otherParametersAreConditionsAndPartOfTheKey() {
		assertThat(library.translated("de", List.of(1L, 2L))).containsEntry(1L, "de 1");
		assertThat(library.translated("fr", List.of(1L))).containsEntry(1L, "fr 1");
		assertThat(library.translated("de", List.of(1L, 2L))).containsEntry(2L, "de 2");
		assertThat(books().get("2-de", String.class)).isEqualTo("de 2");
		assertThat(Library.calls).hasSize(2);
		assertThat(library.defaultKey(List.of(1L), "it")).containsEntry(1L, "it 1");
		assertThat(library.defaultKeyOfOne(1L, "it")).isEqualTo("it 1");
	}

	@Test
	void conditionAndUnlessCountPerElement() {
		for (int i = 0; i < 2; i++) {
			assertSame(library.conditional(List.of(1L, 5L, 20L)), values(1L, 5L, 20L));
		}
		assertThat(Library.calls).as("20 is not looked for, 5 is not stored")
			.containsExactly(List.of(1L, 5L, 20L), List.of(5L, 20L));
		assertThat(books().getAll(List.of(1L, 5L, 20L))).containsOnlyKeys(1L);
	}

	@Test
	void elementsAreEvictedAfterTheCallOrBeforeIt() {
		library.find(List.of(1L, 2L, 3L, 4L));
		library.remove(List.of(1L, 2L));
		assertThat(books().getAll(List.of(1L, 2L, 3L, 4L))).containsOnlyKeys(3L, 4L);
		assertThatIllegalStateException().isThrownBy(() -> library.removeAndFail(List.of(3L)));
		assertThatIllegalStateException().isThrownBy(() -> library.removeBefore(4L, null));
		assertThat(books().getAll(List.of(3L, 4L))).containsOnlyKeys(3L);
		library.removeLater(List.of(3L)).join();
		assertThat(books().getAll(List.of(3L))).isEmpty();
		library.find(List.of(3L, 4L));
		library.removeReactively(List.of(3L)).block();
		assertThat(books().getAll(List.of(3L, 4L))).containsOnlyKeys(4L);
		library.removeAlsoFromOff(List.of(4L));
		assertThat(books().getAll(List.of(4L))).isEmpty();
	}

	@Test
	void withoutThisLibraryAnEvictionClearsTheCache() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean(ConcurrentMapCacheManager.class);
			context.register(Spring.class, Configured.class);
			context.refresh();
			Library books = context.getBean(Library.class);
			assertThat(books.one(1L)).isEqualTo("one 1");
			Cache cache = Objects.requireNonNull(context.getBean(CacheManager.class).getCache("books"));
			assertThat(cache.get(1L)).isNotNull();
			books.remove(List.of(1L));
			assertThat(cache.get(1L)).isNull();
		}
	}

	@EnableCaching
	static class Spring {

	}

	@Test
	void futuresAndMonosAreOfTheSameElements() throws Exception {
		assertSame(library.later(List.of(1L, 2L)).get(20, TimeUnit.SECONDS), values(1L, 2L));
		assertSame(library.later(List.of(2L, 1L)).get(20, TimeUnit.SECONDS), values(2L, 1L));
		Mono<Map<Long, String>> mono = library.reactive(List.of(2L, 3L));
		assertThat(Library.calls).hasSize(1);
		assertSame(Objects.requireNonNull(mono.block()), values(2L, 3L));
		assertSame(Objects.requireNonNull(mono.block()), values(2L, 3L));
		assertThat(Library.calls).containsExactly(List.of(1L, 2L), List.of(3L));
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> library.later(List.of(-1L)).get(20, TimeUnit.SECONDS))
			.withCauseInstanceOf(IllegalArgumentException.class);
		assertThatThrownBy(() -> library.reactive(List.of(-1L)).block()).isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void theMethodOfAMonoSeesTheContextOfTheSubscriber() {
		Mono<Map<Long, String>> mono = library.inContext(List.of(1L))
			.contextWrite((context) -> context.put("who", "me "));
		assertThat(mono.block()).containsEntry(1L, "me 1");
	}

	@Test
	void whenTheSubscriberCancelsThenTheMethodsMonoIsCancelledToo() {
		Disposable subscription = library.endlessly(List.of(1L)).subscribe();
		Polling.until("the method is called", () -> Library.calls.size() == 1);
		assertThat(Library.cancelled).isFalse();
		subscription.dispose();
		Polling.until("its Mono is cancelled", Library.cancelled::get);
	}

	@Test
	void anExceptionOfTheMethodIsThrownAsItIs() {
		assertThatThrownBy(() -> library.checked(List.of(1L))).isInstanceOf(IOException.class);
		Object refused = new Object();
		assertThatThrownBy(() -> library.objects(List.of(refused, -1L))).isInstanceOf(IllegalArgumentException.class);
		for (Function<Collection<Long>, Mono<?>> method : List
			.<Function<Collection<Long>, Mono<?>>>of(library::throwing, library::throwingWithoutCache)) {
			assertThatThrownBy(() -> method.apply(List.of(1L)).block())
				.isInstanceOf(UnsupportedOperationException.class);
		}
	}

	@Test
	void metaAnnotationsInterfacesAndTheNamesOfTheClassCount() {
		Shelf shelf = application.bean(Shelf.class);
		for (int i = 0; i < 2; i++) {
			assertThat(shelf.byInterface(List.of(1L))).containsEntry(1L, "shelf 1");
			assertThat(shelf.byMetaAnnotation(List.of(2L))).containsEntry(2L, "shelf 2");
		}
		assertThat(Library.calls).containsExactly(List.of(1L), List.of(2L));
		assertThat(Objects.requireNonNull(application.caches().getCache("others")).get(2L)).isNotNull();
	}

	@Test
	void whereTheCacheIsDisabledTheMethodIsCalledWithAll() {
		for (int i = 0; i < 2; i++) {
			assertSame(library.off(List.of(1L)), values(1L));
		}
		assertThat(Library.calls).hasSize(2);
	}

	@Test
	void tenThousandElements() {
		Long[] ids = IntStream.range(0, 10_000).mapToObj(Long::valueOf).toArray(Long[]::new);
		assertSame(library.ofList(Arrays.asList(ids)), values(ids));
		assertSame(library.ofList(Arrays.asList(ids)), values(ids));
		assertThat(Library.calls).hasSize(1);
		assertThat(books().getStatistics().getFailures(Reason.TIMEOUT)).isZero();
	}

	@Test
	void callersWhoMissTogetherInAnOutageLoadEachElementOnce() throws Exception {
		try (MemcachedServer lost = MemcachedServer.start();
				RunningApplication other = RunningApplication
					.start(List.of(Configured.class), "memcached.servers=" + lost.host() + ":" + lost.port(),
							"memcached.cache.reserve-time-to-live=10s")
					.up()) {
			lost.kill();
			Polling.until("the server is lost", () -> other.servers().get(0).state() != State.UP);
			Library books = other.bean(Library.class);
			Library.release = new CountDownLatch(1);
			List<Future<Map<Long, String>>> callers = new ArrayList<>();
			callers.add(executor.submit(() -> books.find(List.of(1L, 2L))));
			Polling.until("the first leads", () -> Library.calls.size() == 1);
			callers.add(executor.submit(() -> books.find(List.of(2L, 3L))));
			Polling.until("the second leads the rest", () -> Library.calls.size() == 2);
			Future<String> single = executor.submit(() -> books.one(3L));
			Library.release.countDown();
			assertThat(callers.get(0).get(20, TimeUnit.SECONDS)).isEqualTo(values(1L, 2L));
			assertThat(callers.get(1).get(20, TimeUnit.SECONDS)).isEqualTo(values(2L, 3L));
			assertThat(single.get(20, TimeUnit.SECONDS)).isEqualTo("book 3");
			assertThat(books.find(List.of(1L, 2L, 3L))).isEqualTo(values(1L, 2L, 3L));
			assertThat(Library.calls).containsExactly(List.of(1L, 2L), List.of(3L));
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { TwoCollections.class, NoCollection.class, NoMap.class, OfFlux.class, WithCacheable.class,
			Both.class, TwoCaches.class, NoCache.class, NoSuchCollection.class, EvictingFlux.class, BadExpression.class,
			OfConcurrentMap.class, LaterOfSortedMap.class, OfOtherKeys.class })
	void whatDoesNotFitStopsTheStartWithTheRemedy(Class<?> unfit) {
		assertThatThrownBy(() -> start(unfit)).rootCause()
			.satisfies((cause) -> assertThat(String.valueOf(cause.getMessage())).matches(
					"(?s).*(@CollectionCacheable or @CollectionCacheEvict on .*find.* (Use|Declare|Return|Name) .*|"
							+ "(?i)expression.*)"));
	}

	static class TwoCollections {

		@CollectionCacheable("books")
		public Map<Long, String> find(List<Long> ids, Set<Long> others) {
			return Map.of();
		}

	}

	static class NoCollection {

		@CollectionCacheable("books")
		public Map<Long, String> find(Long id) {
			return Map.of();
		}

	}

	static class OfConcurrentMap {

		@CollectionCacheable("books")
		public ConcurrentMap<Long, String> find(List<Long> ids) {
			return new ConcurrentHashMap<>();
		}

	}

	static class LaterOfSortedMap {

		@CollectionCacheable("books")
		public Mono<SortedMap<Long, String>> find(List<Long> ids) {
			return Mono.empty();
		}

	}

	static class OfOtherKeys {

		@CollectionCacheable("books")
		public Map<String, String> find(List<Long> ids) {
			return Map.of();
		}

	}

	static class NoMap {

		@CollectionCacheable("books")
		public List<String> find(List<Long> ids) {
			return List.of();
		}

	}

	static class OfFlux {

		@CollectionCacheable("books")
		public Flux<Map<Long, String>> find(List<Long> ids) {
			return Flux.empty();
		}

	}

	static class WithCacheable {

		@CollectionCacheable("books")
		@Cacheable("books")
		public Map<Long, String> find(List<Long> ids) {
			return Map.of();
		}

	}

	static class Both {

		@CollectionCacheable("books")
		@CollectionCacheEvict("others")
		public Map<Long, String> find(List<Long> ids) {
			return Map.of();
		}

	}

	static class TwoCaches {

		@CollectionCacheable({ "books", "others" })
		public Map<Long, String> find(List<Long> ids) {
			return Map.of();
		}

	}

	static class NoCache {

		@CollectionCacheEvict
		public void find(List<Long> ids) {
		}

	}

	static class NoSuchCollection {

		@CollectionCacheable("books")
		public Map<Long, String> find(ArrayBlockingQueue<Long> ids) {
			return Map.of();
		}

	}

	static class EvictingFlux {

		@CollectionCacheEvict("books")
		public Flux<String> find(List<Long> ids) {
			return Flux.empty();
		}

	}

	static class BadExpression {

		@CollectionCacheable(cacheNames = "books", key = "#element +")
		public Map<Long, String> find(List<Long> ids) {
			return Map.of();
		}

	}

	interface Shelf {

		@CollectionCacheable
		Map<Long, String> byInterface(Collection<Long> ids);

		Map<Long, String> byMetaAnnotation(Collection<Long> ids);

	}

	@CollectionCacheable
	@Retention(RetentionPolicy.RUNTIME)
	@interface Cached {

		@AliasFor(annotation = CollectionCacheable.class)
		String[] cacheNames() default "others";

	}

	@CacheConfig(cacheNames = "books")
	static class WoodenShelf implements Shelf {

		@Override
		public Map<Long, String> byInterface(Collection<Long> ids) {
			return Library.load(ids, "shelf ");
		}

		@Override
		@Cached
		public Map<Long, String> byMetaAnnotation(Collection<Long> ids) {
			return Library.load(ids, "shelf ");
		}

	}

	static class Library {

		static final List<Collection<?>> calls = new CopyOnWriteArrayList<>();

		static final AtomicBoolean cancelled = new AtomicBoolean();

		static volatile CountDownLatch release = new CountDownLatch(0);

		static <K> Map<K, String> load(Collection<K> ids, String prefix) {
			calls.add(new ArrayList<>(ids));
			try {
				assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			Map<K, String> values = new HashMap<>();
			for (K id : ids) {
				if (Long.valueOf(-1).equals(id)) {
					throw new IllegalArgumentException("no such book");
				}
				values.put(id, prefix + id);
			}
			return values;
		}

		@Cacheable("books")
		public @Nullable String one(Long id) {
			return "one " + id;
		}

		@CollectionCacheable("books")
		public Map<Long, String> find(Collection<Long> ids) {
			return load(ids, "book ");
		}

		@CollectionCacheable("books")
		public Map<Long, String> ofSet(Set<Long> ids) {
			return load(ids, "book ");
		}

		@CollectionCacheable("books")
		public Map<Long, String> ofList(List<Long> ids) {
			return load(ids, "book ");
		}

		@CollectionCacheable("books")
		public Map<Long, String> ofArray(Long... ids) {
			return load(List.of(ids), "book ");
		}

		@CollectionCacheable("books")
		public Map<Long, String> ofPrimitives(long[] ids) {
			return load(Arrays.stream(ids).boxed().toList(), "book ");
		}

		@CollectionCacheable("off")
		public Map<Long, String> off(Collection<Long> ids) {
			return load(ids, "book ");
		}

		@CollectionCacheable("books")
		public Map<Long, String> odd(List<Long> ids) {
			Map<Long, String> values = load(ids, "book ");
			values.keySet().removeIf((id) -> id % 2 == 0);
			values.put(99L, "nobody asked");
			return values;
		}

		@CollectionCacheable("books")
		public @Nullable Map<Long, String> nothing(List<Long> ids) {
			return null;
		}

		@CollectionCacheable(cacheNames = "books", cacheAbsent = true)
		public Map<Long, String> absent(List<Long> ids) {
			Map<Long, String> values = load(ids, "book ");
			values.keySet().removeIf((id) -> id % 2 == 0);
			return values;
		}

		@CollectionCacheable("books")
		public Map<@Nullable Long, @Nullable String> nulls(Collection<@Nullable Long> ids) {
			Map<@Nullable Long, @Nullable String> values = new HashMap<>(load(ids, ""));
			values.replaceAll((id, value) -> null);
			return values;
		}

		@CollectionCacheable("books")
		public Map<Object, String> objects(Collection<Object> ids) {
			return load(ids, "value ");
		}

		@CollectionCacheable(cacheNames = "books", key = "#element + '-' + #language")
		public Map<Long, String> translated(String language, Collection<Long> ids) {
			return load(ids, language + " ");
		}

		@CollectionCacheable("others")
		public Map<Long, String> defaultKey(Collection<Long> ids, String language) {
			return load(ids, language + " ");
		}

		@Cacheable("others")
		public String defaultKeyOfOne(Long id, String language) {
			throw new IllegalStateException("called");
		}

		@CollectionCacheable(cacheNames = "books", condition = "#element < 10", unless = "#result.endsWith('5')")
		public Map<Long, String> conditional(Collection<Long> ids) {
			return load(ids, "book ");
		}

		@CollectionCacheable("books")
		public CompletableFuture<Map<Long, String>> later(Collection<Long> ids) {
			Map<Long, String> loaded = load(ids, "book ");
			return CompletableFuture.supplyAsync(() -> loaded);
		}

		@CollectionCacheable("books")
		public Mono<Map<Long, String>> reactive(Collection<Long> ids) {
			return Mono.fromSupplier(() -> load(ids, "book "));
		}

		@CollectionCacheable("books")
		public Mono<Map<Long, String>> endlessly(Collection<Long> ids) {
			calls.add(ids);
			return Mono.<Map<Long, String>>never().doOnCancel(() -> cancelled.set(true));
		}

		@CollectionCacheable("books")
		public Mono<Map<Long, String>> throwing(Collection<Long> ids) {
			throw new UnsupportedOperationException();
		}

		@CollectionCacheable("off")
		public Mono<Map<Long, String>> throwingWithoutCache(Collection<Long> ids) {
			throw new UnsupportedOperationException();
		}

		@CollectionCacheable("books")
		public Map<@Nullable Long, @Nullable String> nullsOfArray(@Nullable Long... ids) {
			throw new IllegalStateException("called");
		}

		@CollectionCacheEvict({ "off", "books" })
		public void removeAlsoFromOff(Collection<Long> ids) {
		}

		@CollectionCacheable("books")
		public Mono<Map<Long, String>> inContext(Collection<Long> ids) {
			return Mono.deferContextual((context) -> Mono.just(load(ids, context.get("who"))));
		}

		@CollectionCacheable("books")
		public Map<Long, String> checked(Collection<Long> ids) throws IOException {
			throw new IOException("disk");
		}

		@CollectionCacheEvict("books")
		public void remove(Collection<Long> ids) {
		}

		@CollectionCacheEvict("books")
		public void removeAndFail(Collection<Long> ids) {
			throw new IllegalStateException("failed");
		}

		@CollectionCacheEvict(cacheNames = "books", beforeInvocation = true)
		public void removeBefore(@Nullable Long... ids) {
			throw new IllegalStateException("failed");
		}

		@CollectionCacheEvict({ "books", "others" })
		public CompletableFuture<Void> removeLater(Collection<Long> ids) {
			return CompletableFuture.completedFuture(null);
		}

		@CollectionCacheEvict("books")
		public Mono<Void> removeReactively(Collection<Long> ids) {
			return Mono.empty();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean
		Library library() {
			return new Library();
		}

		@Bean
		WoodenShelf shelf() {
			return new WoodenShelf();
		}

	}

}
