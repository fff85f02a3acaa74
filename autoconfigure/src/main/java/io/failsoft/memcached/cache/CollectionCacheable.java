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

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Annotation of a method that finds the values of the elements of a collection, each of
 * which is cached as by {@link org.springframework.cache.annotation.Cacheable} on a
 * method that finds one: <pre class="code">
 * &#64;CollectionCacheable("books")
 * Map&lt;Long, Book&gt; find(Collection&lt;Long&gt; ids)</pre>
 * <p>
 * The method has one parameter that is a collection or an array, and is declared to
 * return a {@link java.util.Map} from its elements to their values, a
 * {@link java.util.concurrent.CompletableFuture} of one or a
 * {@code reactor.core.publisher.Mono} of one. It is called with the elements whose values
 * are missing, and not at all if there are none. The caller's result is complete, in the
 * order of the elements, each of them once. An element that the method returns no value
 * for has none; values of other elements are ignored; a map that is {@code null} is taken
 * for an empty one. Whoever shares the load of an element with others may call the method
 * once more, for what they did not bring.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Reflective
public @interface CollectionCacheable {

	/**
	 * Returns the name of the cache.
	 * @return the name
	 * @see #cacheNames()
	 */
	@AliasFor("cacheNames")
	String[] value() default {};

	/**
	 * Returns the name of the cache; there is one, here or by {@code @CacheConfig}.
	 * @return the name
	 */
	@AliasFor("value")
	String[] cacheNames() default {};

	/**
	 * Returns the key of an element as an expression of {@code #element} and the
	 * parameters of the method. By default the key is what the default key generator
	 * makes of the parameters with the element in place of the collection: the element
	 * itself, if there is no other parameter.
	 * @return the expression
	 */
	String key() default "";

	/**
	 * Returns the name of the cache manager, as for
	 * {@link org.springframework.cache.annotation.Cacheable}.
	 * @return the name of the bean
	 */
	String cacheManager() default "";

	/**
	 * Returns the name of the cache resolver, as for
	 * {@link org.springframework.cache.annotation.Cacheable}.
	 * @return the name of the bean
	 */
	String cacheResolver() default "";

	/**
	 * Returns the condition on which an element is looked for and stored, as an
	 * expression like that of {@link #key()}.
	 * @return the expression
	 */
	String condition() default "";

	/**
	 * Returns the condition on which the value of an element is not stored, as an
	 * expression like that of {@link #key()} with the value as {@code #result}.
	 * @return the expression
	 */
	String unless() default "";

	/**
	 * Returns whether it is cached, as {@code null}, that the method returned no value
	 * for an element. An element whose value is {@code null} then counts as one without.
	 * @return {@code true} to call the method for such an element no more
	 */
	boolean cacheAbsent() default false;

}
