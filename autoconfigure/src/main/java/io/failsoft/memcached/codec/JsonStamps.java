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

import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.introspect.ObjectIdInfo;
import tools.jackson.databind.jsontype.NamedType;

/**
 * Stamps that differ as soon as a class is written as other JSON, or means something else
 * by the same: of its properties and their types, and of all classes that these name, as
 * those are written without a name of their own. Classes of the JDK have no stamp.
 * Thread-safe.
 */
final class JsonStamps {

	static final char SEPARATOR = '#';

	/** Eight characters of a stamp. */
	private static final int BYTES = 6;

	/** Bounds what a type that refers to a whole library costs. */
	private static final int MAX_CLASSES = 1000;

	private final Map<Class<?>, String> stamps = new ConcurrentHashMap<>();

	/** Of those of which a stamp was made. */
	private final Set<Class<?>> numbered = ConcurrentHashMap.newKeySet();

	private final Map<Class<?>, Set<Class<?>>> named = new ConcurrentHashMap<>();

	/**
	 * The stamp of a class.
	 * @param context a mapper's context
	 * @param type the class
	 * @return separator and stamp, or nothing
	 */
	String of(DatabindContext context, Class<?> type) {
		String stamp = this.stamps.get(type);
		if (stamp == null) {
			Reached reached = new Reached();
			stamp = of(describe(context.getConfig(), type, reached));
			if (reached.numbered) {
				this.numbered.add(type);
			}
			this.stamps.put(type, stamp);
		}
		return stamp;
	}

	/**
	 * The classes that a class declares to hold, and those that these declare, and so on.
	 * @param context a mapper's context
	 * @param type the class
	 * @return them and itself, those of the JDK too
	 */
	Set<Class<?>> named(DatabindContext context, Class<?> type) {
		Set<Class<?>> named = this.named.get(type);
		if (named == null) {
			Reached reached = new Reached();
			describe(context.getConfig(), type, reached);
			named = reached.all;
			this.named.put(type, named);
		}
		return named;
	}

	/**
	 * Whether objects of a class, or of those that it declares to hold, are written with
	 * numbers or other identifiers that are made up on writing.
	 * @param type a class of which there is a stamp
	 * @return whether they are
	 */
	boolean isNumbered(Class<?> type) {
		return this.numbered.contains(type);
	}

	private static String of(StringBuilder text) {
		if (text.isEmpty()) {
			return "";
		}
		return SEPARATOR + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(Digest.of(text), BYTES));
	}

	private static StringBuilder describe(MapperConfig<?> config, Class<?> type, Reached reached) {
		reached.add(type);
		StringBuilder text = new StringBuilder();
		ClassIntrospector introspector = config.classIntrospectorInstance();
		for (Map.Entry<String, Class<?>> next = reached.poll(); next != null; next = reached.poll()) {
			text.append(next.getKey());
			describe(config, introspector, next.getValue(), text, reached);
			text.append('\n');
		}
		return text;
	}

	private static void describe(MapperConfig<?> config, ClassIntrospector introspector, Class<?> type,
			StringBuilder text, Reached reached) {
		if (type.isEnum()) {
			for (Object constant : type.getEnumConstants()) {
				text.append('\n').append(((Enum<?>) constant).name());
			}
			return;
		}
		JavaType resolved = config.constructType(type);
		AnnotatedClass annotated = introspector.introspectClassAnnotations(resolved);
		BeanDescription description = introspector.introspectForSerialization(resolved, annotated);
		reached.numbered |= isMadeUp(description.getObjectIdInfo());
		Collection<String> lines = new TreeSet<>();
		for (Class<?> current = type; current.getSuperclass() != null; current = current.getSuperclass()) {
			lines.add("extends " + name(GenericTypes.superclass(current), reached));
		}
		JsonFormat.Value format = config.getDefaultPropertyFormat(type).withOverrides(formatOf(config, annotated));
		StringBuilder order = new StringBuilder("order");
		for (BeanPropertyDefinition property : description.findProperties()) {
			AnnotatedMember member = property.getPrimaryMember();
			reached.numbered |= member != null
					&& isMadeUp(config.getAnnotationIntrospector().findObjectIdInfo(config, member));
			lines.add(property.getName() + " " + typeOf(member, reached)
					+ ((member != null) ? described(formatOf(config, member)) : ""));
			order.append(' ').append(property.getName());
		}
		if (!format.equals(JsonFormat.Value.empty())) {
			lines.add("as" + described(format));
		}
		if (format.getShape() == JsonFormat.Shape.ARRAY) {
			lines.add(order.toString());
		}
		AnnotatedMember whole = description.findJsonValueAccessor();
		if (whole != null) {
			lines.add("value " + typeOf(whole, reached));
		}
		for (NamedType named : config.getSubtypeResolver().collectAndResolveSubtypesByClass(config, annotated)) {
			reached.add(named.getType());
			lines.add(named.getName() + "=" + named.getType().getName());
		}
		lines.forEach((line) -> text.append('\n').append(line));
	}

	private static boolean isMadeUp(@Nullable ObjectIdInfo identifier) {
		return identifier != null
				&& !ObjectIdGenerators.PropertyGenerator.class.isAssignableFrom(identifier.getGeneratorType());
	}

	private static JsonFormat.Value formatOf(MapperConfig<?> config, Annotated annotated) {
		JsonFormat.Value format = config.getAnnotationIntrospector().findFormat(config, annotated);
		return (format != null) ? format : JsonFormat.Value.empty();
	}

	private static String described(JsonFormat.Value format) {
		return format.equals(JsonFormat.Value.empty()) ? "" : " " + format;
	}

	private static String typeOf(@Nullable AnnotatedMember member, Reached reached) {
		return (member != null) ? name(GenericTypes.of(member.getMember()), reached) : "";
	}

	private static String name(Type type, Reached reached) {
		GenericTypes.visit(type, reached::add);
		return type.getTypeName();
	}

	/**
	 * Classes that were reached, handed out in an order that is the same everywhere.
	 */
	private static final class Reached {

		private final TreeMap<String, Class<?>> waiting = new TreeMap<>();

		private final TreeSet<String> seen = new TreeSet<>();

		private final Set<Class<?>> all = new HashSet<>();

		private boolean numbered;

		void add(Class<?> type) {
			Class<?> element = type;
			while (element.isArray()) {
				element = element.getComponentType();
			}
			this.all.add(element);
			String name = element.getName();
			if (!element.isPrimitive() && !name.startsWith("java.") && this.seen.add(name)) {
				this.waiting.put(name, element);
			}
		}

		Map.@Nullable Entry<String, Class<?>> poll() {
			return (this.seen.size() - this.waiting.size() < MAX_CLASSES) ? this.waiting.pollFirstEntry() : null;
		}

	}

}
