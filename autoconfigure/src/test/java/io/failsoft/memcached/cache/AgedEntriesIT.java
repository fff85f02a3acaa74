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

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.failsoft.memcached.cache.CacheStatistics.Refresh;
import io.failsoft.memcached.cache.SingleFlight.Flight;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache.ValueRetrievalException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What is served after its time to live, and what never is. The clocks of the instances
 * are set forward, so that nothing is waited for.
 */
@ExtendWith(OutputCaptureExtension.class)
class AgedEntriesIT {

	private static final int MINUTE = 60;

	/** Longer than any test takes. */
	private static final Duration THROTTLE = Duration.ofMinutes(1);

	private final MemcachedServer server = MemcachedServer.start();

	private final List<Application> applications = new ArrayList<>();

	private final AtomicInteger loads = new AtomicInteger();

	private volatile @Nullable Exception failure;

	private volatile @Nullable String database = "v0";

	@AfterEach
	void stop() {
		this.applications.forEach(Application::close);
		this.server.close();
	}

	private Application application(UnaryOperator<MemcachedCacheSettings.Builder> settings) {
		Application application = new Application(this.server, "shop",
				(defaults) -> settings.apply(defaults.toBuilder().timeToLive(Duration.ofMinutes(1))).build());
		this.applications.add(application);
		application.awaitUp();
		return application;
	}

	private Application staleIfError() {
		return application((settings) -> settings.staleIfError(Duration.ofMinutes(10)).staleIfErrorThrottle(THROTTLE));
	}

	private Application staleWhileRevalidate() {
		return application(
				(settings) -> settings.staleWhileRevalidate(Duration.ofMinutes(10)).staleIfErrorThrottle(THROTTLE));
	}

	private @Nullable String load() throws Exception {
		this.loads.incrementAndGet();
		Exception thrown = this.failure;
		if (thrown != null) {
			throw thrown;
		}
		return this.database;
	}

