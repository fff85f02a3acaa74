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

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;
import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Reply;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MemcachedOperationMetricsTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final MemcachedOperationMetrics metrics = new MemcachedOperationMetrics();

	@Test
	void untilBoundNothingIsTimed() {
		assertThat(this.metrics.begun("a:1", "get")).isNull();
		this.metrics.bindTo(this.registry);
		assertThat(this.metrics.begun("a:1", "get")).isNotNull();
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void anOperationIsTimedByServerOperationAndOutcome() {
		this.metrics.bindTo(this.registry);
		end("a:1", "set", new Answer(null, true));
		end("a:1", "set", new Answer(null, true));
		end("a:1", "add", new Answer(null, false));
		end("b:2", "get", new Miss());
		assertThat(timer(this.registry, "a:1", "set", "stored").count()).isEqualTo(2);
		assertThat(timer(this.registry, "a:1", "set", "stored").totalTime(TimeUnit.MICROSECONDS)).isEqualTo(10);
		assertThat(timer(this.registry, "a:1", "add", "not_stored").count()).isEqualTo(1);
		assertThat(timer(this.registry, "b:2", "get", "miss").count()).isEqualTo(1);
		assertThat(this.registry.getMeters()).hasSize(3);
	}

	@Test
	void everyFailureIsAnOutcome() {
		this.metrics.bindTo(this.registry);
		for (Failure failure : Failure.values()) {
			end("a:1", "get", new Answer(failure, false));
			assertThat(timer(this.registry, "a:1", "get", failure.name().toLowerCase(Locale.ROOT)).count())
				.isEqualTo(1);
		}
		assertThat(this.registry.getMeters()).hasSize(Failure.values().length);
	}

	@Test
	void severalRegistriesAreAllToldAndOneThatIsBoundTwiceOnce() {
		MeterRegistry other = new SimpleMeterRegistry();
		this.metrics.bindTo(this.registry);
		end("a:1", "set", new Answer(null, true));
		this.metrics.bindTo(other);
		this.metrics.bindTo(this.registry);
		end("a:1", "set", new Answer(null, true));
		assertThat(timer(this.registry, "a:1", "set", "stored").count()).isEqualTo(2);
		assertThat(timer(other, "a:1", "set", "stored").count()).isEqualTo(1);
	}

	@Test
	void whenAServerThatWasGoneComesBackThenItIsTimedAgain() {
		this.metrics.bindTo(this.registry);
		end("a:1", "set", new Answer(null, true));
		end("b:2", "set", new Answer(null, true));
		this.metrics.retain(List.of("b:2"));
		this.registry.remove(timer(this.registry, "a:1", "set", "stored"));
		end("a:1", "set", new Answer(null, true));
		end("b:2", "set", new Answer(null, true));
		assertThat(timer(this.registry, "a:1", "set", "stored").count()).isEqualTo(1);
		assertThat(timer(this.registry, "b:2", "set", "stored").count()).isEqualTo(2);
	}

	@Test
	void timingAnOperationAllocatesNothing() {
		this.metrics.bindTo(this.registry);
		Answer answer = new Answer(null, true);
		for (int i = 0; i < 50_000; i++) {
			end("a:1", "set", answer);
		}
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();
		for (int i = 0; i < 50_000; i++) {
			end("a:1", "set", answer);
		}
		assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 50_000).isZero();
	}

	private void end(String server, String operation, Reply reply) {
		Objects.requireNonNull(this.metrics.begun(server, operation)).accept(reply, 5000);
	}

	private static Timer timer(MeterRegistry registry, String server, String operation, String outcome) {
		return registry.get("memcached.operations")
			.tags("server", server, "operation", operation, "outcome", outcome)
			.timer();
	}

	private record Answer(@Nullable Failure failure, boolean stored) implements Reply {

	}

	private static final class Miss implements Reply {

		@Override
		public @Nullable Failure failure() {
			return null;
		}

		@Override
		public String outcome() {
			return "miss";
		}

	}

}
