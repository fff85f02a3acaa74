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

import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;

import org.springframework.cache.Cache;

/**
 * Counts the commands that each contender sends per operation, as memcached logs them.
 */
final class CommandsPerOperation {

	private static final int TIMES = 20;

	private static final String MARK = "get mark-";

	/** Without what clients send of their own accord, such as our heartbeats. */
	private static final Pattern COMMAND = Pattern.compile(
			"<\\d+ (?!new|connection|version|verbosity|noop|mn|stats|quit|" + MARK + "|gets? failsoft:probe)[a-z].*");

	private final MemcachedServer server;

	private final Contender contender;

	private int marks;

	private CommandsPerOperation(MemcachedServer server, Contender contender) {
		this.server = server;
		this.contender = contender;
	}

	/**
	 * Counts the commands of contenders.
	 * @param contenders the contenders; those that do not talk to memcached are left out
	 * @return a table
	 */
	static String table(List<ContenderType> contenders) {
		StringBuilder table = new StringBuilder("""

				### Commands per operation

				| | get, hit | get, miss | put | evict | get with a loader, miss |
				|---|---|---|---|---|---|
				""");
		for (ContenderType contender : contenders) {
			if (contender != ContenderType.REDIS) {
				table.append("| ").append(contender.title()).append(" |");
				for (double figure : count(contender)) {
					table.append(Double.isNaN(figure) ? " |" : String.format(" %.1f |", figure));
				}
				table.append('\n');
			}
		}
		return table.toString();
	}

	/**
	 * Counts the commands of one contender.
	 * @param type the contender
	 * @return per get that hits, get that misses, put, evict, and load after a miss,
	 * which is not a number for a contender that has none
	 */
	static double[] count(ContenderType type) {
		try (MemcachedServer server = MemcachedServer
			.start(MemcachedServerOptions.defaults().withExtraArguments("-vv"));
				Contender contender = type.create(server.address())) {
			CommandsPerOperation commands = new CommandsPerOperation(server, contender);
			Object value = Values.of(contender, 0);
			// What is sent once only is not counted.
			contender.get(1L);
			contender.put(1L, value);
			double put = commands.of((i) -> contender.put(i, value));
			double hit = commands.of((i) -> Objects.requireNonNull(contender.get(i)));
			double miss = commands.of((i) -> contender.get(1000 + i));
			double evict = commands.of(contender::evict);
			double load = Double.NaN;
			if (contender instanceof Contender.OfSpring spring) {
				Cache cache = spring.cache();
				load = commands.of((i) -> cache.get(2000 + i, () -> value));
			}
			return new double[] { hit, miss, put, evict, load };
		}
	}

	/** The server keeps 50 lines of its log, so each operation is looked at by itself. */
	private double of(LongConsumer operation) {
		long commands = 0;
		for (int i = 0; i < TIMES; i++) {
			// Some ask for a generation once in some seconds, which is not counted.
			this.contender.get(1L);
			String before = mark();
			operation.accept(i);
			String after = mark();
			commands += this.server.output()
				.stream()
				.dropWhile((line) -> !line.endsWith(before))
				.takeWhile((line) -> !line.endsWith(after))
				.filter((line) -> COMMAND.matcher(line).matches())
				.count();
		}
		return commands / (double) TIMES;
	}

	private String mark() {
		String mark = MARK + ++this.marks;
		this.server.command(mark);
		while (this.server.output().stream().noneMatch((line) -> line.endsWith(mark))) {
			Server.pause(1);
		}
		return mark;
	}

}
