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

package io.failsoft.memcached.consistency.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.failsoft.memcached.consistency.model.Bounds.Option;
import io.failsoft.memcached.consistency.model.Explorer.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Asks the model whether the rules hold, and whether each of them is needed. The system
 * property {@code model.wide=true} explores further, for minutes.
 */
class ConsistencyModelTests {

	private static final boolean WIDE = Boolean.getBoolean("model.wide");

	@ParameterizedTest
	@MethodSource
	void whenAllRulesAreInForceThenNothingStaleIsFound(Bounds bounds) {
		Result result = explore(bounds, EnumSet.allOf(Rule.class));
		assertThat(result.violation()).as(result.toString()).isNull();
	}

	static Stream<Bounds> whenAllRulesAreInForceThenNothingStaleIsFound() {
		return Stream.concat(BoundsCatalogue.promised().stream(),
				WIDE ? BoundsCatalogue.wide().stream() : Stream.empty());
	}

	@ParameterizedTest
	@MethodSource
	void whenARuleIsTakenOutThenItsCounterexampleIsFound(Counterexample counterexample) {
		Set<Rule> rules = EnumSet.complementOf(EnumSet.of(counterexample.without()));
		Result result = explore(counterexample.bounds(), rules);
		System.out.println("Counterexample " + counterexample + ": " + result);
		assertThat(result.violation()).as("without " + counterexample.without()).isNotNull();
		Result mended = explore(counterexample.bounds(), EnumSet.allOf(Rule.class));
		assertThat(mended.violation()).as(mended.toString()).isNull();
	}

	static List<Counterexample> whenARuleIsTakenOutThenItsCounterexampleIsFound() {
		return BoundsCatalogue.counterexamples();
	}

	@Test
	void whenAPutRacesWithAnotherInstanceThenItIsStaleAsDocumented() {
		Bounds bounds = Bounds.of("P", 1, "PE", 1).with(Option.RACING_PUTS);
		assertFound("9", bounds);
	}

	@Test
	void whenLruTakesATombstoneThenALateFillIsStaleAsDocumented() {
		assertFound("10", Bounds.of("R", 1, "E", 1).with(Fault.TOMBSTONE_LOSS));
	}

	/**
	 * The generation, with another window, was put in place when the instance that evicts
	 * had looked already.
	 */
	@Test
	void whenATombstoneSuitsAnOutdatedGenerationThenALateFillIsStaleAsDocumented() {
		assertFound("19",
				Bounds.of("RC", 2, "RE", 2)
					.with(Option.TWO_WINDOWS)
					.with(Option.OUTDATED_WINDOWS)
					.with(Fault.TOMBSTONE_EXPIRY));
	}

	private static void assertFound(String name, Bounds bounds) {
		Result result = explore(bounds, EnumSet.allOf(Rule.class));
		System.out.println("Counterexample " + name + ", not promised: " + result);
		assertThat(result.violation()).isNotNull();
	}

	private static Result explore(Bounds bounds, Set<Rule> rules) {
		long began = System.nanoTime();
		Result result = Explorer.explore(bounds, rules);
		System.out.printf("%s: %,d states, %,d steps, %d ms%n", bounds, result.states(), result.steps(),
				(System.nanoTime() - began) / 1_000_000);
		return result;
	}

}
