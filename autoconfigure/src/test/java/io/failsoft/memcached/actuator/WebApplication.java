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

package io.failsoft.memcached.actuator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;

import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.testkit.MemcachedServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * A web application with Actuator, on a free port.
 */
final class WebApplication implements AutoCloseable {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private final String root;

	private WebApplication(ConfigurableApplicationContext context) {
		this.context = context;
		this.root = "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
	}

	static WebApplication start(List<MemcachedServer> servers, String... properties) {
		return start(List.of(), servers, properties);
	}

	static WebApplication start(List<Class<?>> configurations, List<MemcachedServer> servers, String... properties) {
		List<Class<?>> sources = new ArrayList<>(configurations);
		sources.add(Application.class);
		List<String> all = new ArrayList<>(List.of("server.address=127.0.0.1", "server.port=0",
				"spring.application.name=actuator", "spring.main.log-startup-info=false",
				"spring.main.register-shutdown-hook=false", "management.endpoints.web.exposure.include=*",
				"memcached.servers=" + String.join(",", servers.stream().map(WebApplication::name).toList()),
				// A hit is expected however busy the machine is, and it may pause.
				"memcached.operation-timeout=5s", "memcached.connect-timeout=5s"));
		all.addAll(Arrays.asList(properties));
		return new WebApplication(
				new SpringApplicationBuilder(sources.toArray(Class<?>[]::new)).bannerMode(Banner.Mode.OFF)
					.properties(all.toArray(String[]::new))
					.run());
	}

	static String name(MemcachedServer server) {
		return server.host() + ":" + server.port();
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	<T> Collection<T> beans(Class<T> type) {
		return this.context.getBeansOfType(type).values();
	}

	Books books() {
		return bean(Books.class);
	}

	Pages pages() {
		return bean(Pages.class);
	}

	HttpResponse<String> get(String path) {
		return send(HttpRequest.newBuilder(URI.create(this.root + path)));
	}

	HttpResponse<String> delete(String path) {
		return send(HttpRequest.newBuilder(URI.create(this.root + path)).method("DELETE", BodyPublishers.noBody()));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return this.client.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	JsonNode json(String path) {
		return JSON.readTree(get(path).body());
	}

	WebApplication await(State state) {
		await("every server is " + state,
				() -> bean(MemcachedServers.class).snapshots()
					.stream()
					.allMatch((snapshot) -> snapshot.state() == state));
		return this;
	}

	static void await(String condition, BooleanSupplier supplier) {
		long deadline = System.nanoTime() + 20_000_000_000L;
		while (!supplier.getAsBoolean()) {
			if (deadline - System.nanoTime() < 0) {
				throw new AssertionError("not within 20 s: " + condition);
			}
			try {
				Thread.sleep(5);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new AssertionError(ex);
			}
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableCaching(proxyTargetClass = true)
	static class Application {

		@Bean
		Books books() {
			return new Books();
		}

		@Bean
		Pages pages() {
			return new Pages();
		}

	}

	/**
	 * Something to cache.
	 */
	static class Books {

		@Cacheable("books")
		public String find(String title) {
			return "the text of " + title;
		}

		@CachePut(cacheNames = "books", key = "#title")
		public String put(String title, String text) {
			return text;
		}

		@CacheEvict("books")
		public void evict(String title) {
			// The annotation does it.
		}

	}

	/**
	 * Something else to cache.
	 */
	static class Pages {

		@Cacheable("pages")
		public String find(String number) {
			return "the text of page " + number;
		}

		@CachePut(cacheNames = "pages", key = "#number")
		public String put(String number, String text) {
			return text;
		}

	}

}
