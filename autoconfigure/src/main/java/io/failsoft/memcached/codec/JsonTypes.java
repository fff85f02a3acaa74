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

import java.io.Serial;
import java.io.Serializable;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.impl.ClassNameIdResolver;
import tools.jackson.databind.jsontype.impl.DefaultTypeResolverBuilder;

/**
 * Which types are written by name, and which names are read.
 * <p>
 * Jackson builds any class that has a fitting constructor, so of the JDK's and the
 * libraries' classes only the serializable ones are taken by name: {@code java.util} also
 * has one whose constructor truncates a file.
 */
final class JsonTypes extends DefaultTypeResolverBuilder {

	@Serial
	private static final long serialVersionUID = 1;

	/** Of text these make a class, loaded and initialized, or ask a name server. */
	private static final Set<String> NOT_BY_NAME = Set.of("java.lang.Class", "java.net.InetAddress",
			"java.net.Inet4Address", "java.net.Inet6Address", "java.net.InetSocketAddress");

	private static final Set<Class<?>> OPTIONALS = Set.of(Optional.class, OptionalInt.class, OptionalLong.class,
			OptionalDouble.class);

	private final transient Names names;

	private final @Nullable Class<?> defaultImplementation;

	JsonTypes(AllowedClasses allowed, JsonTypeInfo.As inclusion) {
		this(new Names(allowed), inclusion, null);
	}

	private JsonTypes(Names names, JsonTypeInfo.As inclusion, @Nullable Class<?> defaultImplementation) {
		super(new Validator(names.allowed), DefaultTyping.NON_FINAL_AND_ENUMS, inclusion);
		this.names = names;
		this.defaultImplementation = defaultImplementation;
		this._defaultImpl = defaultImplementation;
	}

	PolymorphicTypeValidator validator() {
		return this._subtypeValidator;
	}

	@Override
	public JsonTypes withDefaultImpl(@Nullable Class<?> defaultImplementation) {
		return (this.defaultImplementation == defaultImplementation) ? this
				: new JsonTypes(this.names, this._includeAs, defaultImplementation);
	}

	@Override
	protected TypeIdResolver idResolver(DatabindContext context, JavaType baseType, PolymorphicTypeValidator validator,
			Collection<NamedType> subtypes, boolean serialization, boolean deserialization) {
		return new Resolver(baseType, subtypes, validator, this.names);
	}

	private static boolean isAllowedName(AllowedClasses allowed, String name) {
		return allowed.isAllowed(name) && !NOT_BY_NAME.contains(AllowedClasses.elementType(name));
	}

	private static boolean isAllowed(AllowedClasses allowed, Class<?> type) {
		if (type.isArray()) {
			return isAllowed(allowed, type.getComponentType());
		}
		if (!isAllowedName(allowed, type.getName())) {
			return false;
		}
		return type.isPrimitive() || type.isInterface() || type == Object.class || OPTIONALS.contains(type)
				|| type.getName().equals(StandIns.UNPAGED) || Serializable.class.isAssignableFrom(type)
				|| allowed.isAdded(type.getName());
	}

	private static boolean isAllowed(AllowedClasses allowed, JavaType type) {
		if (!isAllowed(allowed, type.getRawClass())) {
			return false;
		}
		for (int i = 0; i < type.containedTypeCount(); i++) {
			if (!isAllowed(allowed, type.containedType(i))) {
				return false;
			}
		}
		return true;
	}

	/**
	 * What classes are called, found out once for each that may be written.
	 */
	private static final class Names {

		private final AllowedClasses allowed;

		private final JsonStamps stamps = new JsonStamps();

		private final Map<Class<?>, String> names = new ConcurrentHashMap<>();

		Names(AllowedClasses allowed) {
			this.allowed = allowed;
		}

		String get(DatabindContext context, Class<?> type) {
			String name = this.names.get(type);
			if (name == null) {
				if (!isAllowed(this.allowed, type)) {
					throw this.allowed.refusal(type.getName());
				}
				name = type.getName() + this.stamps.of(context, type);
				this.names.put(type, name);
			}
			return name;
		}

	}

	/**
	 * Writes and reads the names of classes, each with a stamp that shows whether it is
	 * still the same.
	 */
	private static final class Resolver extends ClassNameIdResolver {

		@Serial
		private static final long serialVersionUID = 1;

		private final transient Names names;

		Resolver(JavaType baseType, Collection<NamedType> subtypes, PolymorphicTypeValidator validator, Names names) {
			super(baseType, subtypes, validator);
			this.names = names;
		}

		@Override
		protected String _idFrom(DatabindContext context, Object value, Class<?> type) {
			Class<?> named = (value instanceof Enum<?> constant) ? constant.getDeclaringClass() : type;
			String name = this.names.get(context, named);
			Lossy.refuse(value);
			// These name the types of their content, too.
			if (value instanceof EnumMap) {
				JavaType key = this._baseType.getKeyType();
				// As declared, since so is the content written; and an empty one has no
				// key.
				return (key != null && key.isEnumType()) ? context.getTypeFactory()
					.constructMapType(EnumMap.class, key, this._baseType.getContentType())
					.toCanonical() : super._idFrom(context, value, type);
			}
			if (value instanceof EnumSet) {
				JavaType element = this._baseType.getContentType();
				return (element != null && element.isEnumType())
						? context.getTypeFactory().constructCollectionType(EnumSet.class, element).toCanonical()
						: super._idFrom(context, value, type);
			}
			return name;
		}

		@Override
		protected JavaType _typeFromId(DatabindContext context, String id) {
			int end = id.lastIndexOf(JsonStamps.SEPARATOR);
			String plain = (end != -1) ? id.substring(0, end) : id;
			// Jackson asks for the first name of java.util.EnumMap<a.B,c.D> only.
			for (String name : plain.split("[<>,]")) {
				if (!name.isEmpty() && !isAllowedName(this.names.allowed, name)) {
					throw this.names.allowed.refusal(name);
				}
			}
			JavaType type = context.resolveAndValidateSubType(this._baseType, plain, this._subTypeValidator);
			if (type == null) {
				throw new ValueCodecException("There is no class " + plain, null);
			}
			if (!this.names.stamps.of(context, type.getRawClass()).equals(id.substring(plain.length()))) {
				throw new ValueCodecException(plain + " has changed since it was written", null);
			}
			return type;
		}

	}

	/**
	 * Decides on names that annotations of a class introduce, too.
	 */
	private static final class Validator extends PolymorphicTypeValidator {

		@Serial
		private static final long serialVersionUID = 1;

		private final transient AllowedClasses allowed;

		Validator(AllowedClasses allowed) {
			this.allowed = allowed;
		}

		@Override
		public Validity validateBaseType(DatabindContext context, JavaType baseType) {
			return Validity.INDETERMINATE;
		}

		@Override
		public Validity validateSubClassName(DatabindContext context, JavaType baseType, String name) {
			if (!isAllowedName(this.allowed, name)) {
				throw this.allowed.refusal(name);
			}
			return Validity.INDETERMINATE;
		}

		@Override
		public Validity validateSubType(DatabindContext context, JavaType baseType, JavaType type) {
			if (!isAllowed(this.allowed, type)) {
				throw this.allowed.refusal(type.getRawClass().getName());
			}
			return Validity.ALLOWED;
		}

	}

}
