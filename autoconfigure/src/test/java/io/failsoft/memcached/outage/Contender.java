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

import java.time.Duration;
import java.util.List;

import io.failsoft.memcached.hunt.CacheUnderTest;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A cache that is compared.
 */
enum Contender {

	/** This cache. */
	RESERVE(CacheUnderTest.FAILSOFT, "this cache"),

	/** This cache as it is without the reserve. */
	NONE(CacheUnderTest.FAILSOFT, "without the reserve"),

	/** A plain cache whose errors are swallowed. */
	PLAIN(CacheUnderTest.PLAIN, "plain cache, errors swallowed");

	private final CacheUnderTest cache;

	private final String title;

	Contender(CacheUnderTest cache, String title) {
		this.cache = cache;
		this.title = title;
	}

	/**
	 * Starts an instance of the application.
	 */
	ConfigurableApplicationContext start(Source source, List<String> servers, Duration reserve) {
		return new SpringApplicationBuilder(Application.class, this.cache.configuration())
			.initializers((context) -> context.getBeanFactory().registerSingleton("source", source))
			.web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.properties("memcached.servers=" + String.join(",", servers), "memcached.cache.key-prefix=outage",
					"memcached.cache.allowed-classes=io.failsoft.memcached.hunt.*",
					"spring.main.log-startup-info=false", "spring.main.register-shutdown-hook=false",
					"spring.docker.compose.enabled=false")
			// As an argument, as the build's tests are otherwise without a reserve.
			.run("--memcached.cache.reserve-time-to-live=" + ((this != NONE) ? reserve.toMillis() : 0) + "ms");
	}

	/**
	 * Says if an instance reaches all servers and has delivered all invalidations.
	 */
	boolean isSettled(ConfigurableApplicationContext instance) {
		return this.cache.restlessness(instance).isEmpty();
	}

	@Override
	public String toString() {
		return this.title;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching(proxyTargetClass = true)
	static class Application {

		@Bean
		Products products(Source source) {
			return new Products(source);
		}

	}

}
