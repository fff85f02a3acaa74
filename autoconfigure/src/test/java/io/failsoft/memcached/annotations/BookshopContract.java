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

import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * Tests of one application, the same one for all tests of a class.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class BookshopContract {

	private @Nullable Bookshop shop;

	final void open(Bookshop shop) {
		this.shop = shop;
	}

	@AfterAll
	final void close() {
		if (this.shop != null) {
			this.shop.close();
		}
	}

	@BeforeEach
	final void reset() {
		shop().reset();
	}

	final Bookshop shop() {
		return Objects.requireNonNull(this.shop);
	}

	final Cache cache(String name) {
		return Objects.requireNonNull(shop().bean(CacheManager.class).getCache(name));
	}

}
