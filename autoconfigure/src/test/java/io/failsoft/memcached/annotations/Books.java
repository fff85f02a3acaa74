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

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.core.annotation.AliasFor;

/**
 * A service with each of Spring's annotations. Books whose number begins with {@code out}
 * are out of print, those that begin with {@code no} do not exist.
 */
class Books {

	private final Calls calls;

	Books(Calls calls) {
		this.calls = calls;
	}

	private Book book(String isbn) {
		int call = this.calls.next();
		if (isbn.startsWith("out")) {
			throw new OutOfPrint(isbn);
		}
		return new Book(isbn, call);
	}

	private @Nullable Book bookOrNull(String isbn) {
		Book book = book(isbn);
		return isbn.startsWith("no") ? null : book;
	}

	@Cacheable("books")
	public @Nullable Book find(String isbn) {
		return bookOrNull(isbn);
	}

	@Cacheable(cacheNames = "books", sync = true)
	public @Nullable Book findOnce(String isbn) {
		return bookOrNull(isbn);
	}

	@Cacheable(cacheNames = "books", condition = "#isbn.length() < 5")
	public @Nullable Book findShort(String isbn) {
		return bookOrNull(isbn);
	}

	@Cacheable(cacheNames = "books", unless = "#result == null or #result.draft")
	public @Nullable Book findUnlessDraft(String isbn) {
		return bookOrNull(isbn);
	}

	@Cacheable(cacheNames = "books", key = "#wanted.isbn")
	public Book findByProperty(Book wanted) {
		return book(wanted.isbn());
	}

	@Cacheable(cacheNames = "keyed", key = "#root.methodName + ':' + #root.targetClass.simpleName + ':' + #p0")
	public Book findByRoot(String isbn) {
		return book(isbn);
	}

	@Cacheable(cacheNames = "keyed", key = "{#isbn, #language}")
	public Book findByList(String isbn, String language) {
		return book(isbn + language);
	}

	@Cacheable(cacheNames = "keyed", keyGenerator = "methodKeys")
	public Book findGenerated(String isbn) {
		return book(isbn);
	}

	@Cacheable("several")
	public Book findBy(String isbn, String language) {
		return book(isbn + language);
	}

	@Cacheable("several")
	public Book findAny() {
		return book("any");
	}

	@Cacheable("several")
	public List<Book> findAll(String... isbns) {
		int call = this.calls.next();
		return List.of(isbns).stream().map((isbn) -> new Book(isbn, call)).toList();
	}

	@Cacheable({ "first", "second" })
	public Book findInTwo(String isbn) {
		return book(isbn);
	}

	@Cacheable(cacheNames = "books", cacheManager = "second")
	public Book findInSecondManager(String isbn) {
		return book(isbn);
	}

	@Cacheable(cacheResolver = "resolver")
	public Book findInResolved(String isbn) {
		return book(isbn);
	}

	@CachePut(cacheNames = "books", key = "#isbn")
	public Book print(String isbn) {
		return book(isbn);
	}

	@CachePut(cacheNames = "books", key = "#result.isbn", condition = "#isbn != 'never'", unless = "#result.draft")
	public Book printSome(String isbn) {
		return book(isbn);
	}

	@CacheEvict("books")
	public void burn(String isbn) {
		book(isbn);
	}

	@CacheEvict(cacheNames = "books", beforeInvocation = true)
	public void burnFirst(String isbn) {
		book(isbn);
	}

	@CacheEvict(cacheNames = "books", key = "#book.isbn", condition = "#book.edition > 0")
	public void burnPrinted(Book book) {
		book(book.isbn());
	}

	@CacheEvict(cacheNames = "books", allEntries = true)
	public void burnAll(String isbn) {
		book(isbn);
	}

	@CacheEvict(cacheNames = "books", allEntries = true, beforeInvocation = true)
	public void burnAllFirst(String isbn) {
		book(isbn);
	}

	@Caching(cacheable = @Cacheable("first"), put = @CachePut("second"),
			evict = { @CacheEvict("books"), @CacheEvict(cacheNames = "several", allEntries = true) })
	public Book move(String isbn) {
		return book(isbn);
	}

	@OfFirst
	public Book composed(String isbn) {
		return book(isbn);
	}

	@Keyed(key = "'composed ' + #isbn")
	public Book composedWithKey(String isbn) {
		return book(isbn);
	}

	@Cacheable("optional")
	public Optional<Book> findOptional(String isbn) {
		return Optional.ofNullable(bookOrNull(isbn));
	}

	@Cacheable(cacheNames = "optional", unless = "#result == null")
	public Optional<Book> findOptionalUnlessEmpty(String isbn) {
		return Optional.ofNullable(bookOrNull(isbn));
	}

	@Cacheable(cacheNames = "optional", sync = true)
	public Optional<Book> findOptionalOnce(String isbn) {
		return Optional.ofNullable(bookOrNull(isbn));
	}

	@Cacheable("generic")
	public Map<String, List<Book>> findByLanguage(Set<String> languages) {
		int call = this.calls.next();
		return Map.of("languages", languages.stream().sorted().map((language) -> new Book(language, call)).toList());
	}

	@Cacheable("generic")
	public <T extends Comparable<T>> List<T> sorted(List<T> values) {
		this.calls.next();
		return values.stream().sorted().toList();
	}

	@Cacheable("counts")
	public int count(String isbn) {
		return book(isbn).edition();
	}

	/** A composed annotation with a cache of its own. */
	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@Cacheable("first")
	@interface OfFirst {

	}

	/** A composed annotation that passes an attribute on. */
	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@Cacheable("keyed")
	@interface Keyed {

		@AliasFor(annotation = Cacheable.class, attribute = "key")
		String key();

	}

}
