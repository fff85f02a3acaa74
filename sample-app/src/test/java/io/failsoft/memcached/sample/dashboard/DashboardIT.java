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

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.failsoft.memcached.sample.SampleClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The dashboard over HTTP, with the memcached that the sample starts for itself.
 */
// The same context as that of DashboardBrowserIT.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { DashboardIT.SEARCH_ENDS, DashboardIT.NEAREST_ENDS, DashboardIT.THROTTLE, DashboardIT.PATIENT })
class DashboardIT {

	/** A read in vain is a load, which fails while the database is away. */
	static final String PATIENT = "memcached.operation-timeout=5s";

	static final String SEARCH_ENDS = "memcached.cache.caches.search.time-to-live=1s";

	static final String NEAREST_ENDS = "memcached.cache.caches.nearest.time-to-live=1s";

	static final String THROTTLE = "memcached.cache.stale-if-error-throttle=1s";

	private static final Pattern TOKEN = Pattern.compile("X-XSRF-TOKEN&quot;: &quot;([^&]+)&quot;");

	private final SampleClient client;

	@Autowired
	private OwnServers servers;

	@Autowired
	private Load load;

	@Autowired
	private DatabaseSwitch database;

	DashboardIT(@LocalServerPort int port) {
		this.client = new SampleClient(port);
	}

	@BeforeEach
	void awaitServers() throws Exception {
		SampleClient.await("all servers in use", () -> inState("up") == PrivateMemcached.COUNT);
	}

	@AfterEach
	void repair() {
		this.load.turnTo(0);
		this.database.turn(true);
		this.servers.act(null, OwnServers.Action.REVIVE);
	}

