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
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.core.annotation.AliasFor;

/**
 * Annotation of a method that changes the elements of a collection, which are evicted
 * when it has succeeded: when it has returned, or its future or {@code Mono} has
 * completed. The method has one parameter that is a collection or an array. The keys are
 * made before it is called.
 * <p>
 * Where this library is off, Spring takes it for a {@link CacheEvict} of all entries.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Reflective
@CacheEvict(allEntries = true)
public @interface CollectionCacheEvict {

	/**
	 * Returns the names of the caches.
	 * @return the names
	 * @see #cacheNames()
	 */
	@AliasFor(annotation = CacheEvict.class)
	String[] value() default {};

	/**
	 * Returns the names of the caches, unless {@code @CacheConfig} has them.
	 * @return the names
	 */
	@AliasFor(annotation = CacheEvict.class)
	String[] cacheNames() default {};

	/**
	 * Returns the key of an element, as {@link CollectionCacheable#key()} does.
	 * @return the expression
	 */
	String key() default "";

	/**
	 * Returns the name of the cache manager, as for {@link CacheEvict}.
	 * @return the name of the bean
	 */
	@AliasFor(annotation = CacheEvict.class)
	String cacheManager() default "";

	/**
	 * Returns the name of the cache resolver, as for {@link CacheEvict}.
	 * @return the name of the bean
	 */
	@AliasFor(annotation = CacheEvict.class)
	String cacheResolver() default "";

	/**
	 * Returns the condition on which an element is evicted, as an expression like that of
	 * {@link #key()}.
	 * @return the expression
	 */
	String condition() default "";

	/**
	 * Returns whether the elements are evicted before the method is called, whatever
	 * becomes of it.
	 * @return {@code true} to evict before
	 */
	@AliasFor(annotation = CacheEvict.class)
	boolean beforeInvocation() default false;

}
