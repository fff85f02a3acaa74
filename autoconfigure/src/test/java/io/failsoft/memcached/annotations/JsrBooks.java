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

import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CacheKey;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;

import org.jspecify.annotations.Nullable;

/**
 * A service with the annotations of JSR-107, which Spring supports.
 */
@CacheDefaults(cacheName = "jsr")
class JsrBooks {

	private final Calls calls;

	JsrBooks(Calls calls) {
		this.calls = calls;
	}

	private Book book(String isbn) {
		int call = this.calls.next();
		if (isbn.startsWith("out")) {
			throw new OutOfPrint(isbn);
		}
		return new Book(isbn, call);
	}

	@CacheResult
	public @Nullable Book find(String isbn) {
		Book book = book(isbn);
		return isbn.startsWith("no") ? null : book;
	}

	@CacheResult
	public Book findByKey(@CacheKey String isbn, String ignored) {
		return book(isbn + ignored);
	}

	@CacheResult(skipGet = true)
	public Book refresh(String isbn) {
		return book(isbn);
	}

	@CacheResult(exceptionCacheName = "jsr-failures", cachedExceptions = OutOfPrint.class)
	public Book findOrFail(String isbn) {
		return book(isbn);
	}

	@CachePut
	public void store(@CacheKey String isbn, @CacheValue Book book) {
		book(isbn);
	}

	@CachePut(noCacheFor = OutOfPrint.class)
	public void storeUnlessOutOfPrint(@CacheKey String isbn, @CacheValue Book book) {
		book(isbn);
	}

	@CachePut(afterInvocation = false)
	public void storeFirst(@CacheKey String isbn, @CacheValue Book book) {
		book(isbn);
	}

	@CacheRemove
	public void remove(String isbn) {
		book(isbn);
	}

	@CacheRemove(noEvictFor = OutOfPrint.class)
	public void removeUnlessOutOfPrint(String isbn) {
		book(isbn);
	}

	@CacheRemove(afterInvocation = false)
	public void removeFirst(String isbn) {
		book(isbn);
	}

	@CacheRemoveAll
	public void removeAll() {
		this.calls.next();
	}

	@CacheRemoveAll(cacheName = "other")
	public void removeAllOthers() {
		this.calls.next();
	}

}
