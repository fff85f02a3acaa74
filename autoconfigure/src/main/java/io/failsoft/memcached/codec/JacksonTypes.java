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

import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotationIntrospectorPair;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.impl.DefaultTypeResolverBuilder;
import tools.jackson.databind.jsontype.impl.TypeIdResolverBase;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.type.CollectionType;

/**
 * Names of classes within what Jackson writes, and the only way from a name to a class.
 * Thread-safe.
 * <p>
 * Whatever is not declared as a final class that Jackson reads as it was, an enum or a
 * {@link List} has a name, whatever annotations say. Classes of the JDK that Jackson
 * writes but reads as something else have none, and so are refused.
 */
@SuppressWarnings("serial") // Jackson's own types are, mappers with this one are not
final class JacksonTypes extends DefaultTypeResolverBuilder {

	private static final char SEPARATOR = '#';

	/** Of the JDK, besides {@code java.time}, what comes back as it was. */
	private static final Set<String> PLAIN = Set.of("java.lang.Boolean", "java.lang.Byte", "java.lang.Short",
			"java.lang.Integer", "java.lang.Long", "java.lang.Float", "java.lang.Double", "java.lang.Character",
			"java.lang.String", "java.math.BigInteger", "java.math.BigDecimal", "java.net.URI", "java.util.UUID",
			"java.util.Currency", "java.util.Locale", "java.util.Date", "java.util.OptionalInt",
			"java.util.OptionalLong", "java.util.OptionalDouble", "java.util.ArrayList", "java.util.LinkedList",
			"java.util.ArrayDeque", "java.util.HashSet", "java.util.LinkedHashSet", "java.util.TreeSet",
			"java.util.EnumSet", "java.util.HashMap", "java.util.LinkedHashMap", "java.util.TreeMap",
			"java.util.EnumMap", "java.util.concurrent.ConcurrentHashMap");

	/** As the keys of a map. */
	private static final Set<Class<?>> PLAIN_KEYS = Set.of(String.class, Byte.class, Short.class, Integer.class,
			Long.class, Boolean.class, UUID.class, LocalDate.class, Instant.class);

	/** As these Jackson writes whatever implements them, without its fields. */
	private static final List<Class<?>> CONTAINERS = List.of(Iterable.class, Iterator.class, Map.class, Map.Entry.class,
			CharSequence.class);

	/** Smile has less than 32 bits for a scale, and says nothing if it takes more. */
	private static final int MAX_SCALE = 1 << 30;

	private final transient @Nullable ClassLoader classLoader;

	private final transient AllowedClasses allowed;

	private final transient Map<Class<?>, String> names = new ConcurrentHashMap<>();

	JacksonTypes(@Nullable ClassLoader classLoader, AllowedClasses allowed) {
		super(BasicPolymorphicTypeValidator.builder().build(), DefaultTyping.NON_FINAL, JsonTypeInfo.As.WRAPPER_OBJECT);
		this.classLoader = classLoader;
		this.allowed = allowed;
	}

	void configure(MapperBuilder<?, ?> builder) {
		builder.setDefaultTyping(this).polymorphicTypeValidator(this._subtypeValidator);
		builder.annotationIntrospector(new Annotations(builder.annotationIntrospector()));
		builder.addModule(new SimpleModule("failsoft-memcached").setSerializerModifier(new Writers())
			.setDeserializerModifier(new Readers())
			.setValueInstantiators(new JacksonRecords()));
	}

	static String className(String name) {
		int end = name.indexOf(SEPARATOR);
		return (end != -1) ? name.substring(0, end) : name;
	}

	/**
	 * Whether a name is that of a class of the application as it is now.
	 * @param name any text
	 * @return whether the class is in use and unchanged
	 */
	boolean isCurrent(String name) {
		return name.indexOf(SEPARATOR) != -1 && this.names.containsValue(name);
	}

	@Override
	public JacksonTypes withDefaultImpl(@Nullable Class<?> defaultImplementation) {
		// Nothing is read without a name.
		return this;
	}

	@Override
	public boolean useForType(JavaType type) {
		JavaType content = type;
		while (content.isArrayType() || content.isReferenceType()) {
			content = content.getContentType();
		}
		Class<?> raw = content.getRawClass();
		return !raw.isPrimitive() && raw != List.class && !raw.isEnum()
				&& !(Modifier.isFinal(raw.getModifiers()) && raw != Locale.class && isPlain(raw));
	}

