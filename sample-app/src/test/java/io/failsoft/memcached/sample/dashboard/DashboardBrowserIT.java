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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The dashboard as a person uses it, in a real browser and with real servers. Pictures of
 * it are left in {@code target/screenshots}; the system property
 * {@code dashboard.picture} names a file to which the README's is copied.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { DashboardIT.SEARCH_ENDS, DashboardIT.NEAREST_ENDS, DashboardIT.THROTTLE, DashboardIT.PATIENT })
class DashboardBrowserIT {

	private static final @Nullable String PICTURE = System.getProperty("dashboard.picture");

	private static Browser browser;

	@LocalServerPort
	private int port;

	@Autowired
	private OwnServers servers;

	@Autowired
	private Load load;

	@Autowired
	private ReserveSwitch reserve;

	@Autowired
	private DatabaseSwitch database;

	@BeforeAll
	static void startBrowser() throws IOException {
		browser = Browser.start();
	}

	@AfterAll
	static void closeBrowser() {
		if (browser != null) {
			browser.close();
		}
	}

	@BeforeEach
	void openPage() throws InterruptedException {
		this.load.turnTo(0);
		this.reserve.turn(true);
		this.database.turn(true);
		this.servers.act(null, OwnServers.Action.REVIVE);
		browser.emulate(1280, 900, "light");
		browser.open("http://localhost:" + this.port + "/");
		awaitVerdict("All 3 servers are in use.");
		browser.complaints();
	}

	@Test
	void whenAServerHangsThenThePageShowsItAndAnswersGoOn() throws Exception {
		search("zurich");
		assertThat(browser.text("#found")).contains("Zürich", "from the database");
		searchUntil("from the cache");

		browser.find("#without").click();
		browser.await("without the reserve", () -> !this.reserve.isOn());
		String victim = serverOf("zurich");
		button(victim, "hang").click();
		await(victim, "hanging");
		// The server is asked, says nothing, and is given up; then it is not asked any
		// more.
		searchUntil("from the database");
		assertThat(browser.text("#found")).contains("Zürich");
		await(victim, "down");
		assertThat(browser.text("#verdict")).contains("2 of 3 servers are in use.");
		browser.await("the starter says so", () -> browser.text("#log").contains("memcached " + victim + " is down"));
		for (int i = 0; i < 3; i++) {
			search("zurich");
			assertThat(browser.text("#found")).contains("Zürich", "from the database");
		}

		button(victim, "revive").click();
		await(victim, "up");
		awaitVerdict("All 3 servers are in use.");
		searchUntil("from the cache");
		assertThat(browser.text("#found")).contains("Zürich");
		assertThat(browser.complaints()).isEmpty();
	}

	@Test
	void whenAllAreKilledUnderLoadThenNobodyGetsAnError() throws Exception {
		turnLoadTo(60);
		browser.await("hits", () -> figure("[data-now=ratio]") >= 50);
		browser.await("some history", () -> figure("#answered") >= ((PICTURE != null) ? 200 : 80));
		browser.find("#kill-all").click();
		awaitVerdict(
				"No server is in use. The reserve answers what was asked within ten seconds, the database the rest, "
						+ "and nobody gets an error.");
		double killed = figure("#answered");
		browser.await("answers without a server", () -> figure("#answered") >= killed + 80);
		browser.await("hits without a server", () -> figure("[data-now=ratio]") >= 30);
		browser.find("#without").click();
		awaitVerdict("No server is in use. The database answers every question, and nobody gets an error.");
		browser.await("no hits", () -> "0".equals(browser.text("[data-now=ratio]")));
		double before = figure("#answered");
		browser.await("answers without the reserve", () -> figure("#answered") >= before + 80);
		search("san francisco");
		assertThat(browser.text("#found")).contains("San Francisco", "from the database");

		browser.find("#without").click();
		browser.find("#revive-all").click();
		awaitVerdict("All 3 servers are in use.");
		browser.await("hits again", () -> figure("[data-now=ratio]") >= 50);
		button(this.servers.names().get(1), "kill").click();
		await(this.servers.names().get(1), "down");
		// So many that hardly ever all of them are kept by the server that is down.
		searchUntil("from the cache", "paris", "oslo", "lima", "kyoto", "cairo", "quito", "dublin", "vienna", "madrid",
				"berlin", "havana", "nairobi");
		browser.run("document.activeElement.blur(); scrollTo(0, 0)");
		browser.emulate(1280, 1330, "light");
		Path picture = browser.picture("dashboard");
		if (PICTURE != null) {
			Files.copy(picture, Path.of(PICTURE), StandardCopyOption.REPLACE_EXISTING);
		}
		browser.emulate(1280, 1330, "dark");
		browser.picture("dashboard-dark");
		browser.emulate(390, 2700, "light");
		browser.picture("dashboard-phone");
		assertThat(browser.text("#failed")).isEqualTo("0");
		assertThat(browser.complaints()).isEmpty();
	}

