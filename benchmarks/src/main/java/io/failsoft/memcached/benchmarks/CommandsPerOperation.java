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

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.springframework.cache.Cache;

/**
 * Counts the commands that each contender sends per operation.
 */
final class CommandsPerOperation {

	private static final int TIMES = 100;

	private CommandsPerOperation() {
	}

	/**
	 * Count.
	 * @param contenders who takes part; those that do not talk to memcached are left out
	 * @return a table
	 */
	static String table(List<ContenderType> contenders) {
		List<String> lines = new ArrayList<>();
		lines.add("");
		lines.add("### Commands per operation");
		lines.add("");
		lines.add("| | get, hit | get, miss | put | evict | get with a loader, miss |");
		lines.add("|---|---|---|---|---|---|");
		for (ContenderType contender : contenders) {
			if (contender.isMemcached()) {
				StringBuilder line = new StringBuilder("| " + contender.title() + " |");
				for (double figure : count(contender)) {
					line.append(Double.isNaN(figure) ? " |" : String.format(" %.1f |", figure));
				}
				lines.add(line.toString());
			}
		}
		lines.add("");
		return String.join("\n", lines);
	}

	/**
	 * Count the commands of one contender.
	 * @param type the contender
	 * @return per get that hits, get that misses, put, evict, and load after a miss,
	 * which is not a number for who has none
	 */
	static double[] count(ContenderType type) {
		try (Server server = type.startServer();
				CountingProxy proxy = new CountingProxy(server.address());
				Contender contender = type.create(proxy.address())) {
			Object value = Values.of(contender, 0);
			// What is sent once only is not counted.
			contender.get(1L);
			contender.put(1L, value);
			double put = proxy.commandsOf(TIMES, (i) -> contender.put(i, value));
			double hit = proxy.commandsOf(TIMES, (i) -> Objects.requireNonNull(contender.get(i)));
			double miss = proxy.commandsOf(TIMES, (i) -> contender.get(1000 + i));
			double evict = proxy.commandsOf(TIMES, contender::evict);
			double load = Double.NaN;
			if (contender instanceof SpringContender spring) {
				Cache cache = spring.cache();
				load = proxy.commandsOf(TIMES, (i) -> cache.get(2000 + i, () -> value));
			}
			return new double[] { hit, miss, put, evict, load };
		}
	}

}
