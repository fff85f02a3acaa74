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

package io.failsoft.memcached.observation;

import java.util.function.ObjLongConsumer;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.OperationListener;
import io.failsoft.memcached.client.Reply;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Observes each operation on a server, as a child of what is observed on the thread that
 * asks for it. It begins there and ends when the outcome is known, usually on the
 * client's I/O thread; no scope is opened. A failure, a timeout for instance, is the
 * observation's error. Thread-safe.
 */
public final class MemcachedObservations implements OperationListener {

	private static final MemcachedOperationConvention DEFAULT = new MemcachedOperationConvention() {
	};

	private final ObservationRegistry registry;

	private final @Nullable MemcachedOperationConvention convention;

	/**
	 * Observe operations.
	 * @param registry where they are observed
	 * @param convention their names and tags, or {@code null} for the default
	 */
	public MemcachedObservations(ObservationRegistry registry, @Nullable MemcachedOperationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public @Nullable ObjLongConsumer<Reply> begun(String server, String operation) {
		if (this.registry.isNoop()) {
			return null;
		}
		MemcachedOperationContext context = new MemcachedOperationContext(server, operation);
		Observation observation = Observation.start(this.convention, DEFAULT, () -> context, this.registry);
		return (reply, nanos) -> end(observation, context, reply);
	}

	private static void end(Observation observation, MemcachedOperationContext context, Reply reply) {
		context.reply(reply);
		Failure failure = reply.failure();
		if (failure != null) {
			observation.error(new OperationFailed(failure, reply.detail()));
		}
		observation.stop();
	}

	/**
	 * What an observation takes for an error. It is never thrown.
	 */
	private static final class OperationFailed extends Exception {

		private static final long serialVersionUID = 1L;

		OperationFailed(Failure failure, @Nullable String detail) {
			super(failure.description() + ((detail != null) ? " (" + detail + ")" : ""), null, false, false);
		}

	}

}