	private CompletableFuture<String> loadAsync() {
		try {
			return CompletableFuture.completedFuture(load());
		}
		catch (Exception ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private @Nullable String read(Application application) {
		return application.cache("books").get("1", this::load);
	}

	private CompletableFuture<String> readAsync(Application application) {
		return application.cache("books").retrieve("1", this::loadAsync);
	}

	/**
	 * Fills the cache and lets the entry's time to live go by on all instances.
	 */
	private void age(Application application, int seconds) {
		Application.await(() -> {
			read(application);
			return application.cache("books").get("1") != null;
		});
		this.applications.forEach((one) -> one.secondsAhead.addAndGet(seconds));
		this.loads.set(0);
	}

	private static CacheStatistics figures(Application application) {
		return application.cache("books").getStatistics();
	}

	@Test
	void whenTheSourceFailsThenWhatHasAgedIsServed() {
		Application application = staleIfError();
		age(application, 2 * MINUTE);
		this.failure = new IOException("lost");
		assertThat(read(application)).isEqualTo("v0");
		assertThat(readAsync(application).join()).isEqualTo("v0");
		assertThat(figures(application).getStaleOnError()).isEqualTo(2);
	}

	@Test
	void whenTheSourceWorksThenWhatHasAgedIsLoadedAnew() {
		Application application = staleIfError();
		age(application, 2 * MINUTE);
		this.database = "v1";
		assertThat(read(application)).isEqualTo("v1");
		age(application, 2 * MINUTE);
		this.database = "v2";
		assertThat(readAsync(application).join()).isEqualTo("v2");
		assertThat(figures(application).getStaleOnError()).isZero();
	}

	@Test
	void withoutALoaderWhatHasAgedIsAMiss() {
		Application application = application((settings) -> settings.staleIfError(Duration.ofMinutes(10))
			.staleWhileRevalidate(Duration.ofMinutes(10)));
		age(application, 2 * MINUTE);
		assertThat(application.cache("books").get("1")).isNull();
		assertThat(application.cache("books").get("1", String.class)).isNull();
		assertThat(application.cache("books").retrieve("1").join()).isNull();
	}

	@Test
	void afterTheWindowTheSourcesOwnExceptionIsThrown() {
		Application application = staleIfError();
		age(application, 11 * MINUTE);
		this.failure = new IOException("lost");
		assertThatExceptionOfType(ValueRetrievalException.class).isThrownBy(() -> read(application))
			.withCause(this.failure);
	}

	@Test
	void aFailedLoadIsNotTriedAgainWithinTheThrottleByAnyInstance() {
		Application one = staleIfError();
		Application two = staleIfError();
		age(one, 2 * MINUTE);
		this.failure = new IOException("lost");
		// The second read is answered behind the mark that the load has failed.
		assertThat(read(one)).isEqualTo("v0");
		for (int i = 0; i < 20; i++) {
			assertThat(read(one)).isEqualTo("v0");
			assertThat(read(two)).isEqualTo("v0");
			assertThat(readAsync(two).join()).isEqualTo("v0");
		}
		assertThat(this.loads).hasValue(1);
		assertThat(figures(one).getStaleOnError()).isEqualTo(21);
		assertThat(figures(two).getStaleOnError()).isEqualTo(40);
	}

	@Test
	void whileTheSourceIsLostOneCallerInAThrottleTriesItWhateverTheKey() {
		Application application = staleIfError();
		MemcachedCache books = application.cache("books");
		for (int key = 1; key <= 50; key++) {
			books.put(String.valueOf(key), "v0");
		}
		this.applications.forEach((one) -> one.secondsAhead.addAndGet(2 * MINUTE));
		this.failure = new IOException("lost");
		for (int key = 1; key <= 50; key++) {
			assertThat(books.get(String.valueOf(key), this::load)).isEqualTo("v0");
		}
		assertThat(this.loads).hasValue(1);
	}

	@Test
	void whatARefreshAnswersWithAnExceptionOfItsOwnIsNotServedAnyLonger(CapturedOutput output) {
		Application application = staleWhileRevalidate();
		age(application, 2 * MINUTE);
		this.failure = new IllegalStateException("no such book");
		assertThat(read(application)).isEqualTo("v0");
		Application.await(() -> figures(application).getRefreshes(Refresh.FAILED) == 1);
		Application.await(() -> {
			try {
				read(application);
				return false;
			}
			catch (ValueRetrievalException ex) {
				return ex.getCause() == this.failure;
			}
		});
		assertThat(output)
			.contains("'books': a refresh fails, java.lang.IllegalStateException; what has aged is evicted")
			.doesNotContain("its source fails");
	}

	@Test
	void theLogSaysOnceThatTheSourceIsLostAndOnceThatItIsBack(CapturedOutput output) {
		Application application = staleIfError();
		age(application, 2 * MINUTE);
		this.failure = new IOException("lost");
		for (int i = 0; i < 5; i++) {
			assertThat(read(application)).isEqualTo("v0");
		}
		assertThat(output).containsOnlyOnce("'books': its source fails, java.io.IOException; what has aged is served")
			.doesNotContain("its source is back");
		this.failure = null;
		for (String key : List.of("2", "3")) {
			application.cache("books").get(key, this::load);
		}
		assertThat(output).containsOnlyOnce("'books': its source is back");
	}

	@Test
	void aLoadLeaseIsNotTakenForThatOfARefresh() {
		Application application = application((settings) -> settings.staleWhileRevalidate(Duration.ofMinutes(10))
			.staleIfErrorThrottle(Duration.ofMinutes(1))
			.loadLease(Duration.ofSeconds(30)));
		age(application, 2 * MINUTE);
		assertThat(read(application)).isEqualTo("v0");
		Application.await(() -> figures(application).getRefreshes(Refresh.DONE) == 1);
		application.cache("books").evict("1");
		long began = System.nanoTime();
		assertThat(read(application)).isEqualTo("v0");
		assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(15));
	}

	@Test
	void aCollectionIsServedWhatHasAgedAndRefreshesNothing() {
		Application application = staleWhileRevalidate();
		MemcachedCache books = application.cache("books");
		books.putAll(Map.of("1", "v0", "2", "v0"));
		application.secondsAhead.addAndGet(2 * MINUTE);
		assertThat(books.<String, String>getAll(List.of("1", "2"), (keys) -> Map.of("3", "v1"))).hasSize(2);
		assertThat(figures(application).getStaleOnRevalidate()).isEqualTo(2);
		assertThat(figures(application).getRefreshes(Refresh.DONE)).isZero();
	}

	@Test
	void aCollectionFallsBackIfAllThatIsMissingHasAged() {
		Application application = staleIfError();
		MemcachedCache books = application.cache("books");
		books.putAll(Map.of("1", "v0", "2", "v0"));
		application.secondsAhead.addAndGet(2 * MINUTE);
		UncheckedIOException lost = new UncheckedIOException(new IOException("lost"));
		Function<Collection<String>, Map<String, String>> loader = (keys) -> {
			throw lost;
		};
		assertThat(books.<String, String>getAll(List.of("1", "2"), loader)).containsEntry("1", "v0").hasSize(2);
		assertThat(catchThrowable(() -> books.<String, String>getAll(List.of("1", "2", "3"), loader))).isSameAs(lost);
		books.evict("2");
		assertThat(catchThrowable(() -> books.<String, String>getAll(List.of("1", "2"), loader))).isSameAs(lost);
	}

	@Test
	void whoWaitsForTheLoadOfACollectionThatFailsIsServedWhatHasAgedToo() throws Exception {
		Application application = staleIfError();
		MemcachedCache books = application.cache("books");
		books.putAll(Map.of("1", "v0", "2", "v0"));
		application.secondsAhead.addAndGet(2 * MINUTE);
		CountDownLatch release = new CountDownLatch(1);
		Supplier<Map<String, String>> read = () -> books.getAll(List.of("1", "2"), (keys) -> {
			this.loads.incrementAndGet();
			Application.await(() -> release.getCount() == 0);
			throw new SlowToTell(new IOException("lost"));
		});
		CompletableFuture<Map<String, String>> leads = CompletableFuture.supplyAsync(read,
				(task) -> new Thread(task).start());
		Application.await(() -> this.loads.get() == 1);
		List<Thread> waiting = new ArrayList<>();
		CompletableFuture<Map<String, String>> waits = CompletableFuture.supplyAsync(read, (task) -> {
			waiting.add(new Thread(task));
			waiting.get(0).start();
		});
		Application.await(() -> LockSupport.getBlocker(waiting.get(0)) instanceof Flight);
		release.countDown();
		assertThat(leads.get(20, TimeUnit.SECONDS)).containsEntry("1", "v0").hasSize(2);
		assertThat(waits.get(20, TimeUnit.SECONDS)).isEqualTo(leads.join());
		assertThat(this.loads).hasValue(1);
	}

	@Test
	void whenTheSourceIsBackThenItIsCalledAfterTheThrottle() {
		Application application = application((settings) -> settings.staleIfError(Duration.ofMinutes(10))
			.staleIfErrorThrottle(Duration.ofSeconds(1)));
		age(application, 2 * MINUTE);
		this.failure = new IOException("lost");
		assertThat(read(application)).isEqualTo("v0");
		this.failure = null;
		this.database = "v1";
		Application.await(() -> "v1".equals(read(application)));
		assertThat(this.loads).hasValue(2);
	}

	@Test
	void whatWasEvictedOrClearedIsNeverServed() {
		Application one = staleIfError();
		Application two = staleIfError();
		for (Runnable invalidation : List.<Runnable>of(() -> one.cache("books").evict("1"),
				() -> one.cache("books").clear(), () -> two.cache("books").evict("1"),
				() -> two.cache("books").clear())) {
			this.failure = null;
			age(one, 2 * MINUTE);
			this.failure = new IOException("lost");
			assertThat(read(one)).isEqualTo("v0");
			invalidation.run();
			for (Application application : List.of(one, two)) {
				assertThatExceptionOfType(ValueRetrievalException.class).isThrownBy(() -> read(application))
					.withCause(this.failure);
				assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> readAsync(application).join())
					.withCause(this.failure);
			}
		}
	}

