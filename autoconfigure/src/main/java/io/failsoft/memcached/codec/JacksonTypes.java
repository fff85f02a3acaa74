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

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.cfg.MapperConfig;
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
 * {@link List} has a name, whatever annotations say. Maps have the class of their keys
 * beside it if it is not declared. Classes of the JDK that Jackson writes but reads as
 * something else have no name, and so are refused.
 */
@SuppressWarnings("serial") // Jackson's own types are, mappers with this one are not
final class JacksonTypes extends DefaultTypeResolverBuilder {

	private static final String FINGERPRINT = "#";

	private static final String KEYS = "@";

	/** Of the JDK, besides {@code java.time}, what comes back as it was. */
	private static final Set<String> PLAIN = Set.of("java.lang.Boolean", "java.lang.Byte", "java.lang.Short",
			"java.lang.Integer", "java.lang.Long", "java.lang.Float", "java.lang.Double", "java.lang.Character",
			"java.lang.String", "java.math.BigInteger", "java.math.BigDecimal", "java.net.URI", "java.util.UUID",
			"java.util.Currency", "java.util.Locale", "java.util.Date", "java.util.OptionalInt",
			"java.util.OptionalLong", "java.util.OptionalDouble", "java.util.ArrayList", "java.util.LinkedList",
			"java.util.ArrayDeque", "java.util.HashSet", "java.util.LinkedHashSet", "java.util.TreeSet",
			"java.util.EnumSet", "java.util.HashMap", "java.util.LinkedHashMap", "java.util.TreeMap",
			"java.util.EnumMap", "java.util.concurrent.ConcurrentHashMap");

	/** Smile has less than 32 bits for a scale, and says nothing if it takes more. */
	private static final int MAX_SCALE = 1 << 30;

	private final transient @Nullable ClassLoader classLoader;

	private final transient AllowedClasses allowed;

	private final transient Map<Class<?>, String> names = new ConcurrentHashMap<>();

	private final transient Map<Class<?>, Boolean> flat = new ConcurrentHashMap<>();

	private final transient Map<Class<?>, Boolean> plain = new ConcurrentHashMap<>();

	/** Names of classes of which too many entries could not be read. */
	private final transient Set<String> refused = ConcurrentHashMap.newKeySet();

	JacksonTypes(@Nullable ClassLoader classLoader, AllowedClasses allowed) {
		super(BasicPolymorphicTypeValidator.builder().build(), DefaultTyping.NON_FINAL, JsonTypeInfo.As.WRAPPER_OBJECT);
		this.classLoader = classLoader;
		this.allowed = allowed;
	}

	void configure(MapperBuilder<?, ?> builder) {
		builder.setDefaultTyping(this).annotationIntrospector(new Annotations(builder.annotationIntrospector()));
		builder.addModule(new SimpleModule("failsoft-memcached-types").setSerializerModifier(new Writers()));
	}

	static String className(String name) {
		return name.split(FINGERPRINT, 2)[0];
	}

	/**
	 * Returns the first name in a document that is of a class of the application as it is
	 * now: mostly that of the value, or of the first element of a collection.
	 * @param document the document
	 * @return the class's name and fingerprint, or the empty text
	 */
	String firstName(String document) {
		return this.names.values()
			.stream()
			.filter((name) -> name.contains(FINGERPRINT) && document.contains(name))
			.min(Comparator.comparingInt(document::indexOf))
			.orElse("");
	}

	/**
	 * Refuses a class from now on.
	 * @param name the class's name and fingerprint
	 * @return whether it was not refused before
	 */
	boolean refuse(String name) {
		return this.refused.add(name);
	}

	@Override
	public boolean useForType(JavaType type) {
		JavaType content = type;
		while (content.isArrayType() || content.isReferenceType()) {
			content = content.getContentType();
		}
		Class<?> raw = content.getRawClass();
		return !raw.isPrimitive() && !raw.isEnum() && raw != List.class && !isFixed(raw);
	}

	@Override
	protected TypeIdResolver idResolver(DatabindContext context, JavaType baseType, PolymorphicTypeValidator validator,
			Collection<NamedType> subtypes, boolean serialization, boolean deserialization) {
		return new Names(baseType);
	}

	private boolean isFixed(Class<?> type) {
		return Modifier.isFinal(type.getModifiers()) && type != Locale.class && isPlain(type);
	}

	private boolean isKey(Class<?> type) {
		return type.isEnum() || (isFixed(type) && type.getName().startsWith("java."));
	}

	private boolean isPlain(Class<?> type) {
		Boolean known = this.plain.get(type);
		if (known == null) {
			known = isPlainUnknown(type);
			this.plain.put(type, known);
		}
		return known;
	}

	private boolean isPlainUnknown(Class<?> type) {
		String name = type.getName();
		if (!this.allowed.isAllowed(name)) {
			return false;
		}
		if (type.isArray() || type.isEnum() || PLAIN.contains(name)) {
			return true;
		}
		if (name.startsWith("java.") || DefaultClasses.contains(name)) {
			return type.getPackageName().equals("java.time") && Modifier.isPublic(type.getModifiers());
		}
		// Jackson writes what a collection contains, but not its fields.
		Class<?> ancestor = type.getSuperclass();
		while (ancestor != null && !ancestor.getName().startsWith("java.")) {
			ancestor = ancestor.getSuperclass();
		}
		return (ancestor == Object.class || ancestor == Record.class)
				&& Stream.of(Collection.class, Map.class, Map.Entry.class)
					.noneMatch((taken) -> taken.isAssignableFrom(type));
	}

