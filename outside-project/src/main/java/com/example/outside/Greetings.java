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

package com.example.outside;

import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/**
 * Something to cache.
 */
@Service
public class Greetings {

	private final AtomicInteger calls = new AtomicInteger();

	/**
	 * Greet somebody.
	 * @param name who is greeted
	 * @return the greeting, with the number of the call that made it
	 */
	@Cacheable("greetings")
	public String greet(String name) {
		return "Hello " + name + ", call " + this.calls.incrementAndGet();
	}

	/**
	 * Forget a greeting.
	 * @param name who was greeted
	 */
	@CacheEvict("greetings")
	public void forget(String name) {
	}

}
