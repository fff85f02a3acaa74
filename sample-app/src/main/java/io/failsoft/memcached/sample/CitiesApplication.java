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

package io.failsoft.memcached.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.resilience.annotation.EnableResilientMethods;

/**
 * The sample: queries over all the cities of the world, cached by memcached.
 */
@SpringBootApplication
@EnableCaching
@EnableResilientMethods
public class CitiesApplication {

	/**
	 * Starts the sample.
	 * @param args arguments of Spring Boot, such as {@code --server.port=9090}
	 */
	public static void main(String[] args) {
		SpringApplication.run(CitiesApplication.class, args);
	}

}
