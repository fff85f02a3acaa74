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

package io.failsoft.memcached.cache;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.codec.AllowedClasses;
import io.failsoft.memcached.codec.Codecs;
import io.failsoft.memcached.codec.ValueCodec;
import io.failsoft.memcached.codec.ValueCodecException;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What items in memcached, and values of the application, may write to the log: a key at
 * most and the names of classes, in lines of bounded length, never content.
 */
@ExtendWith(OutputCaptureExtension.class)
class ContentInLogIT {

	private static final AllowedClasses ALLOWED = AllowedClasses.of(List.of("io.failsoft.**"));

	private static final ClassLoader LOADER = ContentInLogIT.class.getClassLoader();

	private static final String SECRET = "s3cret\n2026-01-01 WARN forged line";

	private final MemcachedServer server = MemcachedServer.start();

	@AfterEach
	void stop() {
		this.server.close();
	}

	private void run(ValueCodec codec, Consumer<MemcachedCache> action) {
		try (Application application = new Application(this.server, "shop",
				(settings) -> settings.toBuilder().codec(codec).build())) {
			application.awaitUp();
			action.accept(application.cache("books"));
		}
	}

	private static void assertSafe(CapturedOutput output) {
		assertThat(output).contains("Cache 'books'").doesNotContain("s3cret").doesNotContain("forged line");
		assertThat(output.getAll().lines()).allMatch((line) -> line.length() < 3000 && line.matches("\\P{C}*"));
	}

	/**
	 * Stores bytes as if a codec had written them.
	 */
	private void forge(int codec, byte[] bytes) {
		run(new Made(codec, bytes), (books) -> books.put("1", "x"));
	}

	@Test
	void aClassThatAnItemNamesIsOneLineOfBoundedLength(CapturedOutput output) {
		for (String name : List.of("x\n" + "forged line\n\u2028\u202e".repeat(900) + "a", "a".repeat(60_000),
				"io.failsoft.\r\nforged line")) {
			byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
			ByteBuffer item = ByteBuffer.allocate(13 + utf8.length);
			item.put((byte) 1).put((byte) 0x73).put((byte) 0x72).putLong(1).putShort((short) utf8.length).put(utf8);
			forge(1, item.array());
			run(Codecs.jdk(LOADER, ALLOWED, 1 << 20), (books) -> assertThat(books.get("1")).isNull());
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains("WARN"))).hasSizeGreaterThanOrEqualTo(3)
			.allMatch((line) -> line.contains("Cache 'books'") && line.length() < 3000);
		assertThat(output.getAll().lines()).noneMatch((line) -> line.startsWith("forged"));
		assertThat(output.getAll().replaceAll("\\R", "")).matches("\\P{C}*");
	}

	@Test
	void theMessageOfACodecOfTheApplicationIsOneLineOfBoundedLength(CapturedOutput output) {
		forge(1000, new byte[] { 1 });
		run(new Failing(new ValueCodecException("remedy\nforged line " + "x".repeat(900_000), null)), (books) -> {
			assertThat(books.get("1")).isNull();
			books.put("2", "Emma");
		});
		assertThat(output.getAll().lines().filter((line) -> line.contains("Cache 'books'"))).hasSize(2)
			.allMatch((line) -> line.contains("remedy") && line.length() < 3000);
		assertThat(output.getAll().lines()).noneMatch((line) -> line.startsWith("forged"));
	}

	@Test
	void whatACodecOfTheApplicationThrowsIsNamedWithoutItsMessage(CapturedOutput output) {
		forge(1000, new byte[] { 1 });
		run(new Failing(new IllegalStateException(SECRET)), (books) -> {
			assertThat(books.get("1")).isNull();
			books.put("2", "Emma");
		});
		assertThat(output).contains("java.lang.IllegalStateException");
		assertSafe(output);
	}

	@Test
	void noContentOfASerializedValueIsLogged(CapturedOutput output) {
		for (Object value : List.of(new Choosy(SECRET, false), new Validated(SECRET), new Choosy("ok", true))) {
			refused(Codecs.jdk(LOADER, ALLOWED, 1 << 20), value);
		}
		assertSafe(output);
	}

	@Test
	void noContentOfAValueInJsonIsLogged(CapturedOutput output) {
		for (ValueCodec codec : List.of(Codecs.json(LOADER, ALLOWED), Codecs.smile(LOADER, ALLOWED))) {
			for (Object value : List.of(new Validated(SECRET), new Mapped(Map.of(SECRET, new Cyclic())),
					new Mapped(Map.of(SECRET, new Validated(SECRET))), new Titled(SECRET))) {
				refused(codec, value);
			}
		}
		for (String json : List.of("[\"" + SECRET + "\",1]", "{\"s3cret\":", "s3cret")) {
			forge(2, json.getBytes(StandardCharsets.UTF_8));
			run(Codecs.json(LOADER, ALLOWED), (books) -> {
				assertThat(books.get("1")).isNull();
				assertThat(failures(books)).isPositive();
			});
		}
		assertSafe(output);
	}

	private void refused(ValueCodec codec, Object value) {
		run(codec, (books) -> {
			books.put("1", value);
			Validated.strict = true;
			books.get("1");
			Validated.strict = false;
			assertThat(failures(books)).as("%s", value.getClass()).isPositive();
		});
	}

	private static long failures(MemcachedCache books) {
		return Stream.of(Reason.DECODE, Reason.ENCODE, Reason.CLASS_REFUSED)
			.mapToLong(books.getStatistics()::getFailures)
			.sum();
	}

	@SuppressWarnings("ArrayRecordComponent") // never compared
	record Made(int id, byte[] bytes) implements ValueCodec {

		@Override
		public byte[] encode(Object value) {
			return this.bytes;
		}

		@Override
		public Object decode(byte[] bytes, int offset, int length) {
			return "x";
		}

	}

	record Failing(RuntimeException failure) implements ValueCodec {

		@Override
		public int id() {
			return 1000;
		}

		@Override
		public byte[] encode(Object value) {
			throw this.failure;
		}

		@Override
		public Object decode(byte[] bytes, int offset, int length) {
			throw this.failure;
		}

	}

	static class Choosy implements Serializable {

		@Serial
		private static final long serialVersionUID = 1;

		private final String text;

		private final boolean writing;

		Choosy(String text, boolean writing) {
			this.text = text;
			this.writing = writing;
		}

		@Serial
		private void writeObject(ObjectOutputStream output) throws IOException {
			if (this.writing) {
				throw new IOException(SECRET);
			}
			output.defaultWriteObject();
		}

		@Serial
		private void readObject(ObjectInputStream input) throws IOException, ClassNotFoundException {
			input.defaultReadObject();
			throw new InvalidObjectException(this.text);
		}

	}

	record Validated(String text) implements Serializable {

		private static boolean strict;

		Validated {
			if (strict) {
				throw new IllegalArgumentException("not valid: " + text);
			}
		}

	}

	record Mapped(Map<String, Object> parts) {

	}

	static class Cyclic {

		private final Cyclic itself = this;

		@Override
		public String toString() {
			return SECRET + (this.itself == this);
		}

	}

	/** Read by a constructor that it lacks. */
	static class Titled {

		private final String title;

		Titled(String title) {
			this.title = title;
		}

		@Override
		public String toString() {
			return this.title;
		}

	}

}
