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

package io.failsoft.memcached.annotations;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What Spring's annotations do where a method returns a future or a publisher.
 */
abstract class AsynchronousReturnTypesContract extends BookshopContract {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private AsynchronousBooks books() {
		return shop().bean(AsynchronousBooks.class);
	}

	private boolean isCached(String cache, String key) {
		return cache(cache).get(key) != null;
	}

	private <R> void assertCached(Method<R> invocation, String isbn) {
		int before = shop().calls().count();
		R first = invocation.call(isbn);
		R second = invocation.call(isbn);
		assertThat(second).isEqualTo(first);
		assertThat(shop().calls().count()).as("calls of the method itself").isEqualTo(before + 1);
	}

	private <R> void assertNotCached(Method<R> invocation, String isbn) {
		int before = shop().calls().count();
		invocation.call(isbn);
		invocation.call(isbn);
		assertThat(shop().calls().count()).as("calls of the method itself").isEqualTo(before + 2);
	}

	private void assertOutOfPrintIsNotCached(Method<?> invocation) {
		int before = shop().calls().count();
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(OutOfPrint.class).isThrownBy(() -> invocation.call("out 1"));
		}
		assertThat(shop().calls().count()).as("calls of the method itself").isEqualTo(before + 2);
	}

	private static Method<Book> joined(Function<String, CompletableFuture<Book>> method) {
		return (isbn) -> {
			try {
				return method.apply(isbn).orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
			}
			catch (CompletionException ex) {
				if (ex.getCause() instanceof OutOfPrint outOfPrint) {
					throw outOfPrint;
				}
				throw ex;
			}
		};
	}

	private static Method<Book> blocked(Function<String, Mono<Book>> method) {
		return (isbn) -> method.apply(isbn).block(LIMIT);
	}

	private static Method<List<Book>> collected(Function<String, Flux<Book>> method) {
		return (isbn) -> method.apply(isbn).collectList().block(LIMIT);
	}

	@Test
	void aFutureIsCached() {
		Method<Book> future = joined(books()::future);
		assertCached(future, "1");
		assertCached(future, "none");
		assertOutOfPrintIsNotCached(future);
		assertThat(future.call("1")).isEqualTo(new Book("1", 1));
	}

	@Test
	void aFutureIsLoadedOnceWhenSync() {
		Method<Book> future = joined(books()::futureOnce);
		assertCached(future, "1");
		assertCached(future, "none");
		assertOutOfPrintIsNotCached(future);
	}

	@Test
	void aFutureIsPutAndEvicted() {
		Method<Book> future = joined(books()::future);
		future.call("1");
		assertThat(joined(books()::futurePut).call("1")).isEqualTo(new Book("1", 2));
		assertThat(future.call("1")).isEqualTo(new Book("1", 2));
		assertOutOfPrintIsNotCached(joined(books()::futurePut));
		joined(books()::futureEvict).call("1");
		assertThat(isCached("books", "1")).isFalse();
	}

	@Test
	void aMonoIsCached() {
		Method<Book> mono = blocked(books()::mono);
		assertCached(mono, "1");
		assertCached(mono, "none");
		assertOutOfPrintIsNotCached(mono);
		assertThat(mono.call("1")).isEqualTo(new Book("1", 1));
	}

	@Test
	void aMonoThatIsSubscribedToTwiceIsCached() {
		Mono<Book> mono = books().mono("1");
		Book first = mono.block(LIMIT);
		assertThat(first).isEqualTo(new Book("1", 1));
		assertThat(books().mono("1").block(LIMIT)).isEqualTo(first);
	}

	@Test
	void aMonoIsLoadedOnceWhenSync() {
		Method<Book> mono = blocked(books()::monoOnce);
		assertCached(mono, "1");
		assertCached(mono, "none");
		assertOutOfPrintIsNotCached(mono);
	}

	@Test
	void aMonoIsPutAndEvicted() {
		Method<Book> mono = blocked(books()::mono);
		mono.call("1");
		assertThat(blocked(books()::monoPut).call("1")).isEqualTo(new Book("1", 2));
		assertThat(mono.call("1")).isEqualTo(new Book("1", 2));
		blocked(books()::monoEvict).call("1");
		assertThat(isCached("monos", "1")).isFalse();
	}

	@Test
	void aMonoHasItsConditions() {
		Method<Book> mono = blocked(books()::monoSome);
		assertCached(mono, "1");
		assertNotCached(mono, "123456");
		assertNotCached(mono, "draft");
		assertNotCached(mono, "no");
	}

	@Test
	void aFluxIsCachedAsAList() {
		Method<List<Book>> flux = collected(books()::flux);
		assertCached(flux, "1");
		assertThat(flux.call("1")).containsExactly(new Book("1", 1), new Book("second", 1));
		assertCached(flux, "none");
		assertThat(flux.call("none")).isEmpty();
		assertOutOfPrintIsNotCached(flux);
	}

	@Test
	void aFluxIsLoadedOnceWhenSync() {
		Method<List<Book>> flux = collected(books()::fluxOnce);
		assertCached(flux, "1");
		assertCached(flux, "none");
		assertOutOfPrintIsNotCached(flux);
	}

	@Test
	void aMonoOfNothingClears() {
		collected(books()::flux).call("1");
		books().fluxClear().block(LIMIT);
		assertThat(isCached("fluxes", "1")).isFalse();
	}

	@FunctionalInterface
	private interface Method<R> {

		@Nullable R call(String isbn);

	}

}
