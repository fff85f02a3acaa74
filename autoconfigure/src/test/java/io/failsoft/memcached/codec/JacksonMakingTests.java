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

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIdentityInfo;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonPOJOBuilder;
import tools.jackson.databind.annotation.JsonSerialize;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests how objects are made of JSON or Smile, and that a class which cannot be is soon
 * not written any more.
 */
@ParameterizedClass
@EnumSource
@ExtendWith(OutputCaptureExtension.class)
class JacksonMakingTests {

	private final ValueCodec codec;

	JacksonMakingTests(JacksonCodecType type) {
		this.codec = type.create(JacksonMakingTests.class.getClassLoader(),
				AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));
	}

	/** What Lombok makes of {@code @Value}, compiled without names of parameters. */
	static final class Money implements Serializable {

		private final String currency;

		private final long amount;

		private Money(String one, long other, boolean unused) {
			this.currency = one;
			this.amount = other;
		}

		static Money of(long amount) {
			return new Money("EUR", amount, false);
		}

		@Override
		public String toString() {
			return this.amount + this.currency;
		}

	}

	static class Account implements Serializable {

		private final Money balance;

		Account(Object unused, Money balance) {
			this.balance = balance;
		}

		Money balance() {
			return this.balance;
		}

	}

	record Offer(String name, @Nullable Money price, Map<String, Money> discounts) implements Serializable {

		static Offer of(@Nullable Money price, Map<String, Money> discounts) {
			return new Offer("a", price, discounts);
		}

	}

	/** Reads half of its values. */
	record Even(int number) implements Serializable {

		@JsonCreator
		static Even of(@JsonProperty("number") int number) {
			if (number % 2 != 0) {
				throw new IllegalArgumentException(number + " is odd");
			}
			return new Even(number);
		}

	}

	static final class Created implements Serializable {

		private final String name;

		private Created(String name) {
			this.name = name;
		}

		@JsonCreator
		static Created named(@JsonProperty("name") String name) {
			return new Created(name);
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Created created && created.name.equals(this.name);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

	}

	@JsonDeserialize(builder = Built.Builder.class)
	static final class Built implements Serializable {

		private final String name;

		private Built(String name) {
			this.name = name;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Built built && built.name.equals(this.name);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

		@JsonPOJOBuilder(withPrefix = "")
		static final class Builder {

			private String name = "";

			@JsonProperty
			Builder name(String name) {
				this.name = name;
				return this;
			}

			Built build() {
				return new Built(this.name);
			}

		}

	}

	record Whole(@JsonValue String text) implements Serializable {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Whole {
		}

	}

	@JsonDeserialize(as = Impl.class)
	interface Api extends Serializable {

	}

	record Impl(String name) implements Api {

	}

	record Holder(Api api, @Nullable Created created, @Nullable Built built) implements Serializable {

	}

	record Content(@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Serializable content) implements Serializable {

	}

	/** Written otherwise each time. */
	static class Secret implements Serializable {

		@JsonSerialize(using = Encrypting.class)
		@JsonDeserialize(using = Decrypting.class)
		@Nullable String number = "123";

		static final class Encrypting extends ValueSerializer<String> {

			@Override
			public void serialize(String value, JsonGenerator generator, SerializationContext context) {
				generator.writeString(UUID.randomUUID() + ":" + value);
			}

		}

		static final class Decrypting extends ValueDeserializer<String> {

			@Override
			public String deserialize(JsonParser parser, DeserializationContext context) {
				return parser.getString().split(":", 2)[1];
			}

		}

	}

	@JsonIdentityInfo(generator = ObjectIdGenerators.UUIDGenerator.class)
	static class Marked implements Serializable {

		String name = "a";

		@Nullable Marked other;

	}

	static class Aged implements Serializable {

		String name = "a";

		@JsonProperty(access = JsonProperty.Access.READ_ONLY)
		long getAge() {
			return System.nanoTime();
		}

	}

	@JsonIgnoreProperties(ignoreUnknown = true)
	static class Seen implements Serializable {

		String name = "a";

		@JsonProperty
		long getAge() {
			return System.nanoTime();
		}

	}

	/** Numbered in the order of a set, which is another one for each copy. */
	@JsonIdentityInfo(generator = ObjectIdGenerators.IntSequenceGenerator.class)
	static class Numbered implements Serializable {

		int value;

		@Nullable Numbered parent;

		Set<Numbered> children = new HashSet<>();

		static Numbered withChildren() {
			Numbered parent = new Numbered();
			for (int i = 0; i < 20; i++) {
				Numbered child = new Numbered();
				child.value = i;
				child.parent = parent;
				parent.children.add(child);
			}
			return parent;
		}

	}

	static class Tree implements Serializable {

		@Nullable Object root;

		static Tree of(Object root) {
			Tree tree = new Tree();
			tree.root = root;
			return tree;
		}

	}

	/** Its number is its own, so that nothing but the amount can differ. */
	@JsonIdentityInfo(generator = ObjectIdGenerators.PropertyGenerator.class, property = "id")
	static class Taxed implements Serializable {

		private final int id;

		private final int amount;

		Taxed(int id, int amount) {
			this.id = id;
			this.amount = 2 * amount;
		}

		@Override
		public String toString() {
			return this.id + ": " + this.amount;
		}

	}

	@Test
	void whatIsWrittenOtherwiseEachTimeIsNotTakenForAnotherValue() {
		Marked marked = new Marked();
		marked.other = marked;
		for (Object value : List.of(new Secret(), marked, new Aged(), new Seen())) {
			assertThat(roundTrip(value)).hasSameClassAs(value);
		}
		assertThat(roundTrip(new Secret())).isInstanceOfSatisfying(Secret.class,
				(secret) -> assertThat(secret.number).isEqualTo("123"));
	}

	@Test
	void numbersThatJacksonGivesToObjectsAreNotPartOfTheValue() {
		assertThat(roundTrip(Numbered.withChildren())).isInstanceOfSatisfying(Numbered.class, this::isWhole);
		assertThat(roundTrip(Tree.of(Numbered.withChildren()))).isInstanceOfSatisfying(Tree.class,
				(tree) -> assertThat(tree.root).isInstanceOfSatisfying(Numbered.class, this::isWhole));
	}

	private void isWhole(Numbered numbered) {
		assertThat(numbered.children).hasSize(20).allMatch((child) -> child.parent == numbered);
	}

	@Test
	void aConstructorThatDoesNotSaySoIsNotCalled() {
		byte[] bytes = this.codec.encode(new Taxed(1, 1));
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.codec.decode(bytes, 0, bytes.length))
			.satisfies((ex) -> assertThat(ex.isRefused()).isFalse());
	}

	@Test
	void aClassIsRefusedOnceThreeEntriesInARowCouldNotBeRead(CapturedOutput output) {
		for (Object value : List.of(Money.of(1), new Account("", Money.of(1)),
				Offer.of(null, Map.of("a", Money.of(1))))) {
			for (int i = 0; i < 3; i++) {
				assertUnreadable(value);
			}
			assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.codec.encode(value))
				.satisfies((ex) -> assertThat(ex.isRefused()).isTrue())
				.withMessageContaining(value.getClass().getName())
				.withMessageContaining("memcached.cache.codec: jdk");
			assertThat(output.getAll()
				.lines()
				.filter((line) -> line.contains("WARN") && line.contains(value.getClass().getName())
						&& line.contains("not cached any more")))
				.hasSize(1);
		}
		assertThat(roundTrip(Samples.City.of(1))).isEqualTo(Samples.City.of(1));
	}

	@Test
	void aListIsRefusedForWhatItContains() {
		for (int i = 0; i < 3; i++) {
			assertUnreadable(List.of(Money.of(1)));
		}
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.codec.encode(List.of(Money.of(1))))
			.satisfies((ex) -> assertThat(ex.isRefused()).isTrue())
			.withMessageContaining(Money.class.getName());
		assertThat(roundTrip(List.of(1, Samples.City.of(1)))).isEqualTo(List.of(1, Samples.City.of(1)));
	}

	@Test
	void aValueThatCannotBeReadDoesNotKeepOthersOfItsClassOut() {
		for (int i = 0; i < 5; i++) {
			assertUnreadable(new Even(1));
			assertUnreadable(new Even(3));
			assertThat(roundTrip(new Even(2))).isEqualTo(new Even(2));
		}
	}

	@Test
	void whatAnotherVersionOrAnAttackerWroteDoesNotCount() {
		ValueCodec strict = JacksonCodecType.JSON.create(JacksonMakingTests.class.getClassLoader(),
				AllowedClasses.of(List.of(Even.class.getName())));
		byte[] even = strict.encode(new Even(2));
		byte[] changed = even.clone();
		changed[new String(even, StandardCharsets.ISO_8859_1).indexOf('#') + 1] ^= 1;
		byte[] forged = JacksonCodecType.JSON
			.bytes("[\"java.util.ArrayList\",[[\"" + Impl.class.getName() + "\",{}]]]");
		for (int i = 0; i < 5; i++) {
			for (byte[] bytes : List.of(changed, forged)) {
				assertThatExceptionOfType(ValueCodecException.class)
					.isThrownBy(() -> strict.decode(bytes, 0, bytes.length));
			}
		}
		assertThat(strict.encode(new Even(2))).isEqualTo(even);
	}

	private void assertUnreadable(Object value) {
		byte[] bytes = this.codec.encode(value);
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> this.codec.decode(bytes, 0, bytes.length))
			.satisfies((ex) -> assertThat(ex.isRefused()).isFalse());
	}

	@Test
	void whateverWayJacksonHasToMakeAClassIsFound() {
		for (Object value : List.of(new Created("a"), new Built("a"), new Whole("a"), new Impl("a"),
				new Holder(new Impl("a"), null, null), new Holder(new Impl("a"), new Created("b"), new Built("c")),
				List.of(new Built("a"), new Created("b")), new Content("a"), new Content(new Impl("a")))) {
			assertThat(roundTrip(value)).isEqualTo(value);
		}
	}

	@Test
	void whenAnAnnotationNamesAClassThatIsNotAllowedThenItIsRefusedWithTheLineToAdd() {
		ValueCodec strict = JacksonCodecType.JSON.create(JacksonMakingTests.class.getClassLoader(),
				AllowedClasses.of(List.of(Content.class.getName())));
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> strict.encode(new Content(new Impl("a"))))
			.satisfies((ex) -> assertThat(ex.isRefused()).isTrue())
			.withMessageContaining("memcached.cache.allowed-classes: " + Impl.class.getName());
	}

	private Object roundTrip(Object value) {
		byte[] bytes = this.codec.encode(value);
		return this.codec.decode(bytes, 0, bytes.length);
	}

}
