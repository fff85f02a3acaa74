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

package io.failsoft.memcached.sample.dashboard;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.failsoft.memcached.autoconfigure.MemcachedCacheManagerBuilderCustomizer;
import io.failsoft.memcached.sample.SampleClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The notes over HTTP, with the memcached and the store that the sample starts for
 * itself.
 */
// A hit, or an answer of the store, is expected below however busy the machine is.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "memcached.operation-timeout=10s", "spring.http.serviceclient.notes.connect-timeout=5s",
				"spring.http.serviceclient.notes.read-timeout=5s" })
@ActiveProfiles("notes")
@DirtiesContext
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@EnabledIf(value = "isInstalled", disabledReason = "./run-tests installs the store of notes")
class NotesIT {

	/** The first of the notes that live for a second; those before outlive the test. */
	private static final long AGING = 100;

	private final SampleClient client;

	private final SampleClient direct;

	@Autowired
	private ProcessHandle store;

	NotesIT(@LocalServerPort int port, @Value("${spring.http.serviceclient.notes.base-url}") URI url) {
		this.client = new SampleClient(port);
		this.direct = new SampleClient(url.getPort());
	}

	static boolean isInstalled() {
		return Boolean.parseBoolean(System.getenv("CI")) || Files.exists(Path.of("notes/node_modules"));
	}

	@BeforeEach
	void awaitMemcachedAndStore() throws Exception {
		SampleClient.await("memcached", () -> !this.client.get("/actuator/health").body().contains("DEGRADED"));
		SampleClient.await("the store", () -> get(0).startsWith("404"));
	}

	@Test
	void noteIsReadOnceAndAnOldOneNeverAfterAConflictOrAnUpdate() {
		assertThat(get(1)).startsWith("404");
		String first = rev(put(this.direct, 1, "'text': 'first'"));
		assertThat(get(1)).as("cached, that there is none").startsWith("404");
		assertThat(put(1, "'text': 'mine'")).startsWith("409");
		assertThat(get(1)).contains("first");
		String second = rev(put(this.direct, 1, "'text': 'second', '_rev': '" + first + "'"));
		assertThat(get(1)).as("cached").contains("first");
		assertThat(put(1, "'text': 'mine', '_rev': '" + first + "'")).startsWith("409");
		assertThat(get(1)).contains("second");
		assertThat(put(1, "'text': 'mine', '_rev': 'nonsense'")).startsWith("409");
		assertThat(put(1, "'_rev': '" + second + "'")).startsWith("400");
		String third = rev(put(1, "'text': 'third', '_rev': '" + second + "'"));
		assertThat(get(1)).contains("third", third);
	}

	@Test
	void whenMemcachedDiesThenNotesAreReadFromTheStore(@Autowired OwnServers servers) {
		put(20, "'text': 'never read'");
		String rev = rev(put(21, "'text': 'old'"));
		assertThat(get(21)).contains("old");
		servers.act(null, OwnServers.Action.KILL);
		assertThat(get(20)).contains("never read");
		put(21, "'text': 'new', '_rev': '" + rev + "'");
		assertThat(get(21)).contains("new");
		servers.act(null, OwnServers.Action.REVIVE);
		assertThat(get(21)).contains("new");
	}

	@Test
	@Order(Integer.MAX_VALUE)
	void whenTheStoreHangsOrDiesThenWhatWasReadIsAnsweredUnlessItWasUpdatedAndTheRestIs503() throws Exception {
		LongStream.of(10, 11, 12, AGING, AGING + 1, AGING + 2).forEach((id) -> put(id, "'text': 'old'"));
		assertThat(LongStream.of(10, 12, AGING, AGING + 1, AGING + 2).mapToObj(this::get))
			.allMatch((answer) -> answer.contains("old"));
		signal(this.store, "STOP");
		var failing = Stream
			.<Supplier<String>>of(() -> get(11), () -> put(12, "'text': 'new'"), () -> put(AGING + 2, "'text': 'new'"))
			.map(CompletableFuture::supplyAsync)
			.toList();
		assertThat(get(10)).as("cached").endsWith("old\"}");
		SampleClient.await("what has aged to be stale", () -> isStale(AGING) && isStale(AGING + 1));
		assertThat(failing.stream().map(CompletableFuture::join)).allMatch((answer) -> answer.startsWith("503"));
		assertThat(List.of(get(12), get(AGING + 2))).as("may have been written")
			.allMatch((answer) -> answer.startsWith("503"));
		signal(this.store, "CONT");
		SampleClient.await("the store to be back", () -> !isStale(AGING) && !isStale(AGING + 1));
		assertThat(put(AGING, "'text': 'new', '_rev': '" + rev(get(AGING)) + "'")).startsWith("200");
		this.store.destroyForcibly();
		this.store.onExit().join();
		assertThat(get(AGING)).as("was written").startsWith("503");
		SampleClient.await("what has aged to be stale again", () -> isStale(AGING + 1));
		assertThat(get(10)).as("cached").endsWith("old\"}");
		assertThat(get(14)).as("never read").startsWith("503");
		assertThat(put(10, "'text': 'new'")).startsWith("503");
		assertThat(get(10)).as("may have been written").startsWith("503");
	}

	/**
	 * Asks for a note, which has to be answered.
	 */
	private boolean isStale(long id) {
		String answer = get(id);
		assertThat(answer).startsWith("200").contains("old");
		return answer.endsWith("stale");
	}

	@Test
	void storeEndsWithItsApplicationThoughItHangs() throws Exception {
		ProcessHandle own;
		try (var context = new SpringApplicationBuilder(Aging.class).profiles("notes")
			.run("--memcached.enabled=false", "--spring.main.web-application-type=none")) {
			own = context.getBean(ProcessHandle.class);
			signal(own, "STOP");
		}
		assertThat(own.onExit()).succeedsWithin(Duration.ofSeconds(10));
	}

	private String get(long id) {
		var response = this.client.get("/notes/" + id);
		return response.statusCode() + response.body() + response.headers().firstValue("X-Cache").orElse("");
	}

	private String put(long id, String fields) {
		return put(this.client, id, fields);
	}

	private static String put(SampleClient client, long id, String fields) {
		var response = client.send(client.request("/notes/" + id)
			.header("Content-Type", "application/json")
			.PUT(BodyPublishers.ofString("{" + fields.replace('\'', '"') + "}"))
			.build());
		return response.statusCode() + response.body();
	}

	private static String rev(String answer) {
		return answer.replaceAll("(?s).*rev\":\"(.*?)\".*", "$1");
	}

	private static void signal(ProcessHandle process, String signal) throws Exception {
		new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Aging {

		@Bean
		MemcachedCacheManagerBuilderCustomizer aging() {
			return (builder) -> builder.cache("notes",
					builder.settings("notes")
						.toBuilder()
						.timeToLive((key, note) -> Duration.ofSeconds(((Long) key >= AGING) ? 1 : 600))
						.staleIfErrorThrottle(Duration.ofSeconds(1))
						.build());
		}

	}

}
