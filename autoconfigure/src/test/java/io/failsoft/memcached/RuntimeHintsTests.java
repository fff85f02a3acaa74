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

package io.failsoft.memcached;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.github.benmanes.caffeine.cache.Cache;
import io.failsoft.memcached.autoconfigure.MemcachedCacheAutoConfiguration;
import io.failsoft.memcached.cache.CollectionCacheEvict;
import io.failsoft.memcached.cache.CollectionCacheable;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.cache.support.NullValue;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.javapoet.ClassName;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a native image is told to keep.
 */
class RuntimeHintsTests {

	@Test
	void theParametersOfASimpleKeyCanBeRead() throws Exception {
		assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(SimpleKey.class.getDeclaredField("params")))
			.accepts(registered());
	}

	@Test
	void commonValuesCanBeSerialized() throws Exception {
		RuntimeHints hints = registered();
		for (Class<?> type : new Class<?>[] { NullValue.class, ArrayList.class, UUID.class, Integer.class, byte[].class,
				Class.forName("io.failsoft.memcached.codec.SerialProxy$OfOptional") }) {
			assertThat(RuntimeHintsPredicates.reflection().onJavaSerialization(type, true)).as(type.getName())
				.accepts(hints);
		}
	}

	@Test
	void theClassesThatCaffeineMakesTheLocalStoreOfCanBeFound() {
		Object cache = ReflectionTestUtils.getField(MemcachedCacheManager.localStore(1000), "kept");
		Object store = ((Cache<?, ?>) cache).asMap();
		Object factory = ReflectionTestUtils.getField(store, "nodeFactory");
		RuntimeHints hints = registered();
		for (Object made : new Object[] { store, factory }) {
			assertThat(RuntimeHintsPredicates.reflection()
				.onType(made.getClass())
				.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)).as(made.getClass().getName())
				.accepts(hints);
		}
	}

	@Test
	void thePropertiesCanBeBound() throws Exception {
		RuntimeHints hints = processedAheadOfTime();
		for (String type : List.of("MemcachedProperties", "MemcachedProperties$Breaker", "MemcachedProperties$Local",
				"MemcachedCacheProperties", "MemcachedCacheProperties$Named")) {
			Constructor<?> constructor = Class.forName("io.failsoft.memcached.autoconfigure." + type)
				.getDeclaredConstructors()[0];
			assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(constructor)).as(type)
				.accepts(hints);
		}
	}

	@Test
	void methodsOfCollectionsCanBeCalled() throws Exception {
		RuntimeHints hints = processedAheadOfTime();
		for (String method : List.of("find", "remove")) {
			assertThat(RuntimeHintsPredicates.reflection()
				.onMethodInvocation(Collecting.class.getDeclaredMethod(method, List.class))).as(method).accepts(hints);
		}
	}

	private static RuntimeHints registered() {
		RuntimeHints hints = new RuntimeHints();
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter((registrar) -> registrar.getClass().getName().startsWith("io.failsoft."))
			.forEach((registrar) -> registrar.registerHints(hints, RuntimeHintsTests.class.getClassLoader()));
		return hints;
	}

	private static RuntimeHints processedAheadOfTime() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean(Caching.class);
			context.registerBean(Collecting.class);
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get("com.example", "Application")), new InMemoryGeneratedFiles());
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			return generation.getRuntimeHints();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	@ImportAutoConfiguration({ CacheAutoConfiguration.class, MemcachedCacheAutoConfiguration.class })
	static class Caching {

	}

	static class Collecting {

		@CollectionCacheable("books")
		Map<Long, String> find(List<Long> ids) {
			return Map.of();
		}

		@CollectionCacheEvict("books")
		void remove(List<Long> ids) {
		}

	}

}
