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

/**
 * How a class changes from one version of an application to the next. Each source has a
 * factory method {@code of(int)} in its main class.
 */
enum ClassChange {

	/**
	 * As {@code serialVersionUID} stands there, plain serialization reads half a value.
	 */
	FIELD_ADDED("Book", """
			public class Book implements java.io.Serializable {
				private static final long serialVersionUID = 1;
				private int number;
				public static Book of(int number) {
					Book book = new Book();
					book.number = number;
					return book;
				}
				public String toString() {
					return "book " + this.number;
				}
			}
			""", "Book", """
			public class Book implements java.io.Serializable {
				private static final long serialVersionUID = 1;
				private int number;
				private String isbn;
				public static Book of(int number) {
					Book book = new Book();
					book.number = number;
					book.isbn = "isbn " + number;
					return book;
				}
				public String toString() {
					return "book " + this.number + " with " + this.isbn;
				}
			}
			"""),

	FIELD_REMOVED("Film", """
			public class Film implements java.io.Serializable {
				private static final long serialVersionUID = 1;
				private int number;
				private String title;
				public static Film of(int number) {
					Film film = new Film();
					film.number = number;
					film.title = "title " + number;
					return film;
				}
				public String toString() {
					return "film " + this.number + ", " + this.title;
				}
			}
			""", "Film", """
			public class Film implements java.io.Serializable {
				private static final long serialVersionUID = 1;
				private int number;
				public static Film of(int number) {
					Film film = new Film();
					film.number = number;
					return film;
				}
				public String toString() {
					return "film " + this.number;
				}
			}
			"""),

	/** A number that is not whole becomes another one as JSON. */
	FIELD_NARROWED("Price", """
			public record Price(double amount) implements java.io.Serializable {
				public static Price of(int number) {
					return new Price(number + 0.5);
				}
			}
			""", "Price", """
			public record Price(int amount) implements java.io.Serializable {
				public static Price of(int number) {
					return new Price(number);
				}
			}
			"""),

	/** Milliseconds that are taken for seconds as JSON. */
	FIELD_RETYPED("Visit", """
			public record Visit(long at) implements java.io.Serializable {
				public static Visit of(int number) {
					return new Visit(number * 1000L);
				}
			}
			""", "Visit", """
			public record Visit(java.time.Instant at) implements java.io.Serializable {
				public static Visit of(int number) {
					return new Visit(java.time.Instant.ofEpochSecond(number));
				}
			}
			"""),

	/** The class looks the same where generic types are erased. */
	ELEMENTS_RETYPED("Basket", """
			import java.util.List;
			public record Basket(List<String> items) implements java.io.Serializable {
				public static Basket of(int number) {
					return new Basket(List.of("item " + number));
				}
				public String toString() {
					return String.join(", ", this.items);
				}
			}
			""", "Basket", """
			import java.util.List;
			public record Basket(List<Integer> items) implements java.io.Serializable {
				public static Basket of(int number) {
					return new Basket(List.of(number));
				}
				public String toString() {
					int sum = 0;
					for (Integer item : this.items) {
						sum += item;
					}
					return "sum " + sum;
				}
			}
			"""),

	/** Likewise, of the superclass. */
	SUPERCLASS_REPARAMETERIZED("Labels", """
			public class Labels extends Labelled<String> {
				public static Labels of(int number) {
					Labels labels = new Labels();
					labels.label = "label " + number;
					return labels;
				}
				public String toString() {
					String label = this.label;
					return label;
				}
			}
			class Labelled<T> implements java.io.Serializable {
				T label;
			}
			""", "Labels", """
			public class Labels extends Labelled<Integer> {
				public static Labels of(int number) {
					Labels labels = new Labels();
					labels.label = number;
					return labels;
				}
				public String toString() {
					Integer label = this.label;
					return label.toString();
				}
			}
			class Labelled<T> implements java.io.Serializable {
				T label;
			}
			"""),

	/** What was written with a constant that is left is right in both versions. */
	CONSTANT_REMOVED("Paint", """
			public record Paint(int number, Colour colour) implements java.io.Serializable {
				public static Paint of(int number) {
					return new Paint(number, Colour.GREEN);
				}
			}
			enum Colour {
				GREEN, RED
			}
			""", "Paint", """
			public record Paint(int number, Colour colour) implements java.io.Serializable {
				public static Paint of(int number) {
					return new Paint(number, Colour.RED);
				}
			}
			enum Colour {
				RED
			}
			"""),

	RENAMED("Client", """
			public record Client(int number) implements java.io.Serializable {
				public static Client of(int number) {
					return new Client(number);
				}
			}
			""", "Customer", """
			public record Customer(int number) implements java.io.Serializable {
				public static Customer of(int number) {
					return new Customer(number);
				}
			}
			"""),

	COMPONENT_ADDED("City", """
			public record City(int number) implements java.io.Serializable {
				public static City of(int number) {
					return new City(number);
				}
			}
			""", "City", """
			public record City(int number, String mayor) implements java.io.Serializable {
				public static City of(int number) {
					return new City(number, "mayor " + number);
				}
			}
			"""),

