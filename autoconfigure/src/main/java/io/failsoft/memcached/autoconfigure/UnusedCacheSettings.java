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

package io.failsoft.memcached.autoconfigure;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * Warns once of each name in {@code memcached.cache.caches} that no cached method uses,
 * which most often is a misspelt one. Costs nothing if there are no such names.
 */
final class UnusedCacheSettings implements ApplicationListener<ContextRefreshedEvent> {

	private static final Log logger = LogFactory.getLog(UnusedCacheSettings.class);

	private final Set<String> names;

	private final ConfigurableListableBeanFactory beanFactory;

	private boolean done;

	UnusedCacheSettings(Collection<String> names, ConfigurableListableBeanFactory beanFactory) {
		this.names = new TreeSet<>(names);
		this.beanFactory = beanFactory;
	}

	@Override
	public synchronized void onApplicationEvent(ContextRefreshedEvent event) {
		if (this.done || this.names.isEmpty()) {
			return;
		}
		this.done = true;
		Set<String> used = new TreeSet<>();
		if (!collect(used)) {
			return;
		}
		for (String name : this.names) {
			if (!used.contains(name)) {
				warn(name, used);
			}
		}
	}

	private static void warn(String name, Set<String> used) {
		String usedNames = used.isEmpty() ? "none" : String.join(", ", used);
		logger.warn(MemcachedPropertiesCheck.cacheProperty(name) + " is set, but no cached method uses a cache '" + name
				+ "' (used: " + usedNames + "). If it is used through CacheManager.getCache, ignore this.");
	}

	/**
	 * Collect the names that cached methods use.
	 * @param used what to add them to
	 * @return {@code false} if they cannot be known, as a resolver chooses them
	 */
	private boolean collect(Set<String> used) {
		List<CacheOperationSource> sources = this.beanFactory.getBeanProvider(CacheOperationSource.class)
			.stream()
			.toList();
		for (String beanName : this.beanFactory.getBeanDefinitionNames()) {
			Class<?> type = this.beanFactory.getType(beanName, false);
			if (type == null) {
				continue;
			}
			Class<?> userType = ClassUtils.getUserClass(type);
			for (CacheOperationSource source : sources) {
				if (source.isCandidateClass(userType) && !collect(source, userType, used)) {
					return false;
				}
			}
			JsrNames.collect(userType, used);
		}
		return true;
	}

	private static boolean collect(CacheOperationSource source, Class<?> type, Set<String> used) {
		for (Method method : ReflectionUtils.getUniqueDeclaredMethods(type,
				(method) -> !ReflectionUtils.isObjectMethod(method) && !method.isSynthetic())) {
			Collection<CacheOperation> operations = source.getCacheOperations(method, type);
			if (operations == null) {
				continue;
			}
			for (CacheOperation operation : operations) {
				if (StringUtils.hasText(operation.getCacheResolver())) {
					return false;
				}
				used.addAll(operation.getCacheNames());
			}
		}
		return true;
	}

	/**
	 * Names in the JSR-107 annotations, if these are on the class path.
	 */
	private static final class JsrNames {

		private static final boolean PRESENT = ClassUtils.isPresent("javax.cache.annotation.CacheResult",
				UnusedCacheSettings.class.getClassLoader());

		static void collect(Class<?> type, Set<String> used) {
			if (PRESENT) {
				JsrCacheNames.collect(type, used);
			}
		}

	}

}
