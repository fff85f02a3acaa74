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
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/**
 * Registers our own forms and the common classes, as far as they are on the class path,
 * for Java serialization in a native image. The application registers the classes of its
 * own values.
 */
class CodecRuntimeHints implements RuntimeHintsRegistrar {

	private static final List<String> COMMON = List.of("java.math.BigInteger", "java.math.BigDecimal", "java.time.Ser",
			"java.util.UUID", "java.util.Date", "java.util.Currency", "java.util.Locale", "java.util.ArrayList",
			"java.util.LinkedList", "java.util.Arrays$ArrayList", "java.util.HashMap", "java.util.LinkedHashMap",
			"java.util.TreeMap", "java.util.HashSet", "java.util.LinkedHashSet", "java.util.TreeSet",
			"java.util.EnumMap", "java.util.EnumSet$SerializationProxy", "java.util.CollSer",
			"java.util.Collections$EmptyList", "java.util.Collections$SingletonList",
			"java.util.Collections$UnmodifiableCollection", "java.util.Collections$UnmodifiableList",
			"java.util.Collections$UnmodifiableRandomAccessList", "java.util.concurrent.ConcurrentHashMap", "[B", "[I",
			"[J", "[Ljava.lang.Object;", "[Ljava.lang.String;", "org.springframework.data.domain.Chunk",
			"org.springframework.data.domain.PageImpl", "org.springframework.data.domain.SliceImpl",
			"org.springframework.data.domain.AbstractPageRequest", "org.springframework.data.domain.PageRequest",
			"org.springframework.data.domain.Sort", "org.springframework.data.domain.Sort$Order",
			"org.hibernate.collection.spi.AbstractPersistentCollection", "org.hibernate.collection.spi.PersistentBag",
			"org.hibernate.collection.spi.PersistentSet");

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		Stream.concat(COMMON.stream(), DefaultClasses.NAMES.stream())
			.filter((name) -> ClassUtils.isPresent(name, classLoader))
			.<Class<?>>map((name) -> ClassUtils.resolveClassName(name, classLoader))
			.filter((type) -> type.getCanonicalName() != null)
			.forEach(hints.reflection()::registerJavaSerialization);
	}

}
