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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Configuration of the caches, {@code memcached.cache.*}.
 */
class MemcachedCacheProperties extends SharedCacheProperties {

	/**
	 * Text that keeps the keys of this application apart from those of others.
	 */
	private @Nullable String keyPrefix;

	/**
	 * Patterns of classes, such as com.acme.**, that may be deserialized in addition to
	 * the application's own.
	 */
	private List<String> allowedClasses = new ArrayList<>();

	/**
	 * Whether puts and evictions within a transaction wait for its commit; true if
	 * spring-tx is on the class path.
	 */
	private @Nullable Boolean transactionAware;

	/**
	 * Whether caches that were not named are made on demand.
	 */
	private boolean dynamic = true;

	/**
	 * Settings per cache, by its name; what is not set is inherited from
	 * memcached.cache.*.
	 */
	private Map<String, Named> caches = new LinkedHashMap<>();

	public @Nullable String getKeyPrefix() {
		return this.keyPrefix;
	}

	public void setKeyPrefix(@Nullable String keyPrefix) {
		this.keyPrefix = keyPrefix;
	}

	public List<String> getAllowedClasses() {
		return this.allowedClasses;
	}

	public void setAllowedClasses(List<String> allowedClasses) {
		this.allowedClasses = allowedClasses;
	}

	public @Nullable Boolean getTransactionAware() {
		return this.transactionAware;
	}

	public void setTransactionAware(@Nullable Boolean transactionAware) {
		this.transactionAware = transactionAware;
	}

	public boolean isDynamic() {
		return this.dynamic;
	}

	public void setDynamic(boolean dynamic) {
		this.dynamic = dynamic;
	}

	public Map<String, Named> getCaches() {
		return this.caches;
	}

	public void setCaches(Map<String, Named> caches) {
		this.caches = caches;
	}

	/**
	 * Configuration of one cache, {@code memcached.cache.caches.<name>.*}.
	 */
	static class Named extends SharedCacheProperties {

		/**
		 * Whether the cache stores anything; if not, every read is a miss.
		 */
		private boolean enabled = true;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

	}

}