	/** The class that is cached stays as it was. */
	PART_CHANGED("Order", """
			import java.util.List;
			public record Order(List<Line> lines) implements java.io.Serializable {
				public static Order of(int number) {
					Line line = new Line();
					line.number = number;
					return new Order(List.of(line));
				}
			}
			final class Line implements java.io.Serializable {
				private static final long serialVersionUID = 1;
				int number;
				public String toString() {
					return "line " + this.number;
				}
			}
			""", "Order", """
			import java.util.List;
			public record Order(List<Line> lines) implements java.io.Serializable {
				public static Order of(int number) {
					Line line = new Line();
					line.number = number;
					line.gift = true;
					return new Order(List.of(line));
				}
			}
			final class Line implements java.io.Serializable {
				private static final long serialVersionUID = 1;
				int number;
				boolean gift;
				public String toString() {
					return (this.gift ? "gift " : "line ") + this.number;
				}
			}
			"""),

	/** Jackson writes the name that an annotation gives to the part that changes. */
	NAMED_PART_CHANGED("Drawing", """
			import com.fasterxml.jackson.annotation.JsonTypeInfo;
			public record Drawing(Shape shape) implements java.io.Serializable {
				public static Drawing of(int number) {
					Circle circle = new Circle();
					circle.radius = number;
					return new Drawing(circle);
				}
			}
			@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
			sealed interface Shape extends java.io.Serializable permits Circle {
			}
			final class Circle implements Shape {
				private static final long serialVersionUID = 1;
				int radius;
				public String toString() {
					return "circle of " + this.radius;
				}
			}
			""", "Drawing", """
			import com.fasterxml.jackson.annotation.JsonTypeInfo;
			public record Drawing(Shape shape) implements java.io.Serializable {
				public static Drawing of(int number) {
					Circle circle = new Circle();
					circle.radius = number;
					circle.width = number;
					return new Drawing(circle);
				}
			}
			@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
			sealed interface Shape extends java.io.Serializable permits Circle {
			}
			final class Circle implements Shape {
				private static final long serialVersionUID = 1;
				int radius;
				int width;
				public String toString() {
					return "circle of " + this.radius + ", width " + this.width;
				}
			}
			"""),

	/** What a type variable is bound to is written without a name of its own as JSON. */
	BOUND_NARROWED("Parcel", """
			public record Parcel(Box<?> box) implements java.io.Serializable {
				public static Parcel of(int number) {
					return new Parcel(new Box<>(new Content(number + 0.5)));
				}
				public String toString() {
					return "parcel of " + this.box.content().weight();
				}
			}
			record Box<T extends Content>(T content) implements java.io.Serializable {
			}
			record Content(double weight) implements java.io.Serializable {
			}
			""", "Parcel", """
			public record Parcel(Box<?> box) implements java.io.Serializable {
				public static Parcel of(int number) {
					return new Parcel(new Box<>(new Content(number)));
				}
				public String toString() {
					return "parcel of " + this.box.content().weight();
				}
			}
			record Box<T extends Content>(T content) implements java.io.Serializable {
			}
			record Content(int weight) implements java.io.Serializable {
			}
			"""),

	/** What is written as an array has no names that would tell what is what. */
	ORDER_CHANGED("Spot",
			"""
					@com.fasterxml.jackson.annotation.JsonFormat(shape = com.fasterxml.jackson.annotation.JsonFormat.Shape.ARRAY)
					public record Spot(int x, int y) implements java.io.Serializable {
						public static Spot of(int number) {
							return new Spot(number, -number);
						}
						public String toString() {
							return this.x + ", " + this.y;
						}
					}
					""",
			"Spot",
			"""
					@com.fasterxml.jackson.annotation.JsonFormat(shape = com.fasterxml.jackson.annotation.JsonFormat.Shape.ARRAY)
					public record Spot(int y, int x) implements java.io.Serializable {
						public static Spot of(int number) {
							return new Spot(-number, number);
						}
						public String toString() {
							return this.x + ", " + this.y;
						}
					}
					"""),

	ENTITYS_SUPERCLASS_CHANGED("Author", """
			import jakarta.persistence.*;
			@Entity
			public class Author extends Identified {
				private static final long serialVersionUID = 1;
				public static Author of(int number) {
					Author author = new Author();
					author.id = number;
					return author;
				}
				public String toString() {
					return "author " + this.id;
				}
			}
			@MappedSuperclass
			class Identified implements java.io.Serializable {
				private static final long serialVersionUID = 1;
				@Id
				protected int id;
			}
			""", "Author", """
			import jakarta.persistence.*;
			@Entity
			public class Author extends Audited {
				private static final long serialVersionUID = 1;
				public static Author of(int number) {
					Author author = new Author();
					author.id = number;
					author.changedBy = "user " + number;
					return author;
				}
				public String toString() {
					return "author " + this.id + ", changed by " + this.changedBy;
				}
			}
			@MappedSuperclass
			class Audited implements java.io.Serializable {
				private static final long serialVersionUID = 1;
				@Id
				protected int id;
				protected String changedBy;
			}
			""");

	static final String PACKAGE = "com.example.shop";

	private final String oldName;

	private final String oldSource;

	private final String newName;

	private final String newSource;

	ClassChange(String oldName, String oldSource, String newName, String newSource) {
		this.oldName = oldName;
		this.oldSource = oldSource;
		this.newName = newName;
		this.newSource = newSource;
	}

	String name(boolean old) {
		return old ? this.oldName : this.newName;
	}

	String source(boolean old) {
		return "package " + PACKAGE + ";\n" + (old ? this.oldSource : this.newSource);
	}

}