	/**
	 * Returns whether objects of a class hold no other objects that have names of their
	 * own, so that no name repeats.
	 */
	boolean isFlat(Class<?> type) {
		return this.flat.computeIfAbsent(type, (unknown) -> {
			for (Class<?> ancestor = unknown; ancestor != null; ancestor = ancestor.getSuperclass()) {
				for (Field field : ancestor.getDeclaredFields()) {
					boolean plainField = field.getType().isPrimitive() || isKey(field.getType());
					if (!plainField && !Modifier.isStatic(field.getModifiers())) {
						return false;
					}
				}
			}
			return !unknown.isArray();
		});
	}

	private String name(Class<?> type) {
		String name = this.names.get(type);
		if (name == null) {
			name = newName(type);
			this.names.put(type, name);
		}
		if (this.refused.contains(name)) {
			throw lossy(type);
		}
		return name;
	}

	private String newName(Class<?> type) {
		String name = type.getName();
		if (!isPlain(type)) {
			throw this.allowed.isAllowed(name) ? lossy(type) : this.allowed.refusal(name);
		}
		String element = AllowedClasses.elementType(name);
		boolean fixed = type.isEnum() || element.isEmpty() || element.startsWith("java.");
		return fixed ? name : name + FINGERPRINT + Long.toUnsignedString(ClassFingerprint.of(type), 36);
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

	private static ValueCodecException lossy(Class<?> type) {
		return new ValueCodecException("This " + type.getName()
				+ " would not come back from Jackson as it was written. " + JacksonCodec.REMEDY, null, true);
	}

	/**
	 * Returns the class under whose name a value is written: for one that nobody can
	 * name, such as that of {@link List#of()}, one whose values equal it.
	 */
	private static Class<?> written(Object value) {
		Class<?> type = typeOf(value);
		if ((value instanceof SortedSet<?> set && set.comparator() != null)
				|| (value instanceof SortedMap<?, ?> map && map.comparator() != null)
				|| (value instanceof Locale locale && !locale.equals(Locale.forLanguageTag(locale.toLanguageTag())))
				|| (value instanceof BigDecimal number && Math.abs((long) number.scale()) >= MAX_SCALE)) {
			throw lossy(type);
		}
		if (!type.getName().startsWith("java.util.") || Modifier.isPublic(type.getModifiers())
				|| value instanceof SortedSet || value instanceof SortedMap) {
			return type;
		}
		return (value instanceof List) ? ArrayList.class : (value instanceof EnumSet) ? EnumSet.class
				: (value instanceof Set) ? LinkedHashSet.class : (value instanceof Map) ? LinkedHashMap.class : type;
	}

	private static Class<?> typeOf(Object value) {
		return (value instanceof Enum<?> constant) ? constant.getDeclaringClass() : value.getClass();
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
			String name = name(written(value));
			String keys = (value instanceof Map<?, ?> map) ? keys(map.keySet(), this._baseType.getKeyType())
					: (value instanceof EnumSet<?> set) ? keys(set, this._baseType.getContentType()) : "";
			return keys.isEmpty() ? name : name + keys;
		}

		@Override
		public String idFromValueAndType(DatabindContext context, @Nullable Object value, Class<?> type) {
			return (value != null && isPlain(value.getClass())) ? idFromValue(context, value) : name(type);
		}

		@Override
		public JavaType typeFromId(DatabindContext context, String id) {
			String[] parts = id.split(KEYS, 2);
			Class<?> type = find(className(parts[0]));
			if (!name(type).equals(parts[0])) {
				throw new ValueCodecException(type.getName() + " has changed since it was written", null);
			}
			JavaType result = context.getTypeFactory().constructSpecializedType(this._baseType, type);
			if (parts.length > 1) {
				Class<?> key = find(parts[1]);
				if (!isKey(key)) {
					throw lossy(key);
				}
				result = context.getTypeFactory()
					.constructParametricType(type,
							(type == EnumSet.class) ? new JavaType[] { context.constructType(key) }
									: new JavaType[] { context.constructType(key), result.getContentType() });
			}
			return result;
		}

		/**
		 * Returns the class of keys, which Jackson writes as text, unless it is declared.
		 */
		private String keys(Collection<?> keys, @Nullable JavaType declared) {
			boolean told = declared != null && !declared.isJavaLangObject();
			Class<?> last = Void.class;
			for (Object key : keys) {
				Class<?> type = typeOf(key);
				if (type != last && (!isKey(type) || (!told && last != Void.class))) {
					throw lossy(type);
				}
				last = type;
			}
			return (told || last == Void.class || last == String.class) ? "" : KEYS + last.getName();
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
			return JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS);
		}

	}

	/**
	 * Refuses what is written without a name and would be read as something else: an
	 * Optional as its content, a list of the application's own as a list.
	 */
	private static final class Writers extends ValueSerializerModifier {

		@Override
		public ValueSerializer<?> modifySerializer(SerializationConfig config, BeanDescription.Supplier description,
				ValueSerializer<?> serializer) {
			JavaType content = description.getType().getReferencedType();
			if (content != null && (content.isJavaLangObject() || content.isReferenceType())) {
				throw lossy(description.getBeanClass());
			}
			return serializer;
		}

		@Override
		public ValueSerializer<?> modifyCollectionSerializer(SerializationConfig config, CollectionType type,
				BeanDescription.Supplier description, ValueSerializer<?> serializer) {
			if (!type.getRawClass().getName().startsWith("java.util.")) {
				throw lossy(type.getRawClass());
			}
			return serializer;
		}

	}

}
