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
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheResult;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cache.Cache;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.config.CacheManagementConfigUtils;
import org.springframework.cache.interceptor.AbstractCacheInvoker;
import org.springframework.cache.interceptor.BasicOperation;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheOperationInvoker;
import org.springframework.cache.interceptor.CachePutOperation;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.cache.jcache.interceptor.DefaultJCacheOperationSource;
import org.springframework.cache.jcache.interceptor.JCacheInterceptor;
import org.springframework.cache.jcache.interceptor.JCacheOperation;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Binds our error handling and the views of our caches to Spring's cache interceptors,
 * without a {@code CachingConfigurer} or a {@code cacheResolver} bean, which would clash
 * with the application's own. It is priority ordered, as the interceptors are created
 * before ordinary post-processors are registered. No signature of this class names a type
 * of JSR-107, which may be absent. Thread-safe.
 */
public class CacheInterceptorPostProcessor
		implements BeanPostProcessor, BeanFactoryAware, PriorityOrdered, ApplicationListener<ContextRefreshedEvent> {

	private static final boolean JCACHE_PRESENT = ClassUtils.isPresent("javax.cache.annotation.CacheResult",
			CacheInterceptorPostProcessor.class.getClassLoader());

	private static final Log logger = LogFactory.getLog(CacheInterceptorPostProcessor.class);

	private final List<CacheAspectSupport> aspects = new CopyOnWriteArrayList<>();

	private final List<Supplier<CacheErrorHandler>> originalHandlers = new CopyOnWriteArrayList<>();

	private @Nullable BeanFactory beanFactory;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (beanName.equals(CacheManagementConfigUtils.CACHE_ASPECT_BEAN_NAME)) {
			logger
				.warn("@EnableCaching(mode = ASPECTJ): the cache operations of a call share neither one operation timeout"
						+ " nor what keeps a slow load from overwriting a newer eviction. Use the default, mode = PROXY");
		}
		Object replacement = bean;
		if (bean instanceof AbstractCacheInvoker invoker) {
			replacement = bind(invoker);
		}
		else if (bean.getClass() == AnnotationCacheOperationSource.class && beanName.equals("cacheOperationSource")) {
			AnnotationCacheOperationSource source = new AnnotationCacheOperationSource(
					new CollectionOperation.Parser());
			source.setPublicMethodsOnly(false);
			return source;
		}
		else if (JCACHE_PRESENT && bean.getClass() == DefaultJCacheOperationSource.class) {
			replacement = new ViewingJCacheSource((DefaultJCacheOperationSource) bean);
		}
		if (replacement != bean && replacement instanceof BeanFactoryAware aware && this.beanFactory != null) {
			aware.setBeanFactory(this.beanFactory);
		}
		return replacement;
	}

	private Object bind(AbstractCacheInvoker invoker) {
		if (invoker.getClass() == CacheInterceptor.class) {
			CacheInterceptor original = (CacheInterceptor) invoker;
			return new ViewingCacheInterceptor(original, foreignOnly(original::getErrorHandler));
		}
		CacheErrorHandler handler = foreignOnly(originalHandler(invoker));
		if (JCACHE_PRESENT && invoker.getClass() == JCacheInterceptor.class) {
			return new ViewingJCacheInterceptor((JCacheInterceptor) invoker, handler);
		}
		invoker.setErrorHandler(handler);
		if (invoker instanceof CacheAspectSupport aspect) {
			this.aspects.add(aspect);
		}
		return invoker;
	}

	private CacheErrorHandler foreignOnly(Supplier<CacheErrorHandler> original) {
		this.originalHandlers.add(original);
		return new ForeignCacheErrorHandler(original);
	}

	/**
	 * Returns the handler that an interceptor of unknown type would use. Reading the
	 * field leaves it unresolved: the getter would create the application's
	 * {@code CachingConfigurer} and its dependencies now, before they can be proxied.
	 */
	private static Supplier<CacheErrorHandler> originalHandler(AbstractCacheInvoker invoker) {
		Field field = ReflectionUtils.findField(AbstractCacheInvoker.class, "errorHandler");
		if (field != null && field.trySetAccessible()
				&& ReflectionUtils.getField(field, invoker) instanceof Supplier<?> supplier) {
			return () -> (CacheErrorHandler) Objects.requireNonNull(supplier.get());
		}
		CacheErrorHandler handler = invoker.getErrorHandler();
		return () -> handler;
	}

	/**
	 * Returns the error handlers that Spring's interceptors had, in the order of their
	 * creation.
	 * @return the handlers; resolving one may create beans
	 */
	public List<Supplier<CacheErrorHandler>> getOriginalHandlers() {
		return List.copyOf(this.originalHandlers);
	}

	/**
	 * Gives the interceptors that could not be replaced a resolver that makes views.
	 * Their own resolver is known only after all singletons have been created.
	 */
	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		this.aspects.removeIf((aspect) -> {
			CacheResolver resolver = aspect.getCacheResolver();
			if (resolver != null) {
				aspect.setCacheResolver(Invocation.viewing(resolver,
						(context) -> (context.getOperation() instanceof CachePutOperation) ? () -> null : null));
			}
			return resolver != null;
		});
	}

	/**
	 * Receives the errors of Spring's interceptors. An error of one of our caches has
	 * been handled within the cache by the time Spring sees it, so it is only thrown on,
	 * and never handled twice. An error of any other cache goes to the handler that it
	 * would have gone to without us.
	 *
	 * @param original supplies the handler of other caches
	 */
	private record ForeignCacheErrorHandler(Supplier<CacheErrorHandler> original) implements CacheErrorHandler {

		@Override
		public void handleCacheGetError(RuntimeException exception, Cache cache, Object key) {
			foreign(exception, cache).handleCacheGetError(exception, DecoratedCache.unwrap(cache), key);
		}

		@Override
		public void handleCachePutError(RuntimeException exception, Cache cache, Object key, @Nullable Object value) {
			foreign(exception, cache).handleCachePutError(exception, DecoratedCache.unwrap(cache), key, value);
		}

		@Override
		public void handleCacheEvictError(RuntimeException exception, Cache cache, Object key) {
			foreign(exception, cache).handleCacheEvictError(exception, DecoratedCache.unwrap(cache), key);
		}

		@Override
		public void handleCacheClearError(RuntimeException exception, Cache cache) {
			foreign(exception, cache).handleCacheClearError(exception, DecoratedCache.unwrap(cache));
		}

		private CacheErrorHandler foreign(RuntimeException exception, Cache cache) {
			if (exception instanceof MemcachedCacheException || cache instanceof MemcachedCache) {
				throw exception;
			}
			return this.original.get();
		}

	}

	/**
	 * Spring's interceptor for the JSR-107 annotations, which marks its invocations.
	 */
	@SuppressWarnings("serial")
	private static final class ViewingJCacheInterceptor extends JCacheInterceptor {

		ViewingJCacheInterceptor(JCacheInterceptor original, CacheErrorHandler errorHandler) {
			super(() -> errorHandler);
			setCacheOperationSource(original.getCacheOperationSource());
		}

		@Override
		protected @Nullable Object execute(CacheOperationInvoker invoker, Object target, Method method,
				@Nullable Object[] args) {
			// Caches of exceptions hold what no method returns.
			return new Invocation(MemcachedCache.ANY, false, null, null)
				.call((itself) -> super.execute(itself, target, method, args), invoker);
		}

	}

	/**
	 * Source of JSR-107 operations whose default resolvers make views.
	 */
	private static final class ViewingJCacheSource extends DefaultJCacheOperationSource {

		ViewingJCacheSource(DefaultJCacheOperationSource original) {
			super(original::getCacheManager, original::getCacheResolver, original::getExceptionCacheResolver,
					original::getKeyGenerator);
		}

		private static @Nullable Supplier<@Nullable Object> putKey(CacheOperationInvocationContext<?> context) {
			BasicOperation operation = context.getOperation();
			Annotation annotation = (operation instanceof JCacheOperation<?> ours) ? ours.getCacheAnnotation() : null;
			return (annotation instanceof CachePut || (annotation instanceof CacheResult result && result.skipGet()))
					? () -> key(context) : null;
		}

		/** The type that has the generator is not public. */
		private static Object key(CacheOperationInvocationContext<?> context) {
			Object operation = context.getOperation();
			Method getter = Objects.requireNonNull(ReflectionUtils.findMethod(operation.getClass(), "getKeyGenerator"));
			ReflectionUtils.makeAccessible(getter);
			return ((KeyGenerator) Objects.requireNonNull(ReflectionUtils.invokeMethod(getter, operation)))
				.generate(context.getTarget(), context.getMethod(), context.getArgs());
		}

		@Override
		protected CacheResolver getDefaultCacheResolver() {
			return Invocation.viewing(super.getDefaultCacheResolver(), ViewingJCacheSource::putKey);
		}

		@Override
		protected CacheResolver getDefaultExceptionCacheResolver() {
			return Invocation.viewing(super.getDefaultExceptionCacheResolver(), ViewingJCacheSource::putKey);
		}

	}

}
