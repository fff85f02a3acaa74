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

import java.lang.annotation.Annotation;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.SpringCacheAnnotationParser;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.CollectionFactory;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.util.ClassUtils;
import org.springframework.util.ObjectUtils;
import org.springframework.util.StringUtils;

/**
 * The operation of a method with {@link CollectionCacheable} or
 * {@link CollectionCacheEvict}. Immutable.
 */
final class CollectionOperation extends CacheOperation {

	final Method method;

	/** The index of the parameter that is the collection. */
	final int parameter;

	final boolean evicts;

	/** Whether it evicts before the method is called, or stores what it leaves out. */
	final boolean option;

	final boolean asynchronous;

	final Predicate<@Nullable Object> returnable;

	final @Nullable Expression key;

	final @Nullable Expression condition;

	final @Nullable Expression unless;

	private CollectionOperation(CacheOperation.Builder description, Method method, MergedAnnotation<?> annotation,
			int parameter) {
		super(description);
		this.method = method;
		this.parameter = parameter;
		this.evicts = annotation.getType() == CollectionCacheEvict.class;
		this.option = annotation.getBoolean(this.evicts ? "beforeInvocation" : "cacheAbsent");
		Class<?> type = method.getReturnType();
		this.asynchronous = CompletableFuture.class.isAssignableFrom(type) || isMono(type);
		this.returnable = ReturnTypes.instances(found(method).as(Map.class).getGeneric(1).resolve(Object.class));
		this.key = expression(description.getKey());
		this.condition = expression(annotation.getString("condition"));
		this.unless = expression(this.evicts ? "" : annotation.getString("unless"));
	}

	private static @Nullable Expression expression(@Nullable String text) {
		return StringUtils.hasText(text) ? new SpelExpressionParser().parseExpression(text) : null;
	}

	private static boolean isMono(Class<?> type) {
		return type.getName().equals("reactor.core.publisher.Mono");
	}

	/**
	 * Returns the type of what is found, which is a map if the method fits.
	 */
	private static ResolvableType found(Method method) {
		ResolvableType type = ResolvableType.forMethodReturnType(method);
		Class<?> raw = method.getReturnType();
		return (raw == CompletableFuture.class || isMono(raw)) ? type.getGeneric() : type;
	}

	/**
	 * Returns the elements that a method was called with, or {@code null} for none.
	 */
	@Nullable Collection<?> elements(@Nullable Object[] arguments) {
		Object argument = arguments[this.parameter];
		return (argument == null || argument instanceof Collection) ? (Collection<?>) argument
				: Arrays.asList(ObjectUtils.toObjectArray(argument));
	}

	/**
	 * Returns the argument that has some elements.
	 */
	Object argument(Collection<?> elements) {
		Class<?> type = this.method.getParameterTypes()[this.parameter];
		if (!type.isArray()) {
			Collection<Object> collection = CollectionFactory.createCollection(type, elements.size());
			collection.addAll(elements);
			return collection;
		}
		Object array = Array.newInstance(type.getComponentType(), elements.size());
		int i = 0;
		for (Object element : elements) {
			Array.set(array, i++, element);
		}
		return array;
	}

	/**
	 * Parser of the two annotations and of Spring's. A method that does not fit is
	 * refused with the remedy.
	 */
	@SuppressWarnings("serial")
	static final class Parser extends SpringCacheAnnotationParser {

		private static final List<Class<? extends Annotation>> OURS = List.of(CollectionCacheable.class,
				CollectionCacheEvict.class);

		@Override
		public boolean isCandidateClass(Class<?> targetClass) {
			return super.isCandidateClass(targetClass) || AnnotationUtils.isCandidateClass(targetClass, OURS);
		}

		@Override
		public @Nullable Collection<CacheOperation> parseCacheAnnotations(Method method) {
			MergedAnnotations all = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
			List<MergedAnnotation<?>> ours = OURS.stream()
				.<MergedAnnotation<?>>map(all::get)
				.filter(MergedAnnotation::isPresent)
				.toList();
			Collection<CacheOperation> springs = super.parseCacheAnnotations(method);
			return ours.isEmpty() ? springs : List.of(parse(method, ours, (springs != null) ? springs.size() : 0));
		}