	@Override
	protected TypeIdResolver idResolver(DatabindContext context, JavaType baseType, PolymorphicTypeValidator validator,
			Collection<NamedType> subtypes, boolean serialization, boolean deserialization) {
		return new Names(baseType);
	}

	private boolean isPlain(Class<?> type) {
		if (!this.allowed.isAllowed(type.getName())) {
			return false;
		}
		if (type.isArray()) {
			Class<?> element = type.getComponentType();
			return element.isPrimitive() || Modifier.isAbstract(element.getModifiers()) || element == Object.class
					|| isPlain(element);
		}
		if (type.getName().startsWith("java.")) {
			return type.isEnum() || PLAIN.contains(type.getName())
					|| (type.getPackageName().equals("java.time") && Modifier.isPublic(type.getModifiers()));
		}
		if (type.isEnum() || DefaultClasses.contains(type.getName())) {
			return type.isEnum();
		}
		Class<?> ancestor = type.getSuperclass();
		while (ancestor != null && !ancestor.getName().startsWith("java.")) {
			ancestor = ancestor.getSuperclass();
		}
		return (ancestor == Object.class || ancestor == Record.class)
				&& CONTAINERS.stream().noneMatch((container) -> container.isAssignableFrom(type));
	}

	private String name(Class<?> type) {
		String name = this.names.get(type);
		if (name == null) {
			if (!isPlain(type)) {
				throw refusal(type.getName());
			}
			boolean changes = !type.isArray() && !type.isEnum() && !type.getName().startsWith("java.");
			name = changes ? type.getName() + SEPARATOR + Long.toUnsignedString(ClassFingerprint.of(type), 36)
					: type.getName();
			this.names.put(type, name);
		}
		return name;
	}

	private Class<?> find(String name) {
		if (!this.allowed.isAllowed(name)) {
			throw this.allowed.refusal(name);
		}
		try {
			return Class.forName(name, false, this.classLoader);
		}
		catch (ClassNotFoundException | LinkageError ex) {
			throw new ValueCodecException("There is no class " + name, ex);
		}
	}

	private ValueCodecException refusal(String name) {
		return this.allowed.isAllowed(name) ? lossy("A " + name) : this.allowed.refusal(name);
	}

	private static ValueCodecException lossy(String what) {
		return new ValueCodecException(
				what + " would not come back from Jackson as it was written. " + JacksonCodec.REMEDY, null, true);
	}

	private static boolean isPlainKey(Class<?> type) {
		return type.isEnum() || PLAIN_KEYS.contains(type);
	}

	/**
	 * The class under whose name a value is written: for one that nobody can name, such
	 * as that of {@link List#of()}, one whose values equal it.
	 */
	private static Class<?> written(Object value, JavaType declared) {
		Class<?> type = value.getClass();
		if (value instanceof Enum<?> constant) {
			return constant.getDeclaringClass();
		}
		if (value instanceof EnumMap || value instanceof EnumSet) {
			JavaType key = (value instanceof EnumMap) ? declared.getKeyType() : declared.getContentType();
			if (key == null || !key.getRawClass().isEnum()) {
				throw lossy("A " + type.getName() + " that is not declared with the type of its constants");
			}
			return (value instanceof EnumMap) ? EnumMap.class : EnumSet.class;
		}
		if ((value instanceof SortedSet<?> set && set.comparator() != null)
				|| (value instanceof SortedMap<?, ?> map && map.comparator() != null)) {
			throw lossy("A " + type.getName() + " with a comparator");
		}
		if ((value instanceof Locale locale && !locale.equals(Locale.forLanguageTag(locale.toLanguageTag())))
				|| (value instanceof BigDecimal number && Math.abs((long) number.scale()) >= MAX_SCALE)) {
			throw lossy("The " + type.getName() + " " + value);
		}
		if (!type.getName().startsWith("java.util.") || Modifier.isPublic(type.getModifiers())
				|| value instanceof SortedSet || value instanceof SortedMap) {
			return type;
		}
		return (value instanceof List) ? ArrayList.class
				: (value instanceof Set) ? LinkedHashSet.class : (value instanceof Map) ? LinkedHashMap.class : type;
	}

	/**
	 * Writes and reads the names of what is declared as some type.
	 */
	private final class Names extends TypeIdResolverBase {

		Names(JavaType declared) {
			super(declared);
		}

