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

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Values such as applications cache.
 */
final class Samples {

	private Samples() {
	}

	/**
	 * The benchmark's record of some 200 bytes.
	 *
	 * @param id an identifier
	 * @param name a name
	 * @param country a country
	 * @param population a number
	 * @param area another
	 * @param founded a date
	 * @param tags some text
	 */
	record City(long id, String name, String country, int population, double area, LocalDate founded,
			List<String> tags) implements Serializable {

		static City of(long id) {
			return new City(id, "City of number " + id, "Country " + id % 200, (int) (id * 1000), id * 1.5,
					LocalDate.ofEpochDay(id),
					List.of("capital", "harbour", "university town " + id, "a longer tag to make up the weight"));
		}

	}

	record Order(UUID id, BigDecimal total, Instant at, Status status, @Nullable Order previous,
			Map<String, List<Integer>> lines, Optional<String> note) implements Serializable {

	}

	enum Status {

		OPEN, PAID {

			@Override
			boolean isDone() {
				return true;
			}

		};

		boolean isDone() {
			return false;
		}

	}

	sealed interface Shape extends Serializable {

	}

	record Circle(double radius) implements Shape {

	}

	record Square(double side) implements Shape {

	}

	/** Not serializable, so its constructor runs. */
	static class Base {

		String origin = "constructor";

	}

	static class Person extends Base implements Serializable {

		@Serial
		private static final long serialVersionUID = 1;

		String name = "";

		@Nullable Person partner;

		List<Person> children = new ArrayList<>();

		transient String cached = "lost";

	}

	static class Employee extends Person {

		@Serial
		private static final long serialVersionUID = 2;

		int salary;

		class Desk implements Serializable {

			@Serial
			private static final long serialVersionUID = 3;

			int number = 7;

			Employee owner() {
				return Employee.this;
			}

		}

	}

	static final class Temperature implements Externalizable {

		@Serial
		private static final long serialVersionUID = 4;

		private double degrees;

		@SuppressWarnings("unused") // asked for by Externalizable
		public Temperature() {
		}

		Temperature(double degrees) {
			this.degrees = degrees;
		}

		@Override
		public void writeExternal(ObjectOutput out) throws IOException {
			out.writeDouble(this.degrees);
			out.writeObject("C");
		}

		@Override
		public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
			this.degrees = in.readDouble();
			if (!"C".equals(in.readObject())) {
				throw new IOException("no unit");
			}
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Temperature temperature && temperature.degrees == this.degrees;
		}

		@Override
		public int hashCode() {
			return Double.hashCode(this.degrees);
		}

	}

	static final class Secret implements Serializable {

		@Serial
		private static final long serialVersionUID = 5;

		private final transient String text;

		Secret(String text) {
			this.text = text;
		}

		@Serial
		private Object writeReplace() {
			return new Form(new StringBuilder(this.text).reverse().toString());
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Secret secret && secret.text.equals(this.text);
		}

		@Override
		public int hashCode() {
			return this.text.hashCode();
		}

		private static final class Form implements Serializable {

			@Serial
			private static final long serialVersionUID = 6;

			private final String reversed;

			Form(String reversed) {
				this.reversed = reversed;
			}

			@Serial
			private Object readResolve() {
				return new Secret(new StringBuilder(this.reversed).reverse().toString());
			}

		}

	}

	static final class Handmade implements Serializable {

		@Serial
		private static final long serialVersionUID = 7;

		private int first;

		private transient Map<String, Integer> rest = new LinkedHashMap<>();

		static Handmade of(int first, String key, int value) {
			Handmade handmade = new Handmade();
			handmade.first = first;
			handmade.rest.put(key, value);
			return handmade;
		}

		@Serial
		private void writeObject(ObjectOutputStream out) throws IOException {
			out.defaultWriteObject();
			out.writeInt(this.rest.size());
			for (Map.Entry<String, Integer> entry : this.rest.entrySet()) {
				out.writeUTF(entry.getKey());
				out.writeObject(entry.getValue());
			}
		}

		@Serial
		private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
			in.defaultReadObject();
			this.rest = new LinkedHashMap<>();
			for (int i = in.readInt(); i > 0; i--) {
				this.rest.put(in.readUTF(), (Integer) in.readObject());
			}
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Handmade handmade && handmade.first == this.first
					&& handmade.rest.equals(this.rest);
		}

		@Override
		public int hashCode() {
			return Objects.hash(this.first, this.rest);
		}

	}

	record Holder(String text, @Nullable Object other) implements Serializable {

	}

	/** Reads as {@code null}. */
	static final class Nothing implements Serializable {

		@Serial
		private static final long serialVersionUID = 1;

		@Serial
		private @Nullable Object readResolve() {
			return null;
		}

	}

}
