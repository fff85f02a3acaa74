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
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;

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
 * Which types are written by name, and which names are read, as {@link JsonNames} knows
 * them.
 */
final class JsonTypes extends DefaultTypeResolverBuilder {

	@Serial
	private static final long serialVersionUID = 1;

	private final transient JsonNames names;

	private final @Nullable Class<?> defaultImplementation;

	JsonTypes(JsonNames names, JsonTypeInfo.As inclusion) {
		this(names, inclusion, null);
	}

	private JsonTypes(JsonNames names, JsonTypeInfo.As inclusion, @Nullable Class<?> defaultImplementation) {
		super(new Validator(names), DefaultTyping.NON_FINAL_AND_ENUMS, inclusion);
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

	/**
	 * Writes and reads the names of classes, each with a stamp that shows whether it is
	 * still the same.
	 */
	private static final class Resolver extends ClassNameIdResolver {

		@Serial
		private static final long serialVersionUID = 1;

		private final transient JsonNames names;

		Resolver(JavaType baseType, Collection<NamedType> subtypes, PolymorphicTypeValidator validator,
				JsonNames names) {
			super(baseType, subtypes, validator);
			this.names = names;
		}

		@Override
		protected String _idFrom(DatabindContext context, Object value, Class<?> type) {
			Class<?> named = (value instanceof Enum<?> constant) ? constant.getDeclaringClass() : type;
			Lossy.refuse(value);
			String name = this.names.of(context, named);
			// These name the types of their content, too.
			if (value instanceof EnumMap<?, ?> map) {
				JavaType key = this._baseType.getKeyType();
				if (key == null || !key.isEnumType()) {
					return map.isEmpty() ? nameOfEmpty(context, value, LinkedHashMap.class)
							: super._idFrom(context, value, type);
				}
				// As declared, since so is the content written.
				return context.getTypeFactory()
					.constructMapType(EnumMap.class, key, this._baseType.getContentType())
					.toCanonical();
			}
			if (value instanceof EnumSet<?> set) {
				JavaType element = this._baseType.getContentType();
				if (element == null || !element.isEnumType()) {
					return set.isEmpty() ? nameOfEmpty(context, value, LinkedHashSet.class)
							: super._idFrom(context, value, type);
				}
				return context.getTypeFactory().constructCollectionType(EnumSet.class, element).toCanonical();
			}
			return name;
		}

		/** Nothing tells the type of the constants that are not there. */
		private String nameOfEmpty(DatabindContext context, Object value, Class<?> other) {
			if (!this._baseType.isTypeOrSuperTypeOf(other)) {
				throw Lossy.refusal(value, "the type of its constants, of which there are none");
			}
			return this.names.of(context, other);
		}

		@Override
		protected JavaType _typeFromId(DatabindContext context, String id) {
			int end = id.lastIndexOf(JsonStamps.SEPARATOR);
			String plain = (end != -1) ? id.substring(0, end) : id;
			// Jackson asks for the first name of java.util.EnumMap<a.B,c.D> only.
			for (String name : plain.split("[<>,]")) {
				if (!name.isEmpty() && !this.names.isAllowedName(name)) {
					throw this.names.refusal(name);
				}
			}
			JavaType type = context.resolveAndValidateSubType(this._baseType, plain, this._subTypeValidator);
			if (type == null) {
				throw new ValueCodecException("There is no class " + plain, null);
			}
			if (!this.names.isUnchanged(context, type.getRawClass(), id.substring(plain.length()))) {
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

		private final transient JsonNames names;

		Validator(JsonNames names) {
			this.names = names;
		}

		@Override
		public Validity validateBaseType(DatabindContext context, JavaType baseType) {
			return Validity.INDETERMINATE;
		}

		@Override
		public Validity validateSubClassName(DatabindContext context, JavaType baseType, String name) {
			if (!this.names.isAllowedName(name)) {
				throw this.names.refusal(name);
			}
			return Validity.INDETERMINATE;
		}

		@Override
		public Validity validateSubType(DatabindContext context, JavaType baseType, JavaType type) {
			if (!this.names.isAllowed(type)) {
				throw this.names.refusal(type.getRawClass().getName());
			}
			return Validity.ALLOWED;
		}

	}

}
