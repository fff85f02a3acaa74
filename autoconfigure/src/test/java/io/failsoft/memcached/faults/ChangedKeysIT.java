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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.WithMemcached;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.cache.Cache;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Methods that change the argument that is their key: what they return is stored under
 * the key that was looked for, or not at all.
 */
@WithMemcached
class ChangedKeysIT {

	@Test
	void whatAMethodLoadsIsStoredUnderTheKeyThatWasLookedFor(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			assertThat(service.map(new HashMap<>(Map.of("page", "1", "lang", "fr")))).isEqualTo("page 1 in fr");
			assertThat(service.map(new HashMap<>(Map.of("page", "1")))).isEqualTo("page 1 in en");
			assertThat(service.map(new HashMap<>(Map.of("page", "1", "lang", "fr")))).isEqualTo("page 1 in fr");
			assertThat(service.calls()).as("the third was a hit").isEqualTo(2);
			assertThat(service.bytes(new byte[] { 1, 2 })).isEqualTo(3);
			assertThat(service.bytes(new byte[] { 0, 2 })).isEqualTo(2);
			assertThat(service.bytes(new byte[] { 1, 2 })).isEqualTo(3);
			assertThat(service.calls()).isEqualTo(4);
			assertThat(service.deque(new ArrayDeque<>(List.of("a", "b")))).isEqualTo("a");
			assertThat(service.deque(new ArrayDeque<>(List.of("b")))).isEqualTo("b");
			assertThat(service.deque(new ArrayDeque<>(List.of("a", "b")))).isEqualTo("a");
			assertThat(service.calls()).as("a queue is no key").isEqualTo(7);
			assertThat(service.arrayAndText(new int[] { 1 }, "x")).isEqualTo("1x");
			assertThat(service.arrayAndText(new int[] { 0 }, "x")).isEqualTo("0x");
			assertThat(service.arrayAndText(new int[] { 1 }, "x")).isEqualTo("1x");
			assertThat(service.calls()).isEqualTo(9);
			assertThat(service.future(new HashMap<>(Map.of("page", "1", "lang", "fr"))).join())
				.isEqualTo("page 1 in fr");
			assertThat(service.future(new HashMap<>(Map.of("page", "1"))).join()).isEqualTo("page 1 in en");
		}
	}

	@Test
	void whatAnotherInstanceEvictedMeanwhileStaysEvicted(MemcachedServer server) {
		try (RunningApplication application = start(server); RunningApplication other = start(server)) {
			Service service = application.bean(Service.class);
			Map<String, String> changed = Map.of("page", "2");
			cache(application).put(changed, "warm");
			service.duringTheCall(() -> {
				cache(application).get(changed);
				cache(other).evict(changed);
			});
			service.map(new HashMap<>(Map.of("page", "2", "lang", "fr")));
			assertThat(cache(other).get(changed)).isNull();
			service.future(new HashMap<>(Map.of("page", "2", "lang", "de"))).join();
			assertThat(cache(other).get(changed)).isNull();
		}
	}

	@Test
	void aPutGoesUnderWhatTheArgumentHasBecomeAsWithSpringsOwnCaches(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			Map<String, String> saved = new HashMap<>(Map.of("name", "Ann"));
			service.save(saved);
			assertThat(saved).containsEntry("id", "7");
			assertThat(value(application, saved)).isEqualTo("saved");
			assertThat(value(application, Map.of("name", "Ann"))).isNull();
		}
	}

	@Test
	void anEvictionIsOfTheKeyBeforeOrAfterTheCallAsAskedFor(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			Map<String, String> before = Map.of("name", "Ann");
			Map<String, String> after = Map.of("name", "Ann", "id", "7");
			cache(application).put(before, "before");
			cache(application).put(after, "after");
			service.removeBefore(new HashMap<>(before));
			assertThat(value(application, before)).isNull();
			assertThat(value(application, after)).isEqualTo("after");
			cache(application).put(before, "before");
			service.remove(new HashMap<>(before));
			assertThat(value(application, before)).isEqualTo("before");
			assertThat(value(application, after)).isNull();
		}
	}

	@Test
	void theOperationsOfOneInvocationShareTheKeyOfOneObject(MemcachedServer server) {
		try (RunningApplication application = start(server)) {
			Service service = application.bean(Service.class);
			assertThat(service.loadAndForget(new HashMap<>(Map.of("name", "Ann")))).isEqualTo("loaded");
			assertThat(value(application, Map.of("name", "Ann"))).as("stored, and evicted, under one key").isNull();
			assertThat(value(application, Map.of("name", "Ann", "id", "7"))).isNull();
		}
	}

	private static RunningApplication start(MemcachedServer server) {
		RunningApplication application = RunningApplication
			.start(List.of(Beans.class), "memcached.servers=" + server.host() + ":" + server.port())
			.up();
		cache(application).clear();
		return application;
	}

	private static Cache cache(RunningApplication application) {
		return Objects.requireNonNull(application.caches().getCache("pages"));
	}

	private static @Nullable Object value(RunningApplication application, Object key) {
		Cache.ValueWrapper wrapper = cache(application).get(key);
		return (wrapper != null) ? wrapper.get() : null;
	}

	/** An application that has the service. */
	@Configuration(proxyBeanMethods = false)
	static class Beans {

		@Bean
		Service service() {
			return new Service();
		}

	}

	/**
	 * Methods that change their arguments.
	 */
	@CacheConfig(cacheNames = "pages")
	static class Service {

		private int calls;

		private Runnable duringTheCall = () -> {
		};

		int calls() {
			return this.calls;
		}

		void duringTheCall(Runnable action) {
			this.duringTheCall = action;
		}

		@Cacheable
		public String map(Map<String, String> params) {
			this.calls++;
			String lang = params.remove("lang");
			this.duringTheCall.run();
			return "page " + params.get("page") + " in " + ((lang != null) ? lang : "en");
		}

		@Cacheable(cacheNames = "futures")
		public CompletableFuture<String> future(Map<String, String> params) {
			return CompletableFuture.completedFuture(map(params));
		}

		@Cacheable
		public int bytes(byte[] key) {
			this.calls++;
			int sum = key[0] + key[1];
			key[0] = 0;
			return sum;
		}

		@Cacheable
		public String deque(Deque<String> queue) {
			this.calls++;
			return queue.removeFirst();
		}

		@Cacheable
		public String arrayAndText(int[] numbers, String text) {
			this.calls++;
			String result = numbers[0] + text;
			numbers[0] = 0;
			return result;
		}

		@CachePut
		public String save(Map<String, String> entity) {
			entity.put("id", "7");
			return "saved";
		}

		@CacheEvict
		public void remove(Map<String, String> entity) {
			entity.put("id", "7");
		}

		@CacheEvict(beforeInvocation = true)
		public void removeBefore(Map<String, String> entity) {
			entity.put("id", "7");
		}

		@Caching(cacheable = @Cacheable, evict = @CacheEvict)
		public String loadAndForget(Map<String, String> entity) {
			entity.put("id", "7");
			return "loaded";
		}

	}

}
