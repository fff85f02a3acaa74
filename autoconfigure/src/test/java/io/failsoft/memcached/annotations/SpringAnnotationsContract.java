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

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.aop.support.AopUtils;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What Spring's own annotations do.
 */
abstract class SpringAnnotationsContract extends BookshopContract {

	private Books books() {
		return shop().bean(Books.class);
	}

	private @Nullable Object inCache(String cache, Object key) {
		Cache.ValueWrapper wrapper = cache(cache).get(key);
		return (wrapper != null) ? wrapper.get() : null;
	}

	private void assertCalls(int calls) {
		assertThat(shop().calls().count()).as("calls of the method itself").isEqualTo(calls);
	}

	private void assertCached(Invocation invocation) {
		int before = shop().calls().count();
		Object first = invocation.result();
		assertThat(invocation.result()).isEqualTo(first);
		assertCalls(before + 1);
	}

	private void assertNotCached(Invocation invocation) {
		int before = shop().calls().count();
		invocation.result();
		invocation.result();
		assertCalls(before + 2);
	}

	private static void assertOutOfPrint(Runnable invocation) {
		assertThatExceptionOfType(OutOfPrint.class).isThrownBy(invocation::run);
	}

	@Test
	void aSecondCallIsAHit() {
		assertCached(() -> books().find("1"));
		assertCached(() -> books().find("2"));
		assertThat(inCache("books", "1")).isEqualTo(new Book("1", 1));
	}

	@Test
	void nullIsAHitToo() {
		assertCached(() -> books().find("none"));
		assertCached(() -> books().findOnce("nobody"));
	}

	@Test
	void anExceptionReachesTheCallerAndIsNotCached() {
		assertOutOfPrint(() -> books().find("out 1"));
		assertOutOfPrint(() -> books().find("out 1"));
		assertOutOfPrint(() -> books().findOnce("out 1"));
		assertCalls(3);
	}

	@Test
	void whenSyncThenManyCallersLoadOnce() {
		List<CompletableFuture<@Nullable Book>> futures = IntStream.range(0, 20)
			.mapToObj((i) -> CompletableFuture.<@Nullable Book>supplyAsync(() -> books().findOnce("1")))
			.toList();
		assertThat(futures).allSatisfy((future) -> assertThat(future.join()).isEqualTo(new Book("1", 1)));
		assertCalls(1);
		assertThat(books().find("1")).as("shared with what is not sync").isEqualTo(new Book("1", 1));
	}

	@Test
	void whereTheConditionDoesNotHoldThereIsNoCache() {
		assertCached(() -> books().findShort("1"));
		assertNotCached(() -> books().findShort("12345"));
		cache("books").put("54321", new Book("cached", 0));
		assertThat(books().findShort("54321")).as("not read either").isNotEqualTo(new Book("cached", 0));
	}

	@Test
	void whatUnlessExcludesIsNotStoredButIsRead() {
		assertCached(() -> books().findUnlessDraft("1"));
		assertNotCached(() -> books().findUnlessDraft("draft 1"));
		assertNotCached(() -> books().findUnlessDraft("none"));
		cache("books").put("draft 2", new Book("draft 2", 0));
		assertThat(books().findUnlessDraft("draft 2")).isEqualTo(new Book("draft 2", 0));
	}

	@Test
	void keysAreSpringExpressions() {
		assertCached(() -> books().findByProperty(new Book("1", 7)));
		assertThat(inCache("books", "1")).isEqualTo(new Book("1", 1));
		assertCached(() -> books().findByRoot("1"));
		assertThat(inCache("keyed", "findByRoot:Books:1")).isEqualTo(new Book("1", 2));
		assertCached(() -> books().findByList("1", "en"));
		assertCached(() -> books().findByList("1", "de"));
		assertThat(inCache("keyed", List.of("1", "de"))).isEqualTo(new Book("1de", 4));
	}

	@Test
	void keysAreMadeOfAllArguments() {
		assertCached(() -> books().findBy("1", "en"));
		assertCached(() -> books().findBy("1e", "n"));
		assertThat(inCache("several", new SimpleKey("1", "en"))).isEqualTo(new Book("1en", 1));
		assertCached(() -> books().findAny());
		assertThat(inCache("several", SimpleKey.EMPTY)).isEqualTo(new Book("any", 3));
		assertCached(() -> books().findAll("1", "2"));
		assertCached(() -> books().findAll("2", "1"));
		assertCached(() -> books().findAll("1,2"));
	}

	@Test
	void aKeyGeneratorMakesTheKeys() {
		assertCached(() -> books().findGenerated("1"));
		assertThat(inCache("keyed", "findGenerated[1]")).isEqualTo(new Book("1", 1));
	}

	@Test
	void ofSeveralCachesAnyOneWillDo() {
		assertCached(() -> books().findInTwo("1"));
		assertThat(inCache("first", "1")).isEqualTo(new Book("1", 1));
		assertThat(inCache("second", "1")).isEqualTo(new Book("1", 1));
		cache("first").evict("1");
		assertThat(books().findInTwo("1")).as("from the second").isEqualTo(new Book("1", 1));
		cache("second").evict("1");
		assertThat(books().findInTwo("1")).isEqualTo(new Book("1", 2));
	}

	@Test
	void anAnnotationMayNameItsManager() {
		assertCached(() -> books().findInSecondManager("1"));
		assertThat(inCache("books", "1")).as("not in the default one").isNull();
		assertCached(() -> books().find("1"));
	}