	@Test
	void pageNamesTheServersAndRunsOnlyItsOwnScripts() throws Exception {
		HttpResponse<String> page = this.client.get("/");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.body()).contains(this.servers.names());
		String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
		assertThat(policy).contains("default-src 'none'", "script-src 'self';").doesNotContain("unsafe");
		assertThat(page.body()).doesNotContain("<style").doesNotContainPattern("<script(?![^>]* src=)");
		Matcher assets = Pattern.compile("(?:src|link rel=\"[^\"]+\"[^>]* href)=\"([^\"]+)\"").matcher(page.body());
		int count = 0;
		while (assets.find()) {
			assertThat(assets.group(1)).as("served by the application itself").startsWith("/");
			assertThat(this.client.get(assets.group(1)).statusCode()).as(assets.group(1)).isEqualTo(200);
			count++;
		}
		assertThat(count).isEqualTo(6);
	}

	@Test
	void buttonsActOnOneServerAndTheStarterNotices() throws Exception {
		String name = this.servers.names().get(1);
		Form form = openForm();
		long line = live("").get("log").valueStream().mapToLong((each) -> each.get("number").asLong()).max().orElse(0);
		assertThat(post(form, server(name, "kill")).statusCode()).isEqualTo(204);
		SampleClient.await("one server lost", () -> inState("down") == 1);
		JsonNode state = live("");
		assertThat(state.at("/servers/1/process").asString()).isEqualTo("dead");
		assertThat(state.at("/servers/1/state").asString()).isEqualTo("down");
		SampleClient.await("the starter says so",
				() -> live("?line=" + line).at("/log").toString().contains("memcached " + name + " is down"));
		assertThat(post(form, server(name, "revive")).statusCode()).isEqualTo(204);
		SampleClient.await("all servers in use", () -> inState("up") == PrivateMemcached.COUNT);
	}

	@Test
	void withoutTokenOrFromAnotherPageNothingIsDone() throws Exception {
		Form form = openForm();
		for (String path : new String[] { server(this.servers.names().get(0), "kill"),
				DashboardController.CONTROLS + "/servers/kill", DashboardController.CONTROLS + "/load?rate=50",
				DashboardController.CONTROLS + "/database?away=true" }) {
			assertThat(post(new Form(form.cookie(), "wrong"), path).statusCode()).isEqualTo(403);
			assertThat(post(new Form("cities-csrf=other", form.token()), path).statusCode()).isEqualTo(403);
			HttpResponse<String> foreign = this.client
				.send(control(form, path).header("Origin", "http://evil.test").POST(BodyPublishers.noBody()).build());
			assertThat(foreign.statusCode()).isEqualTo(403);
			assertThat(this.client.send(control(form, path).GET().build()).statusCode()).isEqualTo(405);
		}
		assertThat(this.servers.names())
			.allSatisfy((name) -> assertThat(this.servers.condition(name)).isEqualTo(OwnServers.Condition.RUNNING));
		assertThat(this.load.progress().rate()).isZero();
		assertThat(this.database.isOn()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "DELETE /actuator/caches, rebound.test, 403", "DELETE /actuator/caches/cities, rebound.test, 403",
			"PUT /cities/2950159/population, rebound.test, 403", "PUT /cities/2950159/population, 192.168.1.2, 403",
			"PUT /cities/2950159/population, localhost, 200", "DELETE /actuator/caches, localhost, 204",
			"GET /cities/2950159, rebound.test, 200", "GET /actuator/caches, rebound.test, 200" })
	void underAnotherNameOthersLookButDoNotAct(String request, String name, int status) throws Exception {
		assertThat(this.client.statusUnderName(request, name, "{\"population\": 3426354}")).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource({ "/servers/127.0.0.1:1/kill, 404", "/servers/explode, 404", "/load, 400", "/load?rate=fast, 400",
			"/database, 400", "/database?away=far, 400" })
	void nonsenseIsRefused(String path, int status) throws Exception {
		assertThat(post(openForm(), DashboardController.CONTROLS + path).statusCode()).isEqualTo(status);
	}

	@Test
	void whenAllServersAreKilledUnderLoadThenEveryRequestIsAnswered() throws Exception {
		Form form = openForm();
		long second = Instant.now().getEpochSecond();
		long start = this.load.progress().answered();
		post(form, DashboardController.CONTROLS + "/load?rate=50");
		SampleClient.await("answers and hits",
				() -> this.load.progress().answered() > start + 50 && sumAfter(second, "hits") > 0);
		post(form, DashboardController.CONTROLS + "/servers/kill");
		SampleClient.await("all servers lost", () -> inState("down") == PrivateMemcached.COUNT);
		long before = this.load.progress().answered();
		SampleClient.await("answers without a cache", () -> this.load.progress().answered() > before + 50);
		post(form, DashboardController.CONTROLS + "/servers/revive");
		SampleClient.await("all servers in use", () -> inState("up") == PrivateMemcached.COUNT);
		post(form, DashboardController.CONTROLS + "/load?rate=0");
		assertThat(this.load.progress().rate()).isZero();
		assertThat(this.load.progress().failed()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "/cities?name=nairobi, /cities?name=mombasa",
			"/cities/184745/nearest?limit=3, /cities/186301/nearest?limit=3" })
	void whenTheDatabaseIsAwayThenWhatHasAgedIsServedAndMarked(String path, String unknown) throws Exception {
		Form form = openForm();
		long second = Instant.now().getEpochSecond() - 1;
		SampleClient.await("cached", () -> !"miss".equals(cache(path)));
		String expected = this.client.get(path).body();
		assertThat(post(form, DashboardController.CONTROLS + "/database?away=true").statusCode()).isEqualTo(204);
		assertThat(live("").get("database").asBoolean()).isFalse();
		AtomicInteger stale = new AtomicInteger();
		SampleClient.await("stale answers", () -> {
			String outcome = cache(path);
			assertThat(outcome).isIn("hit", "stale");
			assertThat(this.client.get(path).body()).isEqualTo(expected);
			return "stale".equals(outcome) && stale.incrementAndGet() == 20;
		});
		HttpResponse<String> error = this.client.get(unknown);
		assertThat(error.statusCode()).isEqualTo(503);
		assertThat(error.headers().firstValue("Content-Type")).contains("application/problem+json");
		assertThat(error.body()).contains("The database cannot be asked");
		post(form, DashboardController.CONTROLS + "/database?away=false");
		SampleClient.await("loaded anew", () -> "hit".equals(cache(path)));
		SampleClient.await("counted", () -> sumAfter(second, "stale") >= 20);
	}

	private String cache(String path) {
		HttpResponse<String> response = this.client.get(path);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return response.headers().firstValue("X-Cache").orElseThrow();
	}

	private long inState(String state) {
		return live("").get("servers")
			.valueStream()
			.filter((server) -> server.get("state").asString().equals(state))
			.count();
	}

	private long sumAfter(long second, String figure) {
		return live("?second=" + second).get("seconds")
			.valueStream()
			.mapToLong((each) -> each.get(figure).asLong())
			.sum();
	}

	private JsonNode live(String known) {
		return JsonMapper.shared().readTree(this.client.get("/dashboard/live" + known).body());
	}

	private static String server(String name, String action) {
		return DashboardController.CONTROLS + "/servers/" + name + "/" + action;
	}

	private Form openForm() {
		HttpResponse<String> page = this.client.get("/");
		Matcher token = TOKEN.matcher(page.body());
		assertThat(token.find()).isTrue();
		return new Form(page.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0], token.group(1));
	}

	private HttpResponse<String> post(Form form, String path) {
		return this.client.send(control(form, path).POST(BodyPublishers.noBody()).build());
	}

	private HttpRequest.Builder control(Form form, String path) {
		return this.client.request(path).header("Cookie", form.cookie()).header("X-XSRF-TOKEN", form.token());
	}

	/**
	 * What a page that was opened has in hand.
	 *
	 * @param cookie the cookie as it is sent back
	 * @param token the token in the page
	 */
	record Form(String cookie, String token) {

	}

}
