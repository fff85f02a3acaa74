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
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever is always allowed is read as it was written, or is a miss, or was refused on
 * writing.
 */
@ParameterizedClass
@EnumSource
class LibraryValuesTests {

	/** Neither values nor parts of any. */
	private static final Set<String> NO_VALUES = Set.of(
			"java.util.concurrent.locks.AbstractQueuedLongSynchronizer$ConditionObject",
			"java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject");

	private final ValueCodec codec;

	LibraryValuesTests(JacksonCodecType type) {
		this.codec = type.create(LibraryValuesTests.class.getClassLoader(), AllowedClasses.of(List.of()));
	}

	static Stream<Object> all() {
		return LibraryValues.all();
	}

	@ParameterizedTest
	@MethodSource
	void all(Object value) {
		Object copy = copy(value);
		if (copy != null) {
			assertThat(isSame(value, copy)).as(copy + " of " + copy.getClass()).isTrue();
		}
	}

	private @Nullable Object copy(Object value) {
		byte[] bytes = encode(value);
		try {
			return (bytes != null) ? this.codec.decode(bytes, 0, bytes.length) : null;
		}
		catch (ValueCodecException ex) {
			return null;
		}
	}

	/** The bytes, or {@code null} if the value is refused with the remedy. */
	private byte @Nullable [] encode(Object value) {
		try {
			return this.codec.encode(value);
		}
		catch (ValueCodecException ex) {
			assertThat(ex.isRefused()).as(ex.getMessage()).isTrue();
			assertThat(ex).message()
				.containsAnyOf("memcached.cache.codec: jdk", "memcached.cache.allowed-classes: ",
						"Cache a value without it");
			return null;
		}
	}

	private static boolean isSame(Object value, Object copy) {
		if (value.equals(copy)) {
			return true;
		}
		if (value instanceof IdentityHashMap<?, ?> map) {
			return copy instanceof IdentityHashMap<?, ?> other && new HashMap<>(map).equals(new HashMap<>(other));
		}
		if (value instanceof Collection<?> collection) {
			return copy instanceof Collection<?> other && Arrays.equals(collection.toArray(), other.toArray());
		}
		if (value instanceof Throwable thrown && copy instanceof Throwable other
				&& !(Arrays.equals(thrown.getStackTrace(), other.getStackTrace())
						&& Arrays.toString(thrown.getSuppressed()).equals(Arrays.toString(other.getSuppressed()))
						&& String.valueOf(thrown.getCause()).equals(String.valueOf(other.getCause())))) {
			return false;
		}
		if (value instanceof Pattern pattern && copy instanceof Pattern other && pattern.flags() != other.flags()) {
			return false;
		}
		return value.getClass() == copy.getClass() && value.toString().equals(copy.toString());
	}

	/** So that the docs stay right. */
	@Test
	void whatHasAPlaceInJsonIsRead() {
		Set<String> read = new TreeSet<>();
		LibraryValues.all()
			.filter((value) -> copy(value) != null)
			.forEach((value) -> read.add(value.getClass().getName()));
		assertThat(read).contains("java.util.ArrayList", "java.util.ArrayList$SubList", "java.util.HashMap",
				"java.util.TreeMap", "java.util.UUID", "java.util.Locale", "java.math.BigDecimal",
				"java.time.ZonedDateTime", "java.time.YearMonth", "java.time.Instant", "java.net.URI");
	}

	@Test
	void thereIsAValueOfEachClassOfTheJdkThatIsAllowed() throws Exception {
		Set<String> tried = new HashSet<>(NO_VALUES);
		LibraryValues.all().forEach((value) -> {
			for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
				tried.add(type.getName());
			}
		});
		AllowedClasses allowed = AllowedClasses.of(List.of());
		List<String> missing = classesOfTheJdk().stream()
			.filter((name) -> allowed.isAllowed(name) && !tried.contains(name))
			.filter(LibraryValuesTests::isValue)
			.toList();
		assertThat(missing).isEmpty();
	}

	private static boolean isValue(String name) {
		try {
			Class<?> type = Class.forName(name, false, DoubleAccumulator.class.getClassLoader());
			return Serializable.class.isAssignableFrom(type) && Modifier.isPublic(type.getModifiers())
					&& !Modifier.isAbstract(type.getModifiers()) && !type.isEnum()
					&& !Throwable.class.isAssignableFrom(type);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<String> classesOfTheJdk() throws IOException {
		Path module = Path.of(URI.create("jrt:/java.base"));
		try (Stream<Path> files = Files.walk(module)) {
			return files.map((file) -> module.relativize(file).toString())
				.filter((file) -> file.startsWith("java/") && file.endsWith(".class"))
				.map((file) -> file.substring(0, file.length() - 6).replace('/', '.'))
				.toList();
		}
	}

}