	@Test
	void whenTheDatabaseIsTakenAwayThenSearchesGoOn() throws Exception {
		searchUntil("from the cache");
		browser.find("#database").click();
		awaitVerdict("The database is away. The cache answers what it holds, searches and nearest cities even after "
				+ "their time to live. Everything else gets an error.");
		assertThat(browser.text("#database")).isEqualTo("Bring the database back");
		for (int i = 0; i < 3; i++) {
			searchUntil("from the cache, stale");
			assertThat(browser.text("#found")).contains("Zürich");
		}
		boolean drawn = false;
		for (int i = 0; i < 100 && !drawn; i++) {
			search("zurich");
			drawn = figure("[data-now=stale]") > 0;
		}
		assertThat(drawn).as("stale answers are drawn").isTrue();

		browser.find("#name").clear();
		browser.find("#name").sendKeys("timbuktu", Keys.ENTER);
		browser.await("an error that says why", () -> browser.text("#found")
			.equals("The database cannot be asked, and the cache does not know the answer."));
		assertThat(browser.complaints()).isNotEmpty().allMatch((line) -> line.contains("503"));

		browser.find("#database").click();
		awaitVerdict("All 3 servers are in use.");
		search("timbuktu");
		assertThat(browser.text("#found")).contains("Timbuktu", "from the database");
	}

	@Test
	void everyControlIsReachedAndUsedByKeyboard() throws Exception {
		browser.run("document.activeElement.blur(); scrollTo(0, 0)");
		List<String> reached = new ArrayList<>();
		WebElement body = browser.find("body");
		body.sendKeys(Keys.TAB);
		for (int i = 0; i < 40 && !"body".equals(browser.focused().getTagName()); i++) {
			WebElement focused = browser.focused();
			reached.add(Objects.toString(focused.getDomAttribute("aria-label"), "")
					+ Objects.toString(focused.getDomAttribute("id"), "") + focused.getText());
			assertThat(focused.getCssValue("outline-style")).as("focus is seen on %s", focused).isEqualTo("solid");
			focused.sendKeys(Keys.TAB);
		}
		String first = this.servers.names().get(0);
		assertThat(reached).anyMatch((name) -> name.contains("Skip to"))
			.anyMatch((name) -> name.contains("kill-all"))
			.anyMatch((name) -> name.contains("revive-all"))
			.anyMatch((name) -> name.contains("Kill " + first))
			.anyMatch((name) -> name.contains("Hang " + first))
			.anyMatch((name) -> name.contains("Revive " + first))
			.anyMatch((name) -> name.contains("rate"))
			.anyMatch((name) -> name.contains("without"))
			.anyMatch((name) -> name.contains("Take the database away"))
			.anyMatch((name) -> name.contains("name"))
			.anyMatch((name) -> name.contains("log"))
			.anyMatch((name) -> name.contains("pause"));

		WebElement kill = button(first, "kill");
		kill.sendKeys(Keys.ENTER);
		await(first, "down");
		await(first, "dead");
		assertThat(browser.focused()).as("keeps the focus").isEqualTo(kill);
		assertThat(kill.getDomAttribute("aria-disabled")).isEqualTo("true");
		button(first, "revive").sendKeys(Keys.SPACE);
		await(first, "up");
		browser.find("#rate").sendKeys(Keys.ARROW_RIGHT);
		browser.await("the load turned up", () -> this.load.progress().rate() == 5);
		browser.await("the page says so", () -> browser.text("#rate-text").equals("5 requests a second"));
	}

