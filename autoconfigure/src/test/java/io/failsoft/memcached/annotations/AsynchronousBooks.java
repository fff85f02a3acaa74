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

import java.util.concurrent.CompletableFuture;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;

/**
 * A service whose methods return futures and publishers. Books whose number begins with
 * {@code out} are out of print, those that begin with {@code no} do not exist.
 */
class AsynchronousBooks {

	private final Calls calls;

	AsynchronousBooks(Calls calls) {
		this.calls = calls;
	}

	private CompletableFuture<Book> load(String isbn) {
		int call = this.calls.next();
		return CompletableFuture.supplyAsync(() -> {
			if (isbn.startsWith("out")) {
				throw new OutOfPrint(isbn);
			}
			return isbn.startsWith("no") ? null : new Book(isbn, call);
		});
	}

	private Mono<Book> loadMono(String isbn) {
		return Mono.defer(() -> {
			int call = this.calls.next();
			if (isbn.startsWith("out")) {
				return Mono.error(new OutOfPrint(isbn));
			}
			return isbn.startsWith("no") ? Mono.empty() : Mono.just(new Book(isbn, call));
		});
	}

	@Cacheable("books")
	public CompletableFuture<Book> future(String isbn) {
		return load(isbn);
	}

	@Cacheable(cacheNames = "books", sync = true)
	public CompletableFuture<Book> futureOnce(String isbn) {
		return load(isbn);
	}

	@CachePut("books")
	public CompletableFuture<Book> futurePut(String isbn) {
		return load(isbn);
	}

	@CacheEvict("books")
	public CompletableFuture<Book> futureEvict(String isbn) {
		return load(isbn);
	}

	@Cacheable("monos")
	public Mono<Book> mono(String isbn) {
		return loadMono(isbn);
	}

	@Cacheable(cacheNames = "monos", sync = true)
	public Mono<Book> monoOnce(String isbn) {
		return loadMono(isbn);
	}

	@CachePut("monos")
	public Mono<Book> monoPut(String isbn) {
		return loadMono(isbn);
	}

	@CacheEvict("monos")
	public Mono<Book> monoEvict(String isbn) {
		return loadMono(isbn);
	}

	@Cacheable(cacheNames = "monos", key = "'short ' + #isbn", condition = "#isbn.length() < 5",
			unless = "#result == null or #result.draft")
	public Mono<Book> monoSome(String isbn) {
		return loadMono(isbn);
	}

	@Cacheable("fluxes")
	public Flux<Book> flux(String isbn) {
		return loadMono(isbn).flatMapMany((book) -> Flux.just(book, new Book("second", book.edition())));
	}

	@Cacheable(cacheNames = "fluxes", sync = true)
	public Flux<Book> fluxOnce(String isbn) {
		return flux(isbn);
	}

	@CacheEvict(cacheNames = "fluxes", allEntries = true)
	public Mono<Void> fluxClear() {
		return Mono.empty();
	}

}
