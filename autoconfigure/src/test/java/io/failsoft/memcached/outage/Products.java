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

package io.failsoft.memcached.outage;

import io.failsoft.memcached.hunt.Row;

import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;

/**
 * The application's service, which caches what the {@link Source} answers.
 */
@CacheConfig(cacheNames = "products")
class Products {

	private final Source source;

	Products(Source source) {
		this.source = source;
	}

	@Cacheable
	public Row find(int key) {
		return this.source.find(key);
	}

	@CacheEvict
	public void change(int key) {
		this.source.change(key);
	}

	@CacheEvict(allEntries = true)
	public void changeAll() {
		this.source.changeAll();
	}

}
