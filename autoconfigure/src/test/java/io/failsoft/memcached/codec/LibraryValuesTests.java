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
import java.util.Map;
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
 * Whatever is always allowed is read as it was written, or refused on writing: nothing is
 * written that each read would find unreadable.
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
		this.codec = type.create(LibraryValuesTests.class.getClassLoader(), AllowedClasses.builder().build());
	}

	static Stream<Object> all() {
		return LibraryValues.all();
	}

	@ParameterizedTest
	@MethodSource
	void all(Object value) {
		byte[] bytes = encode(value);
		if (bytes != null) {
			Object copy = this.codec.decode(bytes, 0, bytes.length);
			assertThat(isSame(value, copy)).as(copy + " of " + copy.getClass()).isTrue();
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

	/** So that the table in the docs stays right. */
	@Test
	void whatHasAPlaceInJsonIsRead() {
		Set<String> read = new HashSet<>();
		Set<String> refused = new TreeSet<>();
		LibraryValues.all()
			.forEach((value) -> ((encode(value) != null) ? read : refused).add(value.getClass().getName()));
		assertThat(read).contains("java.util.BitSet", "java.util.AbstractMap$SimpleEntry",
				"java.util.AbstractMap$SimpleImmutableEntry", "java.util.KeyValueHolder", "java.util.HashMap$Node",
				"java.util.ArrayList$SubList", "java.util.HashMap$Values", "java.util.HashMap$EntrySet",
				"java.util.Collections$UnmodifiableCollection", "java.util.TreeMap$AscendingSubMap",
				"java.util.concurrent.ConcurrentHashMap$KeySetView", "org.springframework.data.geo.Point",
				"org.springframework.data.geo.Box", "org.springframework.data.geo.Circle",
				"org.springframework.data.geo.Distance", "org.springframework.data.geo.Polygon");
		read.forEach(refused::remove);
		refused.removeIf((name) -> !name.startsWith("java.util.") || name.startsWith("java.util.concurrent.")
				|| name.endsWith("Exception"));
		assertThat(refused).containsExactly("java.util.Collections$AsLIFOQueue", "java.util.Collections$CheckedQueue",
				"java.util.Collections$ReverseComparator", "java.util.Collections$ReverseComparator2",
				"java.util.Comparators$NullComparator", "java.util.EventObject", "java.util.GregorianCalendar",
				"java.util.JapaneseImperialCalendar", "java.util.PropertyPermission", "java.util.Random",
				"java.util.SimpleTimeZone", "java.util.TreeMap$DescendingSubMap");
	}

	@Test
	void thereIsAValueOfEachClassOfTheJdkThatIsAllowed() throws Exception {
		Set<String> tried = new HashSet<>(NO_VALUES);
		LibraryValues.all().forEach((value) -> {
			for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
				tried.add(type.getName());
			}
		});
		AllowedClasses allowed = AllowedClasses.builder().build();
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