		@Override
		public String idFromValue(DatabindContext context, Object value) {
			return name(written(value, this._baseType));
		}

		@Override
		public String idFromValueAndType(DatabindContext context, @Nullable Object value, Class<?> type) {
			Class<?> own = (value != null) ? written(value, this._baseType) : type;
			return name(isPlain(own) ? own : type);
		}

		@Override
		public JavaType typeFromId(DatabindContext context, String id) {
			Class<?> type = find(className(id));
			if (!name(type).equals(id)) {
				throw new ValueCodecException(type.getName() + " has changed since it was written", null);
			}
			return context.getTypeFactory().constructSpecializedType(this._baseType, type);
		}

		@Override
		public JsonTypeInfo.Id getMechanism() {
			return JsonTypeInfo.Id.CUSTOM;
		}

	}

	/**
	 * Keeps annotations from naming classes, and from leaving out what is {@code null}.
	 */
	private static final class Annotations extends AnnotationIntrospectorPair {

		Annotations(AnnotationIntrospector annotations) {
			super(annotations, AnnotationIntrospector.nopInstance());
		}

		@Override
		public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
			return null;
		}

		@Override
		public JsonInclude.Value findPropertyInclusion(MapperConfig<?> config, Annotated annotated) {
			return JsonInclude.Value.empty();
		}

	}

	/**
	 * Refuses what would be written without a name and read as something else.
	 */
	private static final class Writers extends ValueSerializerModifier {

		@Override
		public ValueSerializer<?> modifySerializer(SerializationConfig config, BeanDescription.Supplier description,
				ValueSerializer<?> serializer) {
			JavaType type = description.getType();
			JavaType content = type.isReferenceType() ? type.getReferencedType() : null;
			if (content != null && (content.isJavaLangObject() || content.isReferenceType())) {
				throw lossy("A " + type.getRawClass().getName() + " that is not declared with the type of its content");
			}
			return serializer;
		}

		@Override
		public ValueSerializer<?> modifyCollectionSerializer(SerializationConfig config, CollectionType type,
				BeanDescription.Supplier description, ValueSerializer<?> serializer) {
			if (!type.getRawClass().getName().startsWith("java.util.")) {
				throw lossy("A " + type.getRawClass().getName());
			}
			return serializer;
		}

		@Override
		public ValueSerializer<?> modifyKeySerializer(SerializationConfig config, JavaType type,
				BeanDescription.Supplier description, ValueSerializer<?> serializer) {
			if (!type.isJavaLangObject() && !isPlainKey(type.getRawClass())) {
				throw lossy("A key of the type " + type.getRawClass().getName());
			}
			return type.isJavaLangObject() ? new KeyWriter() : serializer;
		}

	}

	/**
	 * Writes keys of no declared type: {@code text}, {@code @@text} or
	 * {@code @class:CONSTANT}.
	 */
	private static final class KeyWriter extends ValueSerializer<Object> {

		@Override
		public void serialize(Object key, JsonGenerator generator, SerializationContext context) {
			if (key instanceof Enum<?> constant) {
				generator.writeName("@" + constant.getDeclaringClass().getName() + ":" + constant.name());
			}
			else if (key instanceof String text) {
				generator.writeName(text.startsWith("@") ? "@" + text : text);
			}
			else {
				throw lossy("A key of the type " + key.getClass().getName() + " that is not declared");
			}
		}

	}

	private final class Readers extends ValueDeserializerModifier {

		@Override
		public KeyDeserializer modifyKeyDeserializer(DeserializationConfig config, JavaType type,
				KeyDeserializer deserializer) {
			if (!type.isJavaLangObject() && !isPlainKey(type.getRawClass())) {
				throw lossy("A key of the type " + type.getRawClass().getName());
			}
			return type.isJavaLangObject() ? new KeyReader() : deserializer;
		}

	}

	private final class KeyReader extends KeyDeserializer {

		@Override
		@SuppressWarnings({ "unchecked", "rawtypes" }) // whatever is no enum is refused
														// there
		public Object deserializeKey(String text, DeserializationContext context) {
			if (!text.startsWith("@") || text.startsWith("@@")) {
				return text.startsWith("@") ? text.substring(1) : text;
			}
			int end = text.indexOf(':');
			return Enum.valueOf((Class) find(text.substring(1, end)), text.substring(end + 1));
		}

	}

}
