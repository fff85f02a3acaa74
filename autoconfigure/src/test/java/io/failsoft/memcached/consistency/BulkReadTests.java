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

package io.failsoft.memcached.consistency;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.consistency.ScriptedServer.Clock;
import io.failsoft.memcached.consistency.ScriptedServer.Store;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A read of many keys is, for each of them, a read.
 */
class BulkReadTests {

	private static final List<MemcachedKey> KEYS = IntStream.range(0, 5)
		.mapToObj((i) -> MemcachedKey.of("k" + i))
		.toList();

	private final Clock clock = new Clock();

	private final Store store = new Store(this.clock);

	private final Instance a = new Instance("a", this.clock, this.store);

	private final Instance b = new Instance("b", this.clock, this.store);

	private static List<Lookup> readAll(Instance instance, List<MemcachedKey> keys, boolean asynchronous) {
		Budget budget = instance.budget();
		return asynchronous ? instance.region.readAllAsync(keys, budget, Runnable::run).join()
				: instance.region.readAll(keys, budget);
	}

	private Status fill(Instance instance, Lookup lookup, MemcachedKey key, String value) {
		return instance.region
			.fill(Objects.requireNonNull(lookup.ticket()), key,
					new Payload(false, false, 1, value.getBytes(StandardCharsets.US_ASCII)), 3600)
			.await(instance.budget())
			.status();
	}

	private static @Nullable String value(Lookup lookup) {
		Payload payload = lookup.payload();
		return (payload != null)
				? new String(payload.bytes(), payload.offset(), payload.length(), StandardCharsets.US_ASCII) : null;
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void allKeysAreOneCommandAndEachHasATicketOfItsOwn(boolean asynchronous) {
		this.a.read();
		int before = this.store.commands;
		List<Lookup> missed = readAll(this.a, KEYS, asynchronous);
		assertThat(this.store.commands - before).isEqualTo(1);
		this.b.region.evict(KEYS.get(1)).await(this.b.budget());
		for (int i = 0; i < KEYS.size(); i++) {
			assertThat(fill(this.a, missed.get(i), KEYS.get(i), "v" + i))
				.isEqualTo((i == 1) ? Status.REFUSED : Status.DONE);
		}
		List<Lookup> found = readAll(this.b, KEYS, asynchronous);
		assertThat(found.stream().map(BulkReadTests::value)).containsExactly("v0", null, "v2", "v3", "v4");
		assertThat(found.get(1).invalidated()).isTrue();
		this.b.clear();
		assertThat(readAll(this.a, KEYS, asynchronous)).allMatch((lookup) -> value(lookup) == null)
			.allMatch(Lookup::invalidated);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whereThereIsNoGenerationAllLinesUseTheOneThatIsPutInPlace(boolean asynchronous) {
		List<MemcachedKey> many = IntStream.range(0, 100)
			.mapToObj((i) -> MemcachedKey.of("k".repeat(230) + i))
			.toList();
		List<Lookup> missed = readAll(this.a, many, asynchronous);
		assertThat(this.store.commands).as("three lines of 8 KB, one generation, and two that see it is there")
			.isEqualTo(3 + 1 + 2 * 2);
		for (int i = 0; i < many.size(); i++) {
			assertThat(fill(this.a, missed.get(i), many.get(i), "v" + i)).isEqualTo(Status.DONE);
		}
		assertThat(readAll(this.b, many, asynchronous).stream().map(BulkReadTests::value))
			.containsExactlyElementsOf(IntStream.range(0, 100).mapToObj((i) -> "v" + i).toList());
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenAServerFailsThenOneOfItsKeysTellsAndAllAreMissesWithoutTicket(boolean asynchronous) {
		this.a.read();
		this.a.link().answer = Failure.SERVER_ERROR;
		assertFailedOnce(readAll(this.a, KEYS, asynchronous), Failure.SERVER_ERROR);
		this.a.server.disconnect();
		assertFailedOnce(readAll(this.a, KEYS, asynchronous), Failure.DOWN);
	}

	private static void assertFailedOnce(List<Lookup> lookups, Failure failure) {
		assertThat(lookups).hasSameSizeAs(KEYS)
			.allMatch((lookup) -> lookup.ticket() == null && lookup.payload() == null);
		assertThat(lookups.stream().map(Lookup::failure).filter(Objects::nonNull)).containsExactly(failure);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whatIsInTheLogIsAMissAndTheRestIsRead(boolean asynchronous) {
		List<Lookup> missed = readAll(this.a, KEYS, asynchronous);
		for (int i = 0; i < KEYS.size(); i++) {
			fill(this.a, missed.get(i), KEYS.get(i), "v" + i);
		}
		this.a.link().answer = Failure.SERVER_ERROR;
		this.a.region.evict(KEYS.get(2)).await(this.a.budget());
		this.a.link().answer = null;
		List<Lookup> found = readAll(this.a, KEYS, asynchronous);
		assertThat(found.stream().map(BulkReadTests::value)).containsExactly("v0", "v1", null, "v3", "v4");
		assertThat(found.get(2).ticket()).isNull();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anEmptyCollectionAsksNobodyAndASpentBudgetAsksNobody(boolean asynchronous) {
		this.a.read();
		int before = this.store.commands;
		assertThat(readAll(this.a, List.of(), asynchronous)).isEmpty();
		assertThat(this.a.region.readAll(KEYS, new Budget(0)).stream().map(Lookup::failure).filter(Objects::nonNull))
			.containsExactly(Failure.TIMEOUT);
		assertThat(this.store.commands).isEqualTo(before);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3 })
	void whenAServerHangsThenAllItsLinesTogetherCostOneTimeout(int lines) {
		this.a.read();
		this.a.link().holdCommands = true;
		List<MemcachedKey> many = new ArrayList<>();
		for (int i = 0; i < lines * 30; i++) {
			many.add(MemcachedKey.of("k".repeat(240) + i));
		}
		long before = this.clock.nanos;
		Budget budget = this.a.budget();
		long timeout = budget.left();
		List<Lookup> lookups = this.a.region.readAll(many, budget);
		assertThat(this.clock.nanos - before).isEqualTo(timeout);
		assertThat(budget.left()).isZero();
		assertThat(lookups.stream().map(Lookup::failure).filter(Objects::nonNull)).containsExactly(Failure.TIMEOUT);
	}

}
