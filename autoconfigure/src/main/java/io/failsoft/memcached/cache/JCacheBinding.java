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
import java.lang.reflect.Method;

import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheResult;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.cache.interceptor.AbstractCacheInvoker;
import org.springframework.cache.interceptor.BasicOperation;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.CacheOperationInvoker;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.jcache.interceptor.DefaultJCacheOperationSource;
import org.springframework.cache.jcache.interceptor.JCacheInterceptor;
import org.springframework.cache.jcache.interceptor.JCacheOperation;
import org.springframework.util.function.SingletonSupplier;

/**
 * Does for Spring's support of the JSR-107 annotations what
 * {@link CacheInterceptorPostProcessor} does for its own. Only used where both are on the
 * class path.
 */
final class JCacheBinding {

	private JCacheBinding() {
	}

	/**
	 * Replace a plain interceptor by one that marks its invocations.
	 * @param invoker any cache invoker
	 * @param errorHandler the error handler to use
	 * @return the replacement, or the invoker itself
	 */
	static Object bindInterceptor(AbstractCacheInvoker invoker, CacheErrorHandler errorHandler) {
		if (invoker.getClass() != JCacheInterceptor.class) {
			return invoker;
		}
		return new ViewingInterceptor((JCacheInterceptor) invoker, errorHandler);
	}

	/**
	 * Replace a plain operation source by one whose default resolvers make views.
	 * @param bean any bean
	 * @param beanFactory the bean factory
	 * @return the replacement, or the bean itself
	 */
	static Object bindSource(Object bean, @Nullable BeanFactory beanFactory) {
		if (bean.getClass() != DefaultJCacheOperationSource.class) {
			return bean;
		}
		ViewingSource replacement = new ViewingSource((DefaultJCacheOperationSource) bean);
		if (beanFactory != null) {
			replacement.setBeanFactory(beanFactory);
		}
		return replacement;
	}

	@SuppressWarnings("serial")
	private static final class ViewingInterceptor extends JCacheInterceptor {

		ViewingInterceptor(JCacheInterceptor original, CacheErrorHandler errorHandler) {
			super(() -> errorHandler);
			setCacheOperationSource(original.getCacheOperationSource());
		}

		@Override
		protected @Nullable Object execute(CacheOperationInvoker invoker, Object target, Method method,
				@Nullable Object[] args) {
			// Caches of exceptions hold what no method returns.
			Invocation outer = new Invocation((value) -> true, false).begin();
			try {
				return super.execute(invoker, target, method, args);
			}
			finally {
				Invocation.end(outer);
			}
		}

	}

	private static final class ViewingSource extends DefaultJCacheOperationSource {

		private final SingletonSupplier<CacheResolver> resolver;

		private final SingletonSupplier<CacheResolver> exceptionResolver;

		ViewingSource(DefaultJCacheOperationSource original) {
			super(original::getCacheManager, original::getCacheResolver, original::getExceptionCacheResolver,
					original::getKeyGenerator);
			this.resolver = SingletonSupplier
				.of(() -> Invocation.viewing(super.getDefaultCacheResolver(), ViewingSource::puts));
			this.exceptionResolver = SingletonSupplier
				.of(() -> Invocation.viewing(super.getDefaultExceptionCacheResolver(), ViewingSource::puts));
		}

		private static boolean puts(BasicOperation operation) {
			Annotation annotation = (operation instanceof JCacheOperation<?> ours) ? ours.getCacheAnnotation() : null;
			return annotation instanceof CachePut || (annotation instanceof CacheResult result && result.skipGet());
		}

		@Override
		protected CacheResolver getDefaultCacheResolver() {
			return this.resolver.obtain();
		}

		@Override
		protected CacheResolver getDefaultExceptionCacheResolver() {
			return this.exceptionResolver.obtain();
		}

	}

}
