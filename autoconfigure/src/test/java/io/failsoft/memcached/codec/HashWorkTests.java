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

package io.failsoft.memcached.codec;

import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * Tests for {@link HashWork}, through the default codec: what would hash for years is a
 * miss at once, and what applications cache is not.
 */
class HashWorkTests {

	private static final Duration SOON = Duration.ofSeconds(30);

	private final ValueCodec codec = Codecs.jdk(HashWorkTests.class.getClassLoader(),
			AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));

	record Twins(@Nullable Object one, @Nullable Object other) implements Serializable {

	}

	static class Entity implements Serializable {

		@Serial
		private static final long serialVersionUID = 1;

		final long id;

		@Nullable Entity owner;

		final Set<Entity> lines = new LinkedHashSet<>();

		final Map<String, Object> attributes = new HashMap<>();

		Entity(long id) {
			this.id = id;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Entity entity && entity.id == this.id;
		}

		@Override
		public int hashCode() {
			return Long.hashCode(this.id);
		}

	}

	/** Written as a list, read as a set, as its hash takes too long to make one here. */
	record Hashed(List<Object> elements) implements Serializable {

		@Serial
		private Object readResolve() {
			return new HashSet<>(this.elements);
		}

	}

	private static Object bomb(String name) {
		return switch (name) {
			case "lists" -> nested((inner) -> List.of(inner, inner));
			case "array lists" -> nested((inner) -> new ArrayList<>(List.of(inner, inner)));
			case "unmodifiable lists" ->
				nested((inner) -> Collections.unmodifiableList(new ArrayList<>(List.of(inner, inner))));
			case "records" -> nested((inner) -> new Twins(inner, inner));
			case "entries" -> nested((inner) -> new AbstractMap.SimpleEntry<>(inner, inner));
			case "maps" -> nested((inner) -> new HashMap<>(Map.of("a", inner, "b", inner)));
			default -> wide();
		};
	}

	private static Object nested(UnaryOperator<Object> wrap) {
		Object nested = "x";
		for (int i = 0; i < 90; i++) {
			nested = wrap.apply(nested);
		}
		return nested;
	}

	private static Object wide() {
		Object nested = "x";
		for (int i = 0; i < 8; i++) {
			nested = Collections.unmodifiableList(new ArrayList<>(Collections.nCopies(1000, nested)));
		}
		return nested;
	}

	@ParameterizedTest
	@ValueSource(strings = { "lists", "array lists", "unmodifiable lists", "records", "entries", "maps", "wide lists" })
	void whatWouldHashForYearsIsAMiss(String name) {
		byte[] bytes = this.codec.encode(new Hashed(List.of(bomb(name))));
		assertThat(bytes).hasSizeLessThan(50_000);
		assertTimeoutPreemptively(SOON,
				() -> assertThatExceptionOfType(ValueCodecException.class)
					.isThrownBy(() -> this.codec.decode(bytes, 0, bytes.length))
					.withMessageContaining("too many ways"));
	}

	@Test
	void setsWithinSetsAreAMiss() {
		byte[] bytes = nestedSets(60);
		assertTimeoutPreemptively(SOON, () -> assertThatExceptionOfType(ValueCodecException.class)
			.isThrownBy(() -> this.codec.decode(bytes, 0, bytes.length)));
	}

	/**
	 * Sets within sets, of which each level is in the next one twice. They are put
	 * together from a list, as making them takes as long as reading them would.
	 */
	static byte[] nestedSets(int depth) {
		Object inner = "x";
		for (int i = 0; i < depth; i++) {
			inner = new SetForm(List.of(inner, new SetForm(List.of(inner, i))));
		}
		return Codecs
			.jdk(HashWorkTests.class.getClassLoader(), AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")))
			.encode(inner);
	}

	/** A set as it is read. */
	record SetForm(List<Object> elements) implements Serializable {

		@Serial
		private Object readResolve() {
			return new HashSet<>(this.elements);
		}

		@Override
		public int hashCode() {
			return System.identityHashCode(this.elements);
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof SetForm form && form.elements == this.elements;
		}

	}

	@Test
	void manyHashesOfWhatIsJustNotTooMuchEndSoonToo() {
		Object nested = "x";
		for (int i = 0; i < 26; i++) {
			nested = List.of(nested, nested);
		}
		List<Object> many = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			many.add(new Hashed(List.of(nested)));
		}
		byte[] bytes = this.codec.encode(many);
		assertTimeoutPreemptively(SOON, () -> assertThatExceptionOfType(ValueCodecException.class)
			.isThrownBy(() -> this.codec.decode(bytes, 0, bytes.length)));
	}

	@Test
	void sharedAndCyclicGraphsOfEntitiesAreRead() {
		Entity customer = new Entity(1);
		for (int i = 0; i < 200; i++) {
			customer.attributes.put("attribute " + i, new ArrayList<>(List.of(i, i)));
		}
		List<Entity> orders = new ArrayList<>();
		for (int i = 0; i < 2_000; i++) {
			Entity order = new Entity(100 + i);
			order.owner = customer;
			for (int j = 0; j < 3; j++) {
				Entity line = new Entity(10_000L + 10L * i + j);
				line.owner = order;
				order.lines.add(line);
			}
			orders.add(order);
		}
		customer.attributes.put("orders", orders);
		byte[] bytes = this.codec.encode(new ArrayList<>(orders));
		List<?> copy = (List<?>) this.codec.decode(bytes, 0, bytes.length);
		assertThat(copy).hasSize(2_000);
		Entity last = (Entity) Objects.requireNonNull(copy.get(1_999));
		assertThat(last.lines).hasSize(3).allSatisfy((line) -> assertThat(line.owner).isSameAs(last));
		assertThat(last.owner).isNotNull().isSameAs(((Entity) Objects.requireNonNull(copy.get(0))).owner);
	}

	@Test
	void largeSetsOfListsAndListsThatShareALargeOneAreRead() {
		Set<List<Integer>> set = new HashSet<>();
		for (int i = 0; i < 20_000; i++) {
			set.add(List.of(i, i + 1, i + 2));
		}
		List<Integer> shared = new ArrayList<>(Collections.nCopies(10_000, 1));
		List<Object> sharing = new ArrayList<>();
		for (int i = 0; i < 10_000; i++) {
			sharing.add(new Twins(i, shared));
		}
		for (Object value : List.of(set, sharing, Map.of(shared, sharing))) {
			byte[] bytes = this.codec.encode(value);
			assertThat(this.codec.decode(bytes, 0, bytes.length)).hasSameClassAs(value);
		}
	}

	@Test
	void refusingOneDoesNotSpoilTheNext() {
		byte[] bomb = this.codec.encode(new Hashed(List.of(nested((inner) -> List.of(inner, inner)))));
		byte[] fine = this.codec.encode(new ArrayList<>(List.of(new HashSet<>(List.of("a", "b")))));
		for (int i = 0; i < 5; i++) {
			assertThatExceptionOfType(ValueCodecException.class)
				.isThrownBy(() -> this.codec.decode(bomb, 0, bomb.length));
			assertThat(this.codec.decode(fine, 0, fine.length)).isEqualTo(List.of(Set.of("a", "b")));
		}
	}

}
