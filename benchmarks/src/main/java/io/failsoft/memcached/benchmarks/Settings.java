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

package io.failsoft.memcached.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What to run and for how long.
 *
 * @param rows the rows
 * @param contenders who takes part
 * @param rounds how often all is run
 * @param warmups seconds before each measurement
 * @param measurements seconds of each measurement
 * @param commands whether commands per operation are counted
 * @param scenarios whether the other figures are taken
 * @param serverCpus the processors that servers are pinned to, empty for any
 * @param output a file for the report, or {@code null}
 */
record Settings(List<Row> rows, List<ContenderType> contenders, int rounds, int warmups, int measurements,
		boolean commands, boolean scenarios, String serverCpus, @Nullable Path output) {

	static Settings parse(String[] arguments) {
		List<Row> rows = new ArrayList<>(Rows.ALL);
		List<ContenderType> contenders = new ArrayList<>(List.of(ContenderType.values()));
		contenders.removeIf((contender) -> !contender.isAvailable());
		int rounds = 1;
		int warmups = 6;
		int measurements = 3;
		boolean commands = true;
		boolean scenarios = true;
		String serverCpus = "";
		Path output = null;
		for (String argument : arguments) {
			String value = argument.substring(argument.indexOf('=') + 1);
			switch (argument.substring(0, argument.length() - value.length())) {
				case "--rounds=" -> rounds = Integer.parseInt(value);
				case "--warmup=" -> warmups = Integer.parseInt(value);
				case "--measure=" -> measurements = Integer.parseInt(value);
				case "--rows=" -> rows = rows(value);
				case "--contenders=" -> contenders = contenders(value);
				case "--commands=" -> commands = Boolean.parseBoolean(value);
				case "--scenarios=" -> scenarios = Boolean.parseBoolean(value);
				case "--server-cpus=" -> serverCpus = value;
				case "--output=" -> output = Path.of(value);
				default -> throw new IllegalArgumentException("Unknown: " + argument);
			}
		}
		return new Settings(rows, contenders, rounds, warmups, measurements, commands, scenarios, serverCpus, output);
	}

	private static List<Row> rows(String names) {
		List<Row> rows = new ArrayList<>();
		for (String name : names(names)) {
			rows.add(Rows.ALL.stream()
				.filter((row) -> row.name().equals(name))
				.findFirst()
				.orElseThrow(() -> new IllegalArgumentException(
						"No row '" + name + "'; there are " + Rows.ALL.stream().map(Row::name).toList())));
		}
		return rows;
	}

	private static List<ContenderType> contenders(String names) {
		return names(names).stream().map(ContenderType::of).toList();
	}

	private static List<String> names(String names) {
		return names.isEmpty() ? List.of() : List.of(names.split(","));
	}

}