	@Test
	void anAnnotationMayNameItsResolver() {
		assertCached(() -> books().findInResolved("1"));
		assertThat(inCache("resolved", "1")).isEqualTo(new Book("1", 1));
	}

	@Test
	void aPutReplacesWhatIsCached() {
		assertThat(books().find("1")).isEqualTo(new Book("1", 1));
		assertThat(books().print("1")).isEqualTo(new Book("1", 2));
		assertThat(books().print("1")).isEqualTo(new Book("1", 3));
		assertThat(books().find("1")).isEqualTo(new Book("1", 3));
		assertOutOfPrint(() -> books().print("out 1"));
		assertThat(cache("books").get("out 1")).isNull();
	}

	@Test
	void aPutHasItsConditions() {
		books().printSome("1");
		assertThat(inCache("books", "1")).isEqualTo(new Book("1", 1));
		books().printSome("never");
		assertThat(inCache("books", "never")).isNull();
		books().printSome("draft 1");
		assertThat(inCache("books", "draft 1")).isNull();
	}

	@Test
	void anEvictionComesAfterTheMethodAndNotIfThatFails() {
		books().find("1");
		books().find("2");
		books().burn("1");
		assertThat(cache("books").get("1")).isNull();
		assertThat(cache("books").get("2")).isNotNull();
		cache("books").put("out 1", new Book("out 1", 0));
		assertOutOfPrint(() -> books().burn("out 1"));
		assertThat(cache("books").get("out 1")).isNotNull();
	}

	@Test
	void anEvictionBeforeTheMethodComesAlsoIfThatFails() {
		cache("books").put("out 1", new Book("out 1", 0));
		assertOutOfPrint(() -> books().burnFirst("out 1"));
		assertThat(cache("books").get("out 1")).isNull();
	}

	@Test
	void anEvictionHasItsKeyAndItsCondition() {
		books().find("1");
		books().burnPrinted(new Book("1", 0));
		assertThat(cache("books").get("1")).isNotNull();
		books().burnPrinted(new Book("1", 1));
		assertThat(cache("books").get("1")).isNull();
	}

	@Test
	void allEntriesOfOneCacheAreEvicted() {
		books().find("1");
		books().find("2");
		books().findBy("1", "en");
		assertOutOfPrint(() -> books().burnAll("out 1"));
		assertThat(cache("books").get("1")).isNotNull();
		books().burnAll("1");
		assertThat(cache("books").get("1")).isNull();
		assertThat(cache("books").get("2")).isNull();
		assertThat(inCache("several", new SimpleKey("1", "en"))).isNotNull();
		books().find("1");
		assertOutOfPrint(() -> books().burnAllFirst("out 1"));
		assertThat(cache("books").get("1")).isNull();
	}

	@Test
	void oneMethodMayHaveSeveralOperations() {
		books().find("1");
		books().findAny();
		Book moved = books().move("1");
		assertThat(inCache("first", "1")).isEqualTo(moved);
		assertThat(inCache("second", "1")).isEqualTo(moved);
		assertThat(cache("books").get("1")).isNull();
		assertThat(cache("several").get(SimpleKey.EMPTY)).isNull();
		assertThat(books().move("1")).as("a put always runs the method").isNotEqualTo(moved);
	}

	@Test
	void annotationsMayBeComposed() {
		assertCached(() -> books().composed("1"));
		assertThat(inCache("first", "1")).isEqualTo(new Book("1", 1));
		assertCached(() -> books().composedWithKey("1"));
		assertThat(inCache("keyed", "composed 1")).isEqualTo(new Book("1", 2));
	}

	@Test
	void aClassConfiguresItsAnnotations() {
		Shelf<Book> shelf = shop().shelf("configuredShelf");
		assertCached(() -> shelf.take("1"));
		assertThat(cache("configured").get("take[1]")).as("not in the default manager").isNull();
		Cache second = Objects.requireNonNull(shop().manager("second").getCache("configured"));
		assertThat(second.get("take[1]", Book.class)).isEqualTo(new Book("1", 1));
		shelf.clear();
		assertThat(second.get("take[1]")).isNull();
	}

	@Test
	void theAnnotationsOfAnInterfaceOfGenericTypeHold() {
		Shelf<Book> shelf = shop().shelf("plainShelf");
		assertThat(AopUtils.isJdkDynamicProxy(shelf)).isTrue();
		assertCached(() -> shelf.take("1"));
		assertThat(inCache("shelf", "1")).isEqualTo(new Book("1", 1));
		shelf.clear();
		assertThat(cache("shelf").get("1")).isNull();
	}

	@Test
	void anOptionalIsUnwrapped() {
		assertCached(() -> books().findOptional("1"));
		assertThat(inCache("optional", "1")).isEqualTo(new Book("1", 1));
		assertCached(() -> books().findOptional("none"));
		assertThat(books().findOptional("none")).isEqualTo(Optional.empty());
		assertThat(cache("optional").get("none")).as("null is cached").isNotNull();
		assertNotCached(() -> books().findOptionalUnlessEmpty("no 2"));
		assertCached(() -> books().findOptionalOnce("3"));
		assertCached(() -> books().findOptionalOnce("no 3"));
	}

	@Test
	void genericTypesAndPrimitivesAreCached() {
		assertCached(() -> books().findByLanguage(Set.of("en", "de")));
		assertCached(() -> books().sorted(List.of("b", "a")));
		assertCached(() -> books().sorted(List.of(2, 1)));
		assertCached(() -> books().count("1"));
	}

	@FunctionalInterface
	private interface Invocation {

		@Nullable Object result();

	}

}
