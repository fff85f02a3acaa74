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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.failsoft.memcached.codec.ValueCodec;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application whose methods do what a test says, and whose codec for strings fails as
 * a test says.
 */
@Configuration(proxyBeanMethods = false)
class Moods {

	@Bean
	Service service() {
		return new Service();
	}

	@Bean
	MoodyCodec moody() {
		return new MoodyCodec();
	}

	/**
	 * Cached methods that run what they are given.
	 */
	@CacheConfig(cacheNames = "moods")
	static class Service {

		private final AtomicInteger calls = new AtomicInteger();

		int calls() {
			return this.calls.get();
		}

		private <T> T run(Callable<T> method) {
			this.calls.incrementAndGet();
			try {
				return method.call();
			}
			catch (RuntimeException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Cacheable(key = "#key")
		public String plain(Object key, Callable<String> method) {
			return run(method);
		}

		@Cacheable(key = "#key", sync = true)
		public String sync(Object key, Callable<String> method) {
			return run(method);
		}

		@Cacheable(key = "#key")
		public Number number(Object key, Callable<Number> method) {
			return run(method);
		}

		@Cacheable(key = "#key", sync = true)
		public Number numberSync(Object key, Callable<Number> method) {
			return run(method);
		}

		@Cacheable(key = "#key")
		public int primitive(Object key, Callable<Integer> method) {
			return run(method);
		}

		@Cacheable(key = "#key")
		public CompletableFuture<String> future(Object key, Callable<String> method) {
			return CompletableFuture.supplyAsync(() -> run(method));
		}

		@Cacheable(key = "#key")
		public CompletableFuture<Number> numberFuture(Object key, Callable<Number> method) {
			return CompletableFuture.supplyAsync(() -> run(method));
		}

		@Cacheable(key = "#key", sync = true)
		public CompletableFuture<String> futureSync(Object key, Callable<String> method) {
			return CompletableFuture.supplyAsync(() -> run(method));
		}

		@Cacheable(key = "#key")
		public Mono<String> mono(Object key, Callable<String> method) {
			return Mono.fromCallable(() -> run(method));
		}

		@Cacheable(key = "#key", sync = true)
		public Mono<String> monoSync(Object key, Callable<String> method) {
			return Mono.fromCallable(() -> run(method));
		}

		@Cacheable(cacheNames = "lists", key = "#key")
		public Flux<String> flux(Object key, Callable<String> method) {
			return Mono.fromCallable(() -> run(method)).flux();
		}

		@Cacheable(cacheNames = "lists", key = "#key", sync = true)
		public Flux<String> fluxSync(Object key, Callable<String> method) {
			return Mono.fromCallable(() -> run(method)).flux();
		}

	}

	/**
	 * Writes strings, and lists of one, unless told to fail.
	 */
	@SuppressWarnings("NullAway") // as it is of use here
	static class MoodyCodec implements ValueCodec {

		volatile @Nullable Throwable onEncode;

		volatile @Nullable Throwable onDecode;

		/** Against the contract. */
		volatile boolean returningNull;

		@Override
		public int id() {
			return 1000;
		}

		@Override
		public byte[] encode(Object value) {
			raise(this.onEncode);
			if (this.returningNull) {
				return null;
			}
			String text = (value instanceof List<?> list) ? "L" + list.get(0) : "S" + value;
			return text.getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public Object decode(byte[] bytes, int offset, int length) {
			raise(this.onDecode);
			if (this.returningNull) {
				return null;
			}
			String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
			return text.startsWith("L") ? List.of(text.substring(1)) : text.substring(1);
		}

		/**
		 * Throw anything, checked exceptions included, as bytecode may.
		 */
		@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
		private static <E extends Throwable> void raise(@Nullable Throwable throwable) throws E {
			if (throwable != null) {
				throw (E) throwable;
			}
		}

		static IOException sneaky() {
			return new IOException("sneaky");
		}

	}

}