	@Test
	void pageIsAccessibleInLightAndDarkAndOnAPhone() throws Exception {
		search("zurich");
		button(this.servers.names().get(0), "kill").click();
		await(this.servers.names().get(0), "down");
		button(this.servers.names().get(1), "hang").click();
		await(this.servers.names().get(1), "hanging");
		browser.await("a line of the log", () -> browser.text("#log").contains("is down"));
		for (String scheme : List.of("light", "dark")) {
			browser.emulate(1280, 900, scheme);
			assertThat(browser.accessibilityViolations()).as(scheme).isEmpty();
		}
		browser.emulate(390, 844, "light");
		assertThat(browser.accessibilityViolations()).as("phone").isEmpty();
		assertThat(browser.run("return document.documentElement.scrollWidth")).as("nothing sticks out").isEqualTo(390L);
		assertThat(browser.complaints()).isEmpty();
	}

	private static void search(String name) throws InterruptedException {
		browser.run("document.querySelectorAll('#found > *').forEach((each) => each.setAttribute('data-old', ''))");
		WebElement field = browser.find("#name");
		field.clear();
		field.sendKeys(name, Keys.ENTER);
		browser.await("an answer to " + name, () -> Boolean.TRUE
			.equals(browser.run("return document.querySelector('#found > :not([data-old])') !== null")));
	}

	private static void searchUntil(String origin, String... names) throws InterruptedException {
		List<String> all = (names.length > 0) ? List.of(names) : List.of("zurich");
		long deadline = System.nanoTime() + 60_000_000_000L;
		for (int i = 0; System.nanoTime() < deadline; i++) {
			search(all.get(i % all.size()));
			if (browser.text("#found").contains(origin)) {
				return;
			}
		}
		assertThat(browser.text("#found")).contains(origin);
	}

	/**
	 * Which server keeps the answer to a search: the only one that has had a hit more
	 * after another. What the load of an earlier test had under way may have hits too, so
	 * it is asked until there is one.
	 */
	private String serverOf(String name) throws InterruptedException {
		for (int i = 0; i < 20; i++) {
			List<Long> before = hits();
			searchUntil("from the cache", name);
			List<Long> after = hits();
			List<String> holders = new ArrayList<>(this.servers.names());
			holders.removeIf((each) -> {
				int index = this.servers.names().indexOf(each);
				return after.get(index).equals(before.get(index));
			});
			if (holders.size() == 1) {
				return holders.get(0);
			}
		}
		throw new AssertionError("Several servers have hits, though one question is asked");
	}

	private List<Long> hits() {
		return this.servers.all().stream().map((server) -> Long.valueOf(server.stats().get("get_hits"))).toList();
	}

	private static void turnLoadTo(int rate) {
		browser.run("""
				const slider = document.getElementById('rate');
				slider.value = arguments[0];
				slider.dispatchEvent(new Event('input', { bubbles: true }));
				""", rate);
	}

	private static WebElement button(String server, String action) {
		return browser.find(String.format(Locale.ROOT, "[data-name='%s'] [data-action='%s']", server, action));
	}

	private static void await(String server, String stateOrProcess) throws InterruptedException {
		browser.await(server + " is " + stateOrProcess, () -> {
			WebElement card = browser.find("[data-name='" + server + "']");
			return stateOrProcess.equals(card.getDomAttribute("data-state"))
					|| stateOrProcess.equals(card.getDomAttribute("data-process"));
		});
	}

	private static void awaitVerdict(String verdict) throws InterruptedException {
		browser.await(verdict, () -> browser.text("#verdict").equals(verdict));
	}

	private static double figure(String selector) {
		String text = browser.text(selector).replace(",", "");
		return text.equals("–") ? 0 : Double.parseDouble(text);
	}

}
