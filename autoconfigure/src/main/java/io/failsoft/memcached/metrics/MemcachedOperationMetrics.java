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

package io.failsoft.memcached.metrics;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;

import io.failsoft.memcached.client.OperationListener;
import io.failsoft.memcached.client.Reply;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Times each operation on a server: {@code memcached.operations}, tagged {@code server},
 * {@code operation} ({@code get}, {@code set}, {@code add}, {@code cas}, {@code touch})
 * and {@code outcome} ({@code hit}, {@code miss}, {@code stored}, {@code not_stored} or
 * the failure). A timer is registered when its outcome first occurs; from then on an
 * operation takes no lock and allocates nothing for being timed. Until
 * {@linkplain #bindTo bound} nothing is timed. Thread-safe.
 */
public final class MemcachedOperationMetrics implements MeterBinder, OperationListener {

	private final Map<String, Map<String, Timers>> timers = new ConcurrentHashMap<>();

	private volatile @Nullable MeterRegistry registry;

	@Override
	public synchronized void bindTo(MeterRegistry registry) {
		MeterRegistry bound = this.registry;
		if (bound == null) {
			this.registry = registry;
		}
		else if (bound != registry) {
			// The application has no composite of its own.
			this.registry = new CompositeMeterRegistry().add(bound).add(registry);
			this.timers.clear();
		}
	}

	/**
	 * Forget servers that are gone. Should one of them come back, its timers are
	 * registered anew.
	 * @param names the servers that there are
	 */
	public void retain(Collection<String> names) {
		this.timers.keySet().retainAll(names);
	}

	@Override
	public @Nullable ObjLongConsumer<Reply> begun(String server, String operation) {
		MeterRegistry bound = this.registry;
		if (bound == null) {
			return null;
		}
		Map<String, Timers> ofServer = this.timers.get(server);
		if (ofServer == null) {
			ofServer = this.timers.computeIfAbsent(server, (name) -> new ConcurrentHashMap<>());
		}
		Timers ofOperation = ofServer.get(operation);
		if (ofOperation == null) {
			ofOperation = ofServer.computeIfAbsent(operation,
					(name) -> new Timers(Timer.builder("memcached.operations")
						.tags("server", server, "operation", name)
						.description("Operations on a memcached server, as their callers saw them")
						.withRegistry(bound), new ConcurrentHashMap<>()));
		}
		return ofOperation;
	}

	/**
	 * The timers of one operation on one server.
	 *
	 * @param provider registers them
	 * @param byOutcome those that are registered
	 */
	private record Timers(MeterProvider<Timer> provider,
			Map<String, Timer> byOutcome) implements ObjLongConsumer<Reply> {

		@Override
		public void accept(Reply reply, long nanos) {
			String outcome = reply.outcome();
			Timer timer = this.byOutcome.get(outcome);
			if (timer == null) {
				timer = this.byOutcome.computeIfAbsent(outcome, (name) -> this.provider.withTag("outcome", name));
			}
			timer.record(nanos, TimeUnit.NANOSECONDS);
		}

	}

}
