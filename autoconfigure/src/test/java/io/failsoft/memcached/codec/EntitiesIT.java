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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.testkit.MemcachedServer;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import org.hibernate.Hibernate;
import org.hibernate.LazyInitializationException;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.collection.spi.PersistentBag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Entities of a real Hibernate, cached on a real memcached, are read as they were
 * written: what was loaded is there, what was not stays unloaded, and caching loads
 * nothing.
 */
class EntitiesIT {

	private static MemcachedServer server;

	private static ValuesApplication application;

	private static SessionFactory sessions;

	@BeforeAll
	static void start() {
		server = MemcachedServer.start();
		application = ValuesApplication.start(server, "memcached.cache.allowed-classes=io.failsoft.memcached.codec.*");
		sessions = sessions("create");
		sessions.inTransaction((session) -> session.persist(new Author(1, "Austen", "Emma", "Persuasion")));
	}

	private static SessionFactory sessions(String schema) {
		return new Configuration().addAnnotatedClasses(Author.class, Book.class)
			.setProperty("hibernate.connection.url", "jdbc:h2:mem:entities;DB_CLOSE_DELAY=-1")
			.setProperty("hibernate.hbm2ddl.auto", schema)
			.setProperty("hibernate.generate_statistics", true)
			.buildSessionFactory();
	}

	@AfterAll
	static void stop() {
		sessions.close();
		application.close();
		server.close();
	}

	/** What the second caller is given, without the method's being called. */
	private static Object cached(String id, Function<Session, Object> method) throws Exception {
		Object first = application.values().jdk(id, () -> sessions.fromTransaction(method));
		assertThat(first).isNotNull();
		return Objects.requireNonNull(application.values().jdk(id, EntitiesIT::unwanted));
	}

	private static Object unwanted() {
		throw new AssertionError("The method ran although its result should be cached");
	}

	@Test
	void aCollectionThatWasLoadedIsThere() throws Exception {
		Author author = (Author) cached("loaded", (session) -> {
			Author loaded = session.find(Author.class, 1L);
			Hibernate.initialize(loaded.books);
			return loaded;
		});
		assertThat(author.books).isInstanceOf(PersistentBag.class);
		assertThat(author.books).extracting((book) -> book.title).containsExactlyInAnyOrder("Emma", "Persuasion");
		assertThat(author.books.get(0).author).isSameAs(author);
		sessions.inTransaction((session) -> {
			author.name = "Jane Austen";
			assertThat(session.merge(author).books).hasSize(2);
		});
		String name = sessions.fromTransaction((session) -> session.find(Author.class, 1L).name);
		assertThat(name).isEqualTo("Jane Austen");
	}

	@Test
	void aCollectionThatWasNotLoadedStaysUnloadedAndIsRefusedAsOfAnyDetachedEntity() throws Exception {
		Author author = (Author) cached("unloaded", (session) -> session.find(Author.class, 1L));
		assertThat(author.id).isEqualTo(1);
		assertThat(Hibernate.isInitialized(author.books)).isFalse();
		assertThatExceptionOfType(LazyInitializationException.class).isThrownBy(author.books::size);
	}

	@Test
	void cachingLoadsNothingWhileTheSessionIsOpen() throws Exception {
		sessions.inTransaction((session) -> {
			Author author = session.find(Author.class, 1L);
			long statements = sessions.getStatistics().getPrepareStatementCount();
			application.cache("jdk").put("open", author);
			assertThat(sessions.getStatistics().getPrepareStatementCount()).isEqualTo(statements);
			assertThat(Hibernate.isInitialized(author.books)).isFalse();
		});
		assertThat(application.values().jdk("open", EntitiesIT::unwanted)).isInstanceOf(Author.class);
	}

	@Test
	void aReferenceThatWasNotLoadedStaysOneAlsoForAnotherApplication() throws Exception {
		Book book = (Book) cached("reference", (session) -> session.createQuery("from Book", Book.class).list().get(0));
		assertReference(book);
		try (SessionFactory another = sessions("none")) {
			assertThat(another.isOpen()).isTrue();
			sessions.close();
			assertReference((Book) Objects.requireNonNull(application.values().jdk("reference", EntitiesIT::unwanted)));
		}
		finally {
			sessions = sessions("none");
		}
	}

	private static void assertReference(Book book) {
		Author author = Objects.requireNonNull(book.author);
		assertThat(Hibernate.isInitialized(author)).isFalse();
		assertThat(author.getId()).isEqualTo(1);
		assertThatExceptionOfType(LazyInitializationException.class).isThrownBy(author::getName);
	}

	@Test
	void asJsonAnEntityThatCannotBeWrittenIsReturnedAndCounted() throws Exception {
		Author author = sessions.fromTransaction((session) -> session.find(Author.class, 1L));
		long failures = application.statistics("json").getFailures(Reason.ENCODE);
		for (int i = 0; i < 2; i++) {
			assertThat(application.values().json("lazy", () -> author)).isSameAs(author);
		}
		assertThat(application.statistics("json").getFailures(Reason.ENCODE)).isEqualTo(failures + 2);
	}

	/**
	 * An entity with a lazy collection.
	 */
	@Entity(name = "Author")
	static class Author implements Serializable {

		@Id
		long id;

		String name = "";

		@OneToMany(mappedBy = "author", cascade = CascadeType.ALL, fetch = FetchType.LAZY)
		List<Book> books = new ArrayList<>();

		protected Author() {
		}

		Author(long id, String name, String... titles) {
			this.id = id;
			this.name = name;
			for (String title : titles) {
				this.books.add(new Book(this.books.size() + 1, title, this));
			}
		}

		public long getId() {
			return this.id;
		}

		public String getName() {
			return this.name;
		}

	}

	/**
	 * An entity with a lazy reference.
	 */
	@Entity(name = "Book")
	static class Book implements Serializable {

		@Id
		long id;

		String title = "";

		@ManyToOne(fetch = FetchType.LAZY)
		@Nullable Author author;

		protected Book() {
		}

		Book(long id, String title, Author author) {
			this.id = id;
			this.title = title;
			this.author = author;
		}

	}

}
