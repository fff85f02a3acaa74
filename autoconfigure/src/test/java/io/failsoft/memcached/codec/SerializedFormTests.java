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

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What earlier versions wrote, in {@code src/test/resources/serialized}, has to stay
 * readable: by every later version and every version of Java. To add a form, add a value,
 * run {@link #main} and commit the new files; to change one after 0.1.0, take a new codec
 * id.
 */
class SerializedFormTests {

	private static final Path DIRECTORY = Path.of("src", "test", "resources", "serialized");

	private static final AllowedClasses ALLOWED = AllowedClasses
		.of(List.of("io.failsoft.memcached.codec.Samples$City", "io.failsoft.memcached.codec.Samples$Order",
				"io.failsoft.memcached.codec.Samples$Status", "io.failsoft.memcached.codec.Samples$Temperature",
				"io.failsoft.memcached.codec.Samples$Secret$Form", "io.failsoft.memcached.codec.Samples$Handmade"));

	record Form(String name, ValueCodec codec, Object value) {

		Path file() {
			return DIRECTORY.resolve(this.name);
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

	static Stream<Form> forms() {
		Map<String, Object> values = new LinkedHashMap<>();
		values.put("text", "text");
		values.put("unicode", "\u0100\ud83d\ude00");
		values.put("bytes", List.of((byte) 1, (short) 2, 3, 4L, 5f, 6d, 'c', true));
		values.put("long", 42L);
		values.put("double", 0.1);
		values.put("true", true);
		values.put("city", Samples.City.of(4711));
		values.put("order", new Samples.Order(new UUID(1, 2), new BigDecimal("12.340"), Instant.ofEpochSecond(1, 2),
				Samples.Status.PAID, null, Map.of("a", List.of(1, 2)), Optional.of("note")));
		values.put("list", new ArrayList<>(Arrays.asList(1, null, "a", 2L, LocalDate.EPOCH)));
		values.put("map", new TreeMap<>(Map.of("a", List.of(), "b", List.of(1, 2, 3))));
		values.put("set", new LinkedHashSet<>(List.of("a", "b")));
		List<Form> forms = new ArrayList<>();
		ClassLoader loader = SerializedFormTests.class.getClassLoader();
		values.forEach((name, value) -> {
			forms.add(new Form(name + ".jdk1", Codecs.jdk(loader, ALLOWED), value));
			forms.add(new Form(name + ".json2", Codecs.json(loader, ALLOWED), value));
			forms.add(new Form(name + ".smile3", Codecs.smile(loader, ALLOWED), value));
		});
		values.clear();
		values.put("optional", Optional.of(Optional.empty()));
		values.put("page", new PageImpl<>(List.of(Samples.City.of(1)), PageRequest.of(1, 20, Sort.by("a")), 99));
		values.put("unpaged", new PageImpl<>(List.of("a")));
		values.put("externalizable", new Samples.Temperature(36.6));
		values.put("replaced", new Samples.Secret("secret"));
		values.put("handmade", Samples.Handmade.of(1, "a", 2));
		String text = "a long text of ISO 8859-1 ".repeat(12);
		values.put("texts", new ArrayList<>(List.of(text, "\u0416".repeat(300), "short", text + "and a \u2019", text)));
		values.forEach((name, value) -> forms.add(new Form(name + ".jdk1", Codecs.jdk(loader, ALLOWED), value)));
		return forms.stream();
	}

	@ParameterizedTest
	@MethodSource("forms")
	void whatWasWrittenOnceIsReadEverAfter(Form form) throws IOException {
		byte[] bytes = Files.readAllBytes(form.file());
		assertThat(form.codec().decode(bytes, 0, bytes.length)).isEqualTo(form.value());
	}

	@ParameterizedTest
	@MethodSource("forms")
	void whatIsWrittenTodayIsWhatWasWritten(Form form) throws IOException {
		assertThat(form.codec().encode(form.value())).isEqualTo(Files.readAllBytes(form.file()));
	}

	@Test
	void idsBelongToTheFormat() {
		ClassLoader loader = getClass().getClassLoader();
		assertThat(Codecs.jdk(loader, ALLOWED).id()).isEqualTo(1);
		assertThat(Codecs.json(loader, ALLOWED).id()).isEqualTo(2);
		assertThat(Codecs.smile(loader, ALLOWED).id()).isEqualTo(3);
	}

	/**
	 * Write the files that are missing.
	 * @param arguments none
	 * @throws IOException if a file cannot be written
	 */
	public static void main(String[] arguments) throws IOException {
		Files.createDirectories(DIRECTORY);
		for (Form form : forms().toList()) {
			if (!Files.exists(form.file())) {
				Files.write(form.file(), form.codec().encode(form.value()));
			}
		}
	}

}
