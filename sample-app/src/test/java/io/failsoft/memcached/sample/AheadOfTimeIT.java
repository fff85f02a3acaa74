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

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application as the build processed it ahead of time, in a process of its own.
 */
class AheadOfTimeIT {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private final HttpClient http = HttpClient.newHttpClient();

	@Test
	void cachesAndOutlivesItsMemcached() throws Exception {
		try (MemcachedServer server = MemcachedServer.start(); Application application = new Application(server)) {
			assertThat(application.startLine()).contains("Starting AOT-processed CitiesApplication");
			awaitLoaded(application);
			assertThat(cache(get(application, "/cities/2950159/nearest?limit=10"))).isEqualTo("miss");
			HttpResponse<String> hit = get(application, "/cities/2950159/nearest?limit=10");
			assertThat(cache(hit)).isEqualTo("hit");
			server.kill();
			HttpResponse<String> without = get(application, "/cities/2950159/nearest?limit=10");
			assertThat(cache(without)).as("from the reserve").isEqualTo("hit");
			assertThat(without.body()).isEqualTo(hit.body());
			HttpResponse<String> health = get(application, "/actuator/health");
			assertThat(health.statusCode()).isEqualTo(200);
			assertThat(health.body()).startsWith("{").contains("DEGRADED");
		}
	}

	/** Until its cities are there the application answers 503. */
	private void awaitLoaded(Application application) throws Exception {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (get(application, "/cities/2657896").statusCode() == 503) {
			assertThat(System.nanoTime() - deadline).as("The cities are not loaded").isNegative();
			TimeUnit.MILLISECONDS.sleep(200);
		}
	}

	private static String cache(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return response.headers().firstValue("X-Cache").orElseThrow();
	}

	private HttpResponse<String> get(Application application, String path) throws Exception {
		URI uri = URI.create("http://127.0.0.1:" + application.port() + path);
		return this.http.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
	}

	/**
	 * The process.
	 */
	private static final class Application implements AutoCloseable {

		private final List<String> output = new ArrayList<>();

		private final CompletableFuture<Integer> port = new CompletableFuture<>();

		private final Process process;

		Application(MemcachedServer server) throws IOException {
			String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
				.filter((entry) -> !entry.endsWith("test-classes"))
				.collect(Collectors.joining(File.pathSeparator));
			this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-XX:TieredStopAtLevel=1", "-Dspring.aot.enabled=true", "-cp", classPath,
					CitiesApplication.class.getName(), "--server.port=0", "--server.address=127.0.0.1",
					"--memcached.servers=" + server.host() + ":" + server.port(),
					// A hit is expected however busy the machine is.
					"--memcached.operation-timeout=10s")
				.redirectErrorStream(true)
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(this.process::destroyForcibly));
			Thread reader = new Thread(this::read, "output of the application");
			reader.setDaemon(true);
			reader.start();
		}

		private void read() {
			try (BufferedReader lines = this.process.inputReader(StandardCharsets.UTF_8)) {
				for (String line = lines.readLine(); line != null; line = lines.readLine()) {
					synchronized (this.output) {
						this.output.add(line);
					}
					Matcher matcher = PORT.matcher(line);
					if (matcher.find()) {
						this.port.complete(Integer.valueOf(matcher.group(1)));
					}
				}
				this.port.completeExceptionally(new IllegalStateException("The application ended:\n" + text()));
			}
			catch (IOException ex) {
				this.port.completeExceptionally(ex);
			}
		}

		private String text() {
			synchronized (this.output) {
				return String.join("\n", this.output);
			}
		}

		int port() throws Exception {
			return this.port.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}

		String startLine() throws Exception {
			port();
			return text().lines().filter((line) -> line.contains(" Starting ")).findFirst().orElse(text());
		}

		@Override
		public void close() {
			this.process.destroy();
			try {
				if (!this.process.waitFor(20, TimeUnit.SECONDS)) {
					this.process.destroyForcibly().waitFor();
				}
			}
			catch (InterruptedException ex) {
				this.process.destroyForcibly();
				Thread.currentThread().interrupt();
			}
		}

	}

}