	@Test
	void whatThisInstanceEvictsDuringTheLoadIsNotServed() {
		Application application = staleIfError();
		age(application, 2 * MINUTE);
		this.failure = new IOException("lost");
		Callable<String> loader = () -> {
			application.cache("books").evict("1");
			return load();
		};
		assertThatExceptionOfType(ValueRetrievalException.class)
			.isThrownBy(() -> application.cache("books").get("1", loader))
			.withCause(this.failure);
	}

	@Test
	void aBusinessExceptionIsNeverReplaced() {
		Application application = staleIfError();
		age(application, 2 * MINUTE);
		for (Exception business : List.of(new IllegalStateException("sold out"), new FileNotFoundException("no"))) {
			this.failure = business;
			assertThatExceptionOfType(ValueRetrievalException.class).isThrownBy(() -> read(application))
				.withCause(business);
			assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> readAsync(application).join())
				.withCause(business);
		}
		assertThat(this.loads).hasValue(4);
	}

	@Test
	void whatHasAgedIsServedAtOnceAndLoadedOnceInTheBackground() throws Exception {
		Application one = staleWhileRevalidate();
		Application two = staleWhileRevalidate();
		age(one, 2 * MINUTE);
		this.database = "v1";
		CountDownLatch release = new CountDownLatch(1);
		Callable<String> slow = () -> {
			release.await(30, TimeUnit.SECONDS);
			return load();
		};
		for (int i = 0; i < 10; i++) {
			assertThat(one.cache("books").get("1", slow)).isEqualTo("v0");
			assertThat(two.cache("books").get("1", slow)).isEqualTo("v0");
			assertThat(readAsync(two).join()).isEqualTo("v0");
		}
		release.countDown();
		Application.await(() -> figures(one).getRefreshes(Refresh.DONE) + figures(two).getRefreshes(Refresh.DONE) == 1);
		assertThat(read(one)).isEqualTo("v1");
		assertThat(read(two)).isEqualTo("v1");
		assertThat(this.loads).hasValue(1);
		assertThat(figures(one).getStaleOnRevalidate()).isEqualTo(10);
		assertThat(figures(one).getMisses()).isEqualTo(1);
	}

	@Test
	void aRefreshLosesToAnEvictionThatComesMeanwhile() throws Exception {
		Application one = staleWhileRevalidate();
		Application two = staleWhileRevalidate();
		age(one, 2 * MINUTE);
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		one.cache("books").get("1", () -> {
			String old = load();
			begun.countDown();
			release.await(30, TimeUnit.SECONDS);
			return old;
		});
		assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
		this.database = "v1";
		two.cache("books").evict("1");
		release.countDown();
		Application.await(() -> figures(one).getRefreshes(Refresh.DONE) == 1);
		assertThat(read(one)).isEqualTo("v1");
		assertThat(read(two)).isEqualTo("v1");
	}

	@Test
	void aRefreshThatFindsNoRoomIsLeftToALaterRead() throws Exception {
		Application application = staleWhileRevalidate();
		CountDownLatch release = new CountDownLatch(1);
		MemcachedCache books = application.cache("books");
		for (int i = 0; i < 20; i++) {
			books.put(i, "v0");
		}
		this.applications.forEach((one) -> one.secondsAhead.addAndGet(2 * MINUTE));
		for (int i = 0; i < 20; i++) {
			assertThat(books.get(i, () -> {
				release.await(30, TimeUnit.SECONDS);
				return "v1";
			})).isEqualTo("v0");
		}
		assertThat(figures(application).getRefreshes(Refresh.DROPPED)).isEqualTo(12);
		release.countDown();
		Application.await(() -> figures(application).getRefreshes(Refresh.DONE) == 8);
		for (int i = 0; i < 20; i++) {
			int key = i;
			Application.await(() -> "v1".equals(books.get(key, () -> "v1")));
		}
	}

	@Test
	void aRefreshThatFailsIsTriedAgainAfterTheThrottleOnly() {
		Application application = staleWhileRevalidate();
		age(application, 2 * MINUTE);
		this.failure = new IOException("lost");
		for (int i = 0; i < 20; i++) {
			assertThat(read(application)).isEqualTo("v0");
		}
		Application.await(() -> figures(application).getRefreshes(Refresh.FAILED) == 1);
		assertThat(read(application)).isEqualTo("v0");
		assertThat(this.loads).hasValue(1);
	}

	@Test
	void whoWaitsForALoadThatFailsIsCountedAsServedStaleToo() throws Exception {
		Application application = staleIfError();
		age(application, 2 * MINUTE);
		this.failure = new IOException("lost");
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		Callable<String> slow = () -> {
			begun.countDown();
			release.await(30, TimeUnit.SECONDS);
			return load();
		};
		CompletableFuture<String> leader = CompletableFuture
			.supplyAsync(() -> application.cache("books").get("1", slow), (task) -> new Thread(task).start());
		begun.await(30, TimeUnit.SECONDS);
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		CompletableFuture<String> waiter = CompletableFuture.supplyAsync(() -> {
			thread.complete(Thread.currentThread());
			return application.cache("books").get("1", this::load);
		}, (task) -> new Thread(task).start());
		Thread waiting = thread.join();
		Application.await(() -> LockSupport.getBlocker(waiting) instanceof Flight);
		release.countDown();
		assertThat(leader.join()).isEqualTo("v0");
		assertThat(waiter.join()).isEqualTo("v0");
		assertThat(this.loads).hasValue(1);
		assertThat(figures(application).getStaleOnError()).isEqualTo(2);
	}

	/**
	 * A failure that takes its time to be understood, so that those who wait are first.
	 */
	@SuppressWarnings("serial")
	private static final class SlowToTell extends UncheckedIOException {

		SlowToTell(IOException cause) {
			super(cause);
		}

		@Override
		public synchronized IOException getCause() {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
			return Objects.requireNonNull(super.getCause());
		}

	}

}
