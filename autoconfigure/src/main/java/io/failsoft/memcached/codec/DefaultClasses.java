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

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/**
 * The classes that are always allowed: values and the collections of them, none of which
 * does anything on being deserialized but to be built.
 * <p>
 * {@link java.net.URL} is not among them, as its {@code hashCode()} asks a name server.
 */
final class DefaultClasses {

	private static final Set<String> PACKAGES = Set.of(
			// Collections, dates, Locale, Currency, UUID, BitSet and the like.
			"java.util", "java.util.concurrent", "java.util.concurrent.atomic",
			// Part of the serial form of ConcurrentHashMap.
			"java.util.concurrent.locks", "java.math",
			// Pages, sorts, ranges, points.
			"org.springframework.data.domain", "org.springframework.data.geo",
			// The collections of entities.
			"org.hibernate.collection.spi", "org.hibernate.collection.internal",
			// Lists, sets, maps and ranges of Kotlin.
			"kotlin.collections", "kotlin.collections.builders", "kotlin.ranges", "kotlin.uuid", "kotlin.time");

	private static final Set<String> NAMES = Set.of("java.lang.Boolean", "java.lang.Byte", "java.lang.Character",
			"java.lang.Short", "java.lang.Integer", "java.lang.Long", "java.lang.Float", "java.lang.Double",
			"java.lang.Number", "java.lang.String", "java.lang.StringBuilder", "java.lang.StringBuffer",
			"java.lang.Enum", "java.lang.Record", "java.lang.String$CaseInsensitiveComparator", "java.lang.Throwable",
			"java.lang.Exception", "java.lang.RuntimeException", "java.lang.StackTraceElement",
			// As types of array elements, and Class for classes that are allowed.
			"java.lang.Object", "java.lang.Comparable", "java.lang.CharSequence", "java.lang.Iterable",
			"java.lang.Class", "java.io.Serializable", "java.net.URI", "java.net.InetAddress", "java.net.Inet4Address",
			"java.net.Inet6Address", "java.net.InetSocketAddress", "java.util.regex.Pattern", "java.sql.Date",
			"java.sql.Time", "java.sql.Timestamp", "java.text.AttributedCharacterIterator$Attribute",
			// The time zone within a Calendar.
			"sun.util.calendar.ZoneInfo", "org.springframework.cache.support.NullValue",
			"org.springframework.cache.interceptor.SimpleKey", "org.springframework.util.LinkedMultiValueMap",
			"org.springframework.util.MultiValueMapAdapter", "org.springframework.util.LinkedCaseInsensitiveMap",
			"org.springframework.util.LinkedCaseInsensitiveMap$1",
			// A reference to an entity that was not loaded.
			"org.hibernate.proxy.HibernateProxy", "org.hibernate.proxy.AbstractSerializableProxy",
			"org.hibernate.proxy.pojo.bytebuddy.SerializableProxy", "org.hibernate.proxy.map.SerializableMapProxy",
			"kotlin.Pair", "kotlin.Triple", "kotlin.Unit", "kotlin.UByte", "kotlin.UShort", "kotlin.UInt",
			"kotlin.ULong", "kotlin.UByteArray", "kotlin.UShortArray", "kotlin.UIntArray", "kotlin.ULongArray",
			"kotlin.text.Regex$Serialized", "kotlin.text.RegexOption", "kotlin.enums.EnumEntriesSerializationProxy",
			SerialProxy.class.getName() + "$OfOptional", SerialProxy.class.getName() + "$OfUnpaged",
			LongText.class.getName());

	/** Parents and causes of an application's own exceptions, which JSR-107 can cache. */
	private static final Pattern EXCEPTIONS = Pattern
		.compile("java\\.(io|lang|net|nio\\.file|security|sql|text)\\.\\w+Exception");

	private DefaultClasses() {
	}

	static boolean contains(String className) {
		return NAMES.contains(className) || PACKAGES.contains(ClassUtils.getPackageName(className))
				|| className.startsWith("java.time.") || EXCEPTIONS.matcher(className).matches();
	}

	/**
	 * Registers our own forms and the common classes, as far as they are on the class
	 * path, for Java serialization in a native image. The application registers the
	 * classes of its own values.
	 */
	static class Hints implements RuntimeHintsRegistrar {

		private static final List<String> COMMON = List.of("java.math.BigInteger", "java.math.BigDecimal",
				"java.time.Ser", "java.util.UUID", "java.util.Date", "java.util.Currency", "java.util.Locale",
				"java.util.ArrayList", "java.util.LinkedList", "java.util.Arrays$ArrayList", "java.util.HashMap",
				"java.util.LinkedHashMap", "java.util.TreeMap", "java.util.HashSet", "java.util.LinkedHashSet",
				"java.util.TreeSet", "java.util.EnumMap", "java.util.EnumSet$SerializationProxy", "java.util.CollSer",
				"java.util.Collections$EmptyList", "java.util.Collections$SingletonList",
				"java.util.Collections$UnmodifiableCollection", "java.util.Collections$UnmodifiableList",
				"java.util.Collections$UnmodifiableRandomAccessList", "java.util.concurrent.ConcurrentHashMap", "[B",
				"[I", "[J", "[Ljava.lang.Object;", "[Ljava.lang.String;", "org.springframework.data.domain.Chunk",
				"org.springframework.data.domain.PageImpl", "org.springframework.data.domain.SliceImpl",
				"org.springframework.data.domain.AbstractPageRequest", "org.springframework.data.domain.PageRequest",
				"org.springframework.data.domain.Sort", "org.springframework.data.domain.Sort$Order",
				"org.hibernate.collection.spi.AbstractPersistentCollection",
				"org.hibernate.collection.spi.PersistentBag", "org.hibernate.collection.spi.PersistentSet");

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			Stream.concat(COMMON.stream(), NAMES.stream())
				.filter((name) -> ClassUtils.isPresent(name, classLoader))
				.<Class<?>>map((name) -> ClassUtils.resolveClassName(name, classLoader))
				.filter((type) -> type.getCanonicalName() != null)
				.forEach(hints.reflection()::registerJavaSerialization);
		}

	}

}
