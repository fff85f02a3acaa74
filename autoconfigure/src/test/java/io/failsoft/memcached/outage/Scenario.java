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

package io.failsoft.memcached.outage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * An outage under load: all is well, servers are lost, they come back. While they are
 * lost, an instance without load changes and evicts a row five times a second, and all
 * rows once, unless some servers are still there, which would forget all they have.
 *
 * @param rate the requests a second
 * @param keys how many keys they are for
 * @param reserve the reserve
 * @param warm how many seconds all is well
 * @param outage how many seconds servers are lost
 * @param back how many seconds they are back
 * @param onset the seconds of the outage that count apart
 */
record Scenario(int rate, int keys, Duration reserve, int warm, int outage, int back, int onset) {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** How late an eviction may be on a busy machine, or a thread. */
	private static final Duration SLACK = Duration.ofSeconds(1);

	private static final Duration CHANGE_INTERVAL = Duration.ofMillis(200);

	Report run(Outage how, Contender cache, long seed) throws InterruptedException {
		Source source = new Source(this.keys);
		List<ConfigurableApplicationContext> contexts = new ArrayList<>();
		try (Outage.Servers servers = how.new Servers()) {
			try {
				for (int i = 0; i < how.instances() + 1; i++) {
					contexts.add(cache.start(source, servers.addresses(), this.reserve));
				}
				return run(how, servers, source, cache, contexts, new SplittableRandom(seed));
			}
			finally {
				contexts.forEach(ConfigurableApplicationContext::close);
			}
		}
	}

	private Report run(Outage how, Outage.Servers servers, Source source, Contender cache,
			List<ConfigurableApplicationContext> contexts, SplittableRandom random) throws InterruptedException {
		awaitSettled(cache, contexts);
		List<Products> instances = contexts.stream().map((context) -> context.getBean(Products.class)).toList();
		Products changing = instances.get(how.instances());
		Zipf zipf = new Zipf(this.keys);
		SplittableRandom changed = random.split();
		Load load = new Load(source, instances.subList(0, how.instances()), this.rate, zipf,
				this.warm + this.outage + this.back, random);
		Thread running = load.start();
		await(load.time(this.warm));
		servers.lose();
		ScheduledExecutorService changes = Executors.newSingleThreadScheduledExecutor();
		changes.scheduleAtFixedRate(() -> changing.change(zipf.key(changed)), 0, CHANGE_INTERVAL.toMillis(),
				TimeUnit.MILLISECONDS);
		await(load.time(this.warm + this.outage / 2.0));
		if (how != Outage.ONE) {
			changes.execute(changing::changeAll);
		}
		await(load.time(this.warm + this.outage));
		changes.shutdown();
		changes.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		long returned = System.nanoTime();
		servers.giveBack();
		awaitSettled(cache, contexts);
		long settled = System.nanoTime();
		running.join();
		long promised = this.reserve.plus(SLACK).toNanos();
		return new Report(phases(load), load.outdated(promised, returned, settled + promised),
				how.instances() * zipf.queries((double) this.rate / how.instances(), this.reserve.toMillis() / 1e3));
	}

	private List<Phase> phases(Load load) {
		int lost = this.warm + this.outage;
		int early = Math.max(1, this.back / 4);
		return List.of(load.phase("start", 0, this.warm * 5 / 6), load.phase("warm", this.warm * 5 / 6, this.warm),
				load.phase("onset", this.warm, this.warm + this.onset),
				load.phase("outage", this.warm + this.onset, lost), load.phase("return", lost, lost + early),
				load.phase("after", lost + early, lost + this.back));
	}

	private static void await(long time) {
		for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	private static void awaitSettled(Contender cache, List<ConfigurableApplicationContext> contexts) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!contexts.stream().allMatch(cache::isSettled)) {
			if (System.nanoTime() > deadline) {
				throw new IllegalStateException("Not settled within " + PATIENCE);
			}
			LockSupport.parkNanos(5_000_000);
		}
	}

	/**
	 * The figures of a run.
	 *
	 * @param phases those of its parts: start, warm, onset, outage, return and after
	 * @param outdated how many answers were older than promised
	 * @param formula the queries a second that the reserve should leave
	 */
	record Report(List<Phase> phases, int outdated, double formula) {

		Phase phase(String name) {
			return this.phases.stream().filter((phase) -> phase.name().equals(name)).findFirst().orElseThrow();
		}

		int failed() {
			return this.phases.stream().mapToInt(Phase::failed).sum();
		}

		@Override
		public String toString() {
			StringBuilder text = new StringBuilder(Phase.HEADER);
			this.phases.forEach(text::append);
			return text + String.format("  %.0f queries/s by the formula, %d answers older than promised%n",
					this.formula, this.outdated);
		}

	}

}
