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

import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.codec.AllowedClasses;
import io.failsoft.memcached.codec.Codecs;
import io.failsoft.memcached.codec.ValueCodec;
import io.failsoft.memcached.codec.ValueCodecException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.concurrent.ConcurrentMapCache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@ExtendWith(OutputCaptureExtension.class)
class MemcachedCacheErrorHandlerTests {

	private final Cache books = new ConcurrentMapCache("books");

	private final TestClock clock = new TestClock();

	private final Queue<Task> scheduled = new ConcurrentLinkedQueue<>();

	private final MemcachedCacheErrorHandler handler = new MemcachedCacheErrorHandler(this.clock,
			(task, delay) -> this.scheduled.add(new Task(this.clock.millis() + delay.toMillis(), task)));

	@Test
	void whenFirstFailureThenLogsOperationKeyCacheServerAndCauseAtOnce(CapturedOutput output) {
		this.handler.handleCacheGetError(down("a:1"), this.books, 42);
		assertThat(output).containsOnlyOnce("Cache 'books', key '42': get failed on memcached a:1: server is down")
			.contains("WARN");
		assertThat(this.scheduled).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "TIMEOUT", "CONNECTION_LOST", "DOWN", "OVERLOADED", "SERVER_ERROR", "PROTOCOL_ERROR",
			"INTERRUPTED" })
	void whenAServerMissesAnInvalidationThenTheLineSaysThatItIsRemembered(Reason reason, CapturedOutput output) {
		String remembered = "failed; remembered, and delivered before this instance reads there again";
		this.handler.handleCacheEvictError(MemcachedCacheExceptions.create(reason, "a:1", "evict failed"), this.books,
				1);
		assertThat(output).contains("Cache 'books', key '1': evict " + remembered).doesNotContain("without it");
		this.handler.handleCacheClearError(MemcachedCacheExceptions.create(reason, "b:1", "clear failed"), this.books);
		assertThat(output).contains("Cache 'books': clear " + remembered).doesNotContain("without it");
	}

	@ParameterizedTest
	@EnumSource
	void aFailureOfAServerHasAReasonOfItsName(Failure failure) {
		Reason reason = new MemcachedCacheException(failure, "a:1", "get", null).getReason();
		assertThat(reason.name()).isEqualTo(failure.name());
		assertThat(reason.isOfServer()).isTrue();
	}

	@Test
	void whenNothingIsLeftToDeliverThenTheLineDoesNotPromiseIt(CapturedOutput output) {
		this.handler.handleCacheEvictError(
				MemcachedCacheExceptions.create(Reason.KEY, null, "evict skipped: no stable form"), this.books, 1);
		this.handler.handleCacheClearError(new IllegalStateException("odd"), this.books);
		this.handler.handleCacheGetError(down("a:1"), this.books, 1);
		this.handler.handleCachePutError(down("b:1"), this.books, 1, "value");
		assertThat(output.getOut().lines()).hasSize(4).allMatch((line) -> line.endsWith("; going on without it"));
	}

	@Test
	void whenASummaryIsWrittenThenItsThreadTellsWhoseItIs() throws Exception {
		CompletableFuture<String> name = new CompletableFuture<>();
		MemcachedCacheErrorHandler.runLater(() -> name.complete(Thread.currentThread().getName()), Duration.ZERO);
		assertThat(name.get(10, TimeUnit.SECONDS)).isEqualTo("failsoft-memcached-log");
	}

	@Test
	void whenAClassIsRefusedThenTheLineToAddIsLoggedToItsEnd(CapturedOutput output) {
		ValueCodec codec = Codecs.jdk(getClass().getClassLoader(), AllowedClasses.of(List.of()));
		ValueCodecException refusal = catchThrowableOfType(ValueCodecException.class,
				() -> codec.encode(new RecommendationOfSimilarProducts("Emma")));
		this.handler.handleCachePutError(
				new MemcachedCacheException(Reason.CLASS_REFUSED, null,
						"put skipped, the value cannot be written: " + refusal.getMessage(), refusal),
				this.books, 1, "value");
		assertThat(output).contains("add it to application.yml: memcached.cache.allowed-classes: "
				+ RecommendationOfSimilarProducts.class.getName() + "; going on");
	}

	record RecommendationOfSimilarProducts(String title) implements Serializable {

	}

	@Test
	void whenFailuresFollowThenOneSummaryWithTheirNumberAndTheLastKey(CapturedOutput output) {
		for (int i = 0; i < 42; i++) {
			this.handler.handleCacheGetError(down("a:1"), this.books, "k" + i);
		}
		assertThat(lines(output)).isEqualTo(1);
		assertThat(this.scheduled).hasSize(1);
		elapse(10);
		assertThat(lines(output)).isEqualTo(2);
		assertThat(output).contains("And 41 more in the last 10 s, the last of them: Cache 'books', key 'k41'");
	}

	@Test
	void whenFailuresGoOnThenOneLinePerWindow(CapturedOutput output) {
		for (int second = 0; second < 60; second++) {
			for (int i = 0; i < 100; i++) {
				this.handler.handleCachePutError(down("a:1"), this.books, i, "value");
			}
			elapse(1);
		}
		assertThat(lines(output)).isBetween(6L, 8L);
		elapse(10);
		assertThat(told(output)).isEqualTo(6000);
	}

	@Test
	void whenWindowIsOverAndQuietThenNextFailureIsLoggedAtOnce(CapturedOutput output) {
		this.handler.handleCacheEvictError(down("a:1"), this.books, 1);
		elapse(11);
		this.handler.handleCacheEvictError(down("a:1"), this.books, 2);
		assertThat(output).contains("key '1'").contains("key '2'");
	}

	@Test
	void whenServersOrReasonsDifferThenEachIsLoggedAtOnce(CapturedOutput output) {
		this.handler.handleCacheGetError(down("a:1"), this.books, 1);
		this.handler.handleCacheGetError(down("b:1"), this.books, 2);
		this.handler.handleCacheGetError(MemcachedCacheExceptions.create(Reason.TIMEOUT, "a:1", "timed out"),
				this.books, 3);
		this.handler.handleCacheClearError(new IllegalStateException("odd"), this.books);
		assertThat(lines(output)).isEqualTo(4);
		assertThat(output).contains("Cache 'books': clear failed: odd");
	}

	@Test
	void whenClosedThenSummariesThatAreDueAreLogged(CapturedOutput output) {
		this.handler.handleCacheGetError(down("a:1"), this.books, 1);
		this.handler.handleCacheGetError(down("a:1"), this.books, 2);
		this.handler.close();
		assertThat(output).contains("And 1 more");
	}

	@Test
	void whenKeyHasControlCharactersOrIsLongOrCannotBePrintedThenStillOneShortLine(CapturedOutput output) {
		this.handler.handleCacheGetError(down("a:1"), this.books, "x\r\nWARN forged" + "y".repeat(10_000));
		this.handler.handleCacheGetError(down("b:1"), this.books, new Object() {

			@Override
			public String toString() {
				throw new IllegalStateException();
			}

		});
		assertThat(output).contains("x??WARN forged").contains("whose toString() failed");
		assertThat(output.getOut().lines()).hasSize(2).allMatch((line) -> line.length() < 600);
	}

	@Test
	void whenThereIsACauseThenItIsNamedWithoutStackTrace(CapturedOutput output) {
		this.handler.handleCacheGetError(
				new MemcachedCacheException(Reason.DECODE, null, "unreadable", new ClassNotFoundException("com.Gone")),
				this.books, 1);
		assertThat(output).contains("unreadable, caused by java.lang.ClassNotFoundException: com.Gone")
			.doesNotContain("\tat ");
	}

	@Test
	void whenManyThreadsFailThenEveryFailureIsToldOnce(CapturedOutput output) throws Exception {
		int threads = 8;
		CountDownLatch start = new CountDownLatch(1);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> futures = new ArrayList<>();
			for (int t = 0; t < threads; t++) {
				futures.add(executor.submit(() -> {
					start.await();
					for (int i = 0; i < 1000; i++) {
						this.handler.handleCacheGetError(down("a:1"), this.books, i);
					}
					return null;
				}));
			}
			start.countDown();
			for (Future<?> future : futures) {
				future.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
		elapse(10);
		assertThat(told(output)).isEqualTo(8000);
	}

	private static MemcachedCacheException down(@Nullable String server) {
		return MemcachedCacheExceptions.create(Reason.DOWN, server,
				"get failed on memcached " + server + ": server is down");
	}

	/**
	 * The failures that have a line of their own, and those that are summed up.
	 */
	private static long told(CapturedOutput output) {
		Pattern summary = Pattern.compile("And (\\d+) more in the last");
		long summed = summary.matcher(output.getOut())
			.results()
			.mapToLong((result) -> Long.parseLong(result.group(1)))
			.sum();
		return summed + lines(output) - summary.matcher(output.getOut()).results().count();
	}

	private static long lines(CapturedOutput output) {
		return output.getOut()
			.lines()
			.filter((line) -> line.contains("WARN") && line.contains("Cache 'books'"))
			.count();
	}

	private void elapse(int seconds) {
		for (int i = 0; i < seconds; i++) {
			this.clock.advance(1000);
			for (Task task : List.copyOf(this.scheduled)) {
				if (task.due() <= this.clock.millis() && this.scheduled.remove(task)) {
					task.action().run();
				}
			}
		}
	}

	private record Task(long due, Runnable action) {

	}

	private static final class TestClock extends Clock {

		private final AtomicLong millis = new AtomicLong(1_000_000);

		private void advance(long millis) {
			this.millis.addAndGet(millis);
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			return Instant.ofEpochMilli(this.millis.get());
		}

	}

}
