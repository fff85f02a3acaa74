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

package io.failsoft.memcached.annotations;

import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;

/**
 * A class whose annotations share a configuration, and an implementation of an interface
 * whose methods are annotated.
 */
@CacheConfig(cacheNames = "configured", keyGenerator = "methodKeys", cacheManager = "second")
class ConfiguredShelf implements Shelf<Book> {

	private final Calls calls;

	ConfiguredShelf(Calls calls) {
		this.calls = calls;
	}

	@Override
	@Cacheable
	public Book take(String isbn) {
		return new Book(isbn, this.calls.next());
	}

	@Override
	@CacheEvict(allEntries = true)
	public void clear() {
	}

	/**
	 * A shelf that has nothing but the annotations of the interface.
	 */
	static class Plain implements Shelf<Book> {

		private final Calls calls;

		Plain(Calls calls) {
			this.calls = calls;
		}

		@Override
		public Book take(String isbn) {
			return new Book(isbn, this.calls.next());
		}

		@Override
		public void clear() {
		}

	}

}
