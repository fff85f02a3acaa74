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
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

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

	private final transient AllowedClasses allowed;

	private final transient JsonStamps stamps;

	private final @Nullable Class<?> defaultImplementation;

	JsonTypes(AllowedClasses allowed) {
		this(allowed, new JsonStamps(), null);
	}

	private JsonTypes(AllowedClasses allowed, JsonStamps stamps, @Nullable Class<?> defaultImplementation) {
		super(new Validator(allowed), DefaultTyping.NON_FINAL_AND_ENUMS, JsonTypeInfo.As.WRAPPER_ARRAY);
		this.allowed = allowed;
		this.stamps = stamps;
		this.defaultImplementation = defaultImplementation;
		this._defaultImpl = defaultImplementation;
	}

	PolymorphicTypeValidator validator() {
		return this._subtypeValidator;
	}

	@Override
	public JsonTypes withDefaultImpl(@Nullable Class<?> defaultImplementation) {
		return (this.defaultImplementation == defaultImplementation) ? this
				: new JsonTypes(this.allowed, this.stamps, defaultImplementation);
	}

	@Override
	protected TypeIdResolver idResolver(DatabindContext context, JavaType baseType, PolymorphicTypeValidator validator,
			Collection<NamedType> subtypes, boolean serialization, boolean deserialization) {
		return new Resolver(baseType, subtypes, validator, this.allowed, this.stamps);
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
				|| Serializable.class.isAssignableFrom(type) || allowed.isAdded(type.getName());
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
	 * Writes and reads the names of classes, each with a stamp that shows whether it is
	 * still the same.
	 */
	private static final class Resolver extends ClassNameIdResolver {

		@Serial
		private static final long serialVersionUID = 1;

		private final transient AllowedClasses allowed;

		private final transient JsonStamps stamps;

		Resolver(JavaType baseType, Collection<NamedType> subtypes, PolymorphicTypeValidator validator,
				AllowedClasses allowed, JsonStamps stamps) {
			super(baseType, subtypes, validator);
			this.allowed = allowed;
			this.stamps = stamps;
		}

		@Override
		protected String _idFrom(DatabindContext context, Object value, Class<?> type) {
			Class<?> named = (value instanceof Enum<?> constant) ? constant.getDeclaringClass() : type;
			if (!isAllowed(this.allowed, named)) {
				throw this.allowed.refusal(named.getName());
			}
			return super._idFrom(context, value, type) + this.stamps.of(context, named);
		}

		@Override
		protected JavaType _typeFromId(DatabindContext context, String id) {
			int end = id.lastIndexOf(JsonStamps.SEPARATOR);
			String names = (end != -1) ? id.substring(0, end) : id;
			// Jackson asks for the first name of java.util.EnumMap<a.B,c.D> only.
			for (String name : names.split("[<>,]")) {
				if (!name.isEmpty() && !isAllowedName(this.allowed, name)) {
					throw this.allowed.refusal(name);
				}
			}
			JavaType type = context.resolveAndValidateSubType(this._baseType, names, this._subTypeValidator);
			if (type == null) {
				throw new ValueCodecException("There is no class " + names, null);
			}
			if (!this.stamps.of(context, type.getRawClass()).equals(id.substring(names.length()))) {
				throw new ValueCodecException(names + " has changed since it was written", null);
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
