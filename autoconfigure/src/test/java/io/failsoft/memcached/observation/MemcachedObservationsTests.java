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

import java.util.Objects;
import java.util.function.ObjLongConsumer;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Reply;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MemcachedObservationsTests {

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final MemcachedObservations observations = new MemcachedObservations(this.registry, null);

	@Test
	void anOperationIsObservedFromItsBeginToItsEnd() {
		ObjLongConsumer<Reply> watch = begin(this.observations, "cache-1:11211", "set");
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasObservationWithNameEqualTo("memcached.command")
			.that()
			.hasBeenStarted()
			.isNotStopped();
		watch.accept(new Answer(null, "stored"), 1000);
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasObservationWithNameEqualTo("memcached.command")
			.that()
			.hasBeenStopped()
			.hasContextualNameEqualTo("memcached set")
			.hasLowCardinalityKeyValue("db.system.name", "memcached")
			.hasLowCardinalityKeyValue("db.operation.name", "set")
			.hasLowCardinalityKeyValue("server.address", "cache-1")
			.hasLowCardinalityKeyValue("server.port", "11211")
			.hasLowCardinalityKeyValue("outcome", "stored")
			.doesNotHaveError();
	}

	@Test
	void aFailureIsAnErrorAndAMissIsNone() {
		begin(this.observations, "cache-1:11211", "get").accept(new Answer(null, "miss"), 1000);
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasSingleObservationThat()
			.hasLowCardinalityKeyValue("outcome", "miss")
			.doesNotHaveError();
		this.registry.clear();
		begin(this.observations, "cache-1:11211", "get").accept(new Answer(Failure.TIMEOUT, "timeout"), 1000);
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasSingleObservationThat()
			.hasLowCardinalityKeyValue("outcome", "timeout")
			.hasError()
			.thenError()
			.hasMessage("timed out");
	}

	@Test
	void theParentIsWhatIsObservedOnTheThreadThatAsks() {
		Observation request = Observation.start("request", this.registry);
		ObjLongConsumer<Reply> watch;
		try (Observation.Scope scope = request.openScope()) {
			watch = begin(this.observations, "cache-1:11211", "get");
			assertThat(scope.getCurrentObservation()).isSameAs(request);
		}
		watch.accept(new Answer(null, "miss"), 1000);
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasObservationWithNameEqualTo("memcached.command")
			.that()
			.hasParentObservationEqualTo(request)
			.hasBeenStopped();
	}

	@Test
	void aConventionReplacesNamesAndTags() {
		MemcachedObservations own = new MemcachedObservations(this.registry, new MemcachedOperationConvention() {

			@Override
			public String getName() {
				return "cache";
			}

			@Override
			public KeyValues getLowCardinalityKeyValues(MemcachedOperationContext context) {
				return KeyValues.of("shard", context.getServer());
			}

		});
		begin(own, "cache-1:11211", "get").accept(new Answer(null, "miss"), 1000);
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasSingleObservationThat()
			.hasNameEqualTo("cache")
			.hasLowCardinalityKeyValue("shard", "cache-1:11211")
			.doesNotHaveLowCardinalityKeyValueWithKey("db.system.name");
	}

	@Test
	void whenNothingIsObservedThenNothingIsMade() {
		assertThat(new MemcachedObservations(ObservationRegistry.NOOP, null).begun("cache-1:11211", "get")).isNull();
	}

	private static ObjLongConsumer<Reply> begin(MemcachedObservations observations, String server, String operation) {
		return Objects.requireNonNull(observations.begun(server, operation));
	}

	private record Answer(@Nullable Failure failure, String outcome) implements Reply {

	}

}