		private static CacheOperation parse(Method method, List<MergedAnnotation<?>> ours, int springs) {
			boolean cacheable = ours.get(0).getType() == CollectionCacheable.class;
			// An eviction is one of Spring's, too, where nobody knows ours.
			check(ours.size() == 1 && springs == (cacheable ? 0 : 1), method,
					"must be the only cache annotation of its method. Use one method for each");
			check(!KotlinDetector.isSuspendingFunction(method), method,
					"cannot follow a function that suspends. Return a value, a CompletableFuture or a Mono");
			Class<?>[] types = method.getParameterTypes();
			int[] collections = IntStream.range(0, types.length)
				.filter((i) -> types[i].isArray() || Collection.class.isAssignableFrom(types[i]))
				.toArray();
			check(collections.length == 1, method,
					"needs one parameter that is a collection or an array. Declare the elements, and nothing else, as one");
			boolean plain = ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType()) == null;
			check(plain || method.getReturnType() == CompletableFuture.class || isMono(method.getReturnType()), method,
					"cannot follow its result. Return a value, a CompletableFuture or a Mono");
			ResolvableType found = found(method);
			Class<?> map = found.resolve(Object.class);
			check(!cacheable || (Map.class.isAssignableFrom(map) && map.isAssignableFrom(LinkedHashMap.class)), method,
					"needs to know which value belongs to which element. Return a Map from the elements to their values,"
							+ " or a CompletableFuture or a Mono of one");
			ResolvableType elements = ResolvableType.forMethodParameter(method, collections[0]);
			Class<?> element = (elements.isArray() ? elements.getComponentType()
					: elements.as(Collection.class).getGeneric())
				.resolve(Object.class);
			Class<?> key = found.as(Map.class).getGeneric(0).resolve(Object.class);
			check(!cacheable || key.isInterface() || element.isInterface() || ClassUtils.isAssignable(key, element)
					|| ClassUtils.isAssignable(element, key), method,
					"finds values for each " + element.getName() + ", and returns them by a " + key.getName()
							+ ". Return a Map whose keys are the elements");
			CacheOperation.Builder description = new CacheableOperation.Builder();
			MergedAnnotation<?> annotation = ours.get(0);
			MergedAnnotation<CacheConfig> defaults = MergedAnnotations
				.from(method.getDeclaringClass(), SearchStrategy.TYPE_HIERARCHY)
				.get(CacheConfig.class);
			String[] names = annotation.getStringArray("cacheNames");
			description.setName(method.toString());
			description.setCacheNames(
					(names.length > 0) ? names : defaults.getValue("cacheNames", String[].class).orElse(names));
			description.setKey(annotation.getString("key"));
			description.setCondition(annotation.getString("condition"));
			description.setCacheManager(annotation.getString("cacheManager"));
			description.setCacheResolver(annotation.getString("cacheResolver"));
			if (!StringUtils.hasText(description.getCacheManager() + description.getCacheResolver())) {
				description.setCacheManager(defaults.getValue("cacheManager", String.class).orElse(""));
				description.setCacheResolver(defaults.getValue("cacheResolver", String.class).orElse(""));
			}
			int count = description.getCacheNames().size();
			check(StringUtils.hasText(description.getCacheResolver()) || count == 1 || (count > 1 && !cacheable),
					method,
					"needs " + (cacheable ? "one cache, as each element is read from one" : "a cache") + ". Name it");
			CollectionOperation operation = new CollectionOperation(description, method, annotation, collections[0]);
			try {
				operation.argument(List.of());
			}
			catch (RuntimeException ex) {
				check(false, method, "cannot make a " + types[collections[0]].getName()
						+ " of the missing elements. Declare a Collection, List, Set or array");
			}
			return operation;
		}

		private static void check(boolean fits, Method method, String remedy) {
			if (!fits) {
				throw new IllegalStateException(
						"@CollectionCacheable or @CollectionCacheEvict on " + method + " " + remedy);
			}
		}

	}

}
