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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.opentest4j.TestAbortedException;

import org.springframework.core.io.ClassPathResource;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real Chromium without a window. It and all its processes end with {@link #close()}.
 */
final class Browser implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final List<Path> BROWSERS = Stream
		.of("/usr/bin/chromium", "/usr/bin/google-chrome",
				"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
				"/Applications/Chromium.app/Contents/MacOS/Chromium")
		.map(Path::of)
		.toList();

	private static final List<Path> DRIVERS = Stream
		.of("/usr/bin/chromedriver", "/opt/homebrew/bin/chromedriver", "/usr/local/bin/chromedriver")
		.map(Path::of)
		.toList();

	private static final String MISSING = "There is no Chromium with its driver, so the dashboard is not tested in a browser."
			+ " Install them: apt-get install chromium chromium-driver, or brew install --cask google-chrome chromedriver.";

	private final Path profile;

	private final ChromeDriverService service;

	private final ChromeDriver driver;

	private Browser(Path program, Path driverProgram) throws IOException {
		this.profile = Files.createTempDirectory("cities-browser");
		this.service = new ChromeDriverService.Builder().usingDriverExecutable(driverProgram.toFile())
			.usingAnyFreePort()
			.build();
		ChromeOptions options = new ChromeOptions();
		options.setBinary(program.toFile());
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--disable-background-networking", "--no-first-run", "--window-size=1280,900", "--hide-scrollbars",
				"--lang=en", "--user-data-dir=" + this.profile);
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
		Runtime.getRuntime().addShutdownHook(new Thread(this::endProcesses));
		this.driver = new ChromeDriver(this.service, options);
	}

	/**
	 * Start a browser. Where there is none the test fails on a build server, and is
	 * skipped, with what to install, elsewhere.
	 * @return the browser
	 * @throws IOException if there is no folder for its profile
	 */
	static Browser start() throws IOException {
		Path program = first(BROWSERS);
		Path driverProgram = first(DRIVERS);
		if (program != null && driverProgram != null) {
			return new Browser(program, driverProgram);
		}
		if ("true".equals(System.getenv("CI"))) {
			throw new AssertionError(MISSING);
		}
		System.err.println(MISSING);
		throw new TestAbortedException(MISSING);
	}

	private static @Nullable Path first(List<Path> candidates) {
		return candidates.stream().filter(Files::isExecutable).findFirst().orElse(null);
	}

	void open(String url) {
		this.driver.get(url);
	}

	WebElement find(String selector) {
		return this.driver.findElement(By.cssSelector(selector));
	}

	String text(String selector) {
		return find(selector).getText();
	}

	@Nullable Object run(String script, Object... arguments) {
		return this.driver.executeScript(script, arguments);
	}

	WebElement focused() {
		return this.driver.switchTo().activeElement();
	}

	/**
	 * Have the browser show the page as another device would.
	 * @param width the width in CSS pixels
	 * @param height the height in CSS pixels
	 * @param scheme {@code light} or {@code dark}
	 */
	void emulate(int width, int height, String scheme) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	/**
	 * Check the page against the rules of the Web Content Accessibility Guidelines, as
	 * far as axe-core can.
	 * @return what violates them, in words
	 * @throws IOException if axe-core cannot be read
	 */
	@SuppressWarnings("unchecked")
	List<String> accessibilityViolations() throws IOException {
		this.driver.executeScript(new ClassPathResource("axe.min.js").getContentAsString(StandardCharsets.UTF_8));
		this.driver.manage().timeouts().scriptTimeout(PATIENCE);
		Object result = this.driver.executeAsyncScript(
				"""
						const done = arguments[arguments.length - 1];
						axe.run().then((result) => done([String(result.passes.length), ...result.violations.flatMap((violation) =>
							violation.nodes.map((node) => `${violation.id}: ${node.html} ${node.failureSummary}`))]));
						""");
		assertThat(result).isInstanceOf(List.class);
		List<String> answer = new ArrayList<>((List<String>) result);
		assertThat(Integer.parseInt(answer.remove(0))).as("rules that axe-core checked").isGreaterThan(15);
		return answer;
	}

	/**
	 * What the browser complained about since it was last asked, refused scripts among
	 * it.
	 * @return the lines
	 */
	List<String> complaints() {
		return this.driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(LogEntry::getMessage).toList();
	}

	/**
	 * Take a picture of what is seen.
	 * @param name the file's name, without extension
	 * @return the file
	 * @throws IOException if it cannot be written
	 */
	Path picture(String name) throws IOException {
		Path picture = Path.of("target", "screenshots", name + ".png");
		Files.createDirectories(picture.getParent());
		return Files.write(picture, this.driver.getScreenshotAs(OutputType.BYTES));
	}

	void await(String what, BooleanSupplier condition) throws InterruptedException {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() > deadline) {
				throw new AssertionError("Waited in vain for: " + what + ". The page:\n" + text("body"));
			}
			Thread.sleep(100);
		}
	}

	@Override
	public void close() {
		try {
			this.driver.quit();
		}
		finally {
			this.service.stop();
			endProcesses();
			FileSystemUtils.deleteRecursively(this.profile.toFile());
		}
	}

	/**
	 * The browser's processes are not all children of its driver, but all are told where
	 * the profile is, and nobody else is.
	 */
	private void endProcesses() {
		List<ProcessHandle> processes = ProcessHandle.allProcesses()
			.filter((process) -> process.info().commandLine().orElse("").contains(this.profile.toString()))
			.toList();
		processes.forEach(ProcessHandle::destroyForcibly);
		processes.forEach((process) -> process.onExit().join());
	}

}
