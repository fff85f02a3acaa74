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

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Classes that are written as a number in place of their name. What stands here belongs
 * to the format: a number never changes its meaning, and new classes go to the end.
 */
final class KnownClasses {

	private static final List<String> NAMES = List.of("java.lang.Number", "java.lang.Integer", "java.lang.Long",
			"java.lang.Short", "java.lang.Byte", "java.lang.Character", "java.lang.Boolean", "java.lang.Double",
			"java.lang.Float", "java.lang.Enum", "java.lang.StringBuilder", "java.math.BigInteger",
			"java.math.BigDecimal", "java.math.RoundingMode", "java.time.Ser", "java.util.UUID", "java.util.Date",
			"java.util.Currency", "java.util.Locale", "java.net.URI", "java.sql.Date", "java.sql.Time",
			"java.sql.Timestamp", "java.util.ArrayList", "java.util.LinkedList", "java.util.ArrayDeque",
			"java.util.Arrays$ArrayList", "java.util.HashMap", "java.util.LinkedHashMap", "java.util.TreeMap",
			"java.util.EnumMap", "java.util.HashSet", "java.util.LinkedHashSet", "java.util.TreeSet",
			"java.util.EnumSet$SerializationProxy", "java.util.CollSer", "java.util.Collections$EmptyList",
			"java.util.Collections$EmptyMap", "java.util.Collections$EmptySet", "java.util.Collections$SingletonList",
			"java.util.Collections$SingletonMap", "java.util.Collections$SingletonSet",
			"java.util.Collections$UnmodifiableCollection", "java.util.Collections$UnmodifiableList",
			"java.util.Collections$UnmodifiableRandomAccessList", "java.util.Collections$UnmodifiableSet",
			"java.util.Collections$UnmodifiableMap", "java.util.BitSet", "java.util.concurrent.ConcurrentHashMap",
			"java.util.concurrent.CopyOnWriteArrayList", "java.util.concurrent.atomic.AtomicInteger",
			"java.util.concurrent.atomic.AtomicLong", "java.util.concurrent.TimeUnit", "[B", "[Z", "[C", "[S", "[I",
			"[J", "[F", "[D", "[[B", "[Ljava.lang.Object;", "[Ljava.lang.String;", "[Ljava.lang.Integer;",
			"[Ljava.lang.Long;", "[Ljava.lang.Enum;", "io.failsoft.memcached.codec.OptionalForm",
			"org.springframework.cache.support.NullValue", "org.springframework.data.domain.Chunk",
			"org.springframework.data.domain.PageImpl", "org.springframework.data.domain.SliceImpl",
			"org.springframework.data.domain.AbstractPageRequest", "org.springframework.data.domain.PageRequest",
			"org.springframework.data.domain.Sort", "org.springframework.data.domain.Sort$Order",
			"org.springframework.data.domain.Sort$Direction", "org.springframework.data.domain.Sort$NullHandling",
			"io.failsoft.memcached.codec.UnpagedForm", "org.hibernate.collection.spi.AbstractPersistentCollection",
			"org.hibernate.collection.spi.PersistentBag", "org.hibernate.collection.spi.PersistentList",
			"org.hibernate.collection.spi.PersistentMap", "org.hibernate.collection.spi.PersistentSet", "kotlin.Pair",
			"kotlin.Triple", "kotlin.Unit", "io.failsoft.memcached.codec.LongText");

	private static final Map<String, Integer> NUMBERS = new HashMap<>();

	static {
		for (String name : NAMES) {
			NUMBERS.put(name, NUMBERS.size() + 1);
		}
	}

	private KnownClasses() {
	}

	/**
	 * All of them.
	 * @return their names
	 */
	static List<String> names() {
		return NAMES;
	}

	/**
	 * The number of a class.
	 * @param name its name
	 * @return 1 to 255, or 0 if it has none
	 */
	static int number(String name) {
		return NUMBERS.getOrDefault(name, 0);
	}

	static @Nullable String name(int number) {
		return (number >= 1 && number <= NAMES.size()) ? NAMES.get(number - 1) : null;
	}

}
