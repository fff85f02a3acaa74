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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.failsoft.memcached.client.ServerSnapshot.State;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares dashboard, alerts and the table of meters with what an application registers
 * and what Prometheus is given.
 */
class DashboardIT {

	/** What Prometheus itself adds to each series. */
	private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

	/** Words of the query language that are used. */
	private static final Set<String> WORDS = Set.of("sum", "avg", "min", "max", "by", "rate", "increase",
			"label_values");

	private static final Pattern SAMPLE = Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? \\S+$",
			Pattern.MULTILINE);

	private static final Pattern LABEL = Pattern.compile("([a-z_]+)(?:=~|!=|!~|=)\"");

	private static final Pattern SELECTOR = Pattern.compile("([a-z_]+)\\{([^}]*)\\}");

	private static final Pattern GROUPING = Pattern.compile("(sum|avg|min|max) by \\(([^)]*)\\)");

	private static final Pattern NAME = Pattern.compile("[a-z][a-z_]*");

	private static final Pattern LEGEND = Pattern.compile("\\{\\{([a-z_]+)\\}\\}");

	private static final MemcachedServer server = MemcachedServer.start();

	private static final Map<String, Set<String>> series = new TreeMap<>();

	private static final List<Meter.Id> meters = new ArrayList<>();

	@BeforeAll
	static void scrape() {
		try (WebApplication application = WebApplication.start(List.of(server)).await(State.UP)) {
			application.books().find("Emma");
			application.books().find("Emma");
			MeterRegistry registry = application.bean(MeterRegistry.class);
			registry.getMeters().forEach((meter) -> meters.add(meter.getId()));
			Matcher samples = SAMPLE.matcher(application.get("/actuator/prometheus").body());
			while (samples.find()) {
				String labels = (samples.group(2) != null) ? samples.group(2) : "";
				series.computeIfAbsent(samples.group(1), (name) -> new TreeSet<>())
					.addAll(LABEL.matcher(labels).results().map((label) -> label.group(1)).toList());
			}
		}
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void everyNameAndLabelOfTheDashboardExists() {
		Map<String, String> expressions = dashboard();
		assertThat(expressions).hasSizeGreaterThan(25);
		expressions.forEach((expression, legend) -> check(expression, legend));
	}

	@Test
	void everyNameAndLabelOfTheAlertsExists() {
		List<String> alerts = Docs.alerts();
		assertThat(alerts).hasSize(5);
		alerts.forEach((expression) -> check(expression, ""));
	}

	@Test
	void everyMeterOfOursIsOnTheDashboard() {
		String expressions = String.join("\n", dashboard().keySet());
		Set<String> ours = series.keySet()
			.stream()
			.filter((name) -> name.startsWith("memcached_"))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(ours).hasSize(24)
			.allSatisfy((name) -> assertThat(expressions).containsPattern("\\b" + name + "\\{"));
	}

	@Test
	void theDashboardsPanelsAreWellFormed() {
		Set<Integer> ids = new TreeSet<>();
		List<JsonNode> panels = new ArrayList<>();
		json().get("panels").forEach(panels::add);
		for (JsonNode panel : panels) {
			assertThat(ids.add(panel.get("id").asInt())).isTrue();
			if (!panel.get("type").asString().equals("row")) {
				assertThat(panel.get("description").asString()).isNotBlank();
				assertThat(panel.at("/gridPos/x").asInt() + panel.at("/gridPos/w").asInt()).isLessThanOrEqualTo(24);
			}
		}
	}

	@Test
	void theTableOfMetersIsWhatIsRegistered() {
		Map<String, Set<String>> documented = new TreeMap<>();
		Docs.rows("## Meters")
			.forEach((row) -> documented.put(Docs.code(row.get(0)), new TreeSet<>(Docs.codes(row.get(2)))));
		Map<String, Set<String>> registered = new TreeMap<>();
		Map<String, String> units = new LinkedHashMap<>();
		for (Meter.Id id : meters) {
			if (id.getName().startsWith("memcached.")) {
				registered.computeIfAbsent(id.getName(), (name) -> new TreeSet<>())
					.addAll(id.getTags().stream().map(Tag::getKey).toList());
				units.put(id.getName(), Objects.requireNonNullElse(id.getBaseUnit(), ""));
				assertThat(id.getDescription()).as(id.getName()).isNotBlank();
			}
		}
		assertThat(documented).isEqualTo(registered);
		Docs.rows("## Meters")
			.forEach((row) -> assertThat(row.get(3)).as(row.get(0)).isEqualTo(units.get(Docs.code(row.get(0)))));
	}

	private static void check(String expression, String legend) {
		Set<String> names = new TreeSet<>();
		Matcher selectors = SELECTOR.matcher(expression);
		while (selectors.find()) {
			String name = selectors.group(1);
			names.add(name);
			assertThat(series).as(expression).containsKey(name);
			LABEL.matcher(selectors.group(2))
				.results()
				.map((label) -> label.group(1))
				.filter((label) -> !OF_PROMETHEUS.contains(label))
				.forEach((label) -> assertThat(series.get(name)).as(expression).contains(label));
		}
		String plain = expression.replaceAll("\\{[^}]*\\}", "").replaceAll("\\[[^\\]]*\\]", "");
		Set<String> grouping = new TreeSet<>();
		Matcher groupings = GROUPING.matcher(plain);
		while (groupings.find()) {
			grouping.addAll(List.of(groupings.group(2).split(", ")));
		}
		if (plain.startsWith("label_values")) {
			grouping.add(plain.substring(plain.lastIndexOf(' ') + 1, plain.length() - 1));
		}
		Matcher words = NAME.matcher(plain);
		while (words.find()) {
			String word = words.group();
			if (!WORDS.contains(word) && !grouping.contains(word)) {
				names.add(word);
				assertThat(series).as(expression).containsKey(word);
			}
		}
		assertThat(names).as(expression).isNotEmpty();
		grouping.addAll(LEGEND.matcher(legend).results().map((label) -> label.group(1)).toList());
		grouping.removeAll(OF_PROMETHEUS);
		for (String name : names) {
			assertThat(series.get(name)).as(expression).containsAll(grouping);
		}
	}

	private static JsonNode json() {
		return JsonMapper.builder().build().readTree(Docs.read(Docs.DASHBOARD));
	}

	/**
	 * The expressions, each with its legend.
	 */
	private static Map<String, String> dashboard() {
		Map<String, String> expressions = new LinkedHashMap<>();
		json().get("panels").forEach((panel) -> {
			if (panel.has("targets")) {
				panel.get("targets")
					.forEach((target) -> expressions.put(target.get("expr").asString(),
							target.get("legendFormat").asString()));
			}
		});
		json().at("/templating/list").forEach((variable) -> {
			if (variable.has("definition")) {
				expressions.put(variable.get("definition").asString(), "");
			}
		});
		return expressions;
	}

}
