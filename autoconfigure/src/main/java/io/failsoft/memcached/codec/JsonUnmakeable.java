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
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.module.SimpleModule;

/**
 * Final classes that Jackson has no way to make. As what is declared to be one is written
 * without a name, it does not show where there is one; so it is kept in mind which other
 * classes may hold one, {@code null} though it was in those that were read. Thread-safe.
 */
final class JsonUnmakeable extends ValueDeserializerModifier {

	@Serial
	private static final long serialVersionUID = 1;

	private final transient Set<Class<?>> classes = ConcurrentHashMap.newKeySet();

	JacksonModule module() {
		return new SimpleModule("failsoft-memcached-unmakeable").setDeserializerModifier(this);
	}

	@Override
	public ValueDeserializer<?> modifyDeserializer(DeserializationConfig config, BeanDescription.Supplier description,
			ValueDeserializer<?> deserializer) {
		Class<?> type = description.getBeanClass();
		if (Modifier.isFinal(type.getModifiers()) && deserializer instanceof BeanDeserializerBase bean
				&& !isMakeable(type, bean)) {
			this.classes.add(type);
		}
		return deserializer;
	}

	/** Of the JDK's own, fields are out of reach. */
	private static boolean isMakeable(Class<?> type, BeanDeserializerBase bean) {
		return !type.getName().startsWith("java.") && bean.getValueInstantiator().canInstantiate();
	}

	/**
	 * Whether a class declares one of these, or declares others that do.
	 * @param stamps knows what classes declare
	 * @param context a mapper's context
	 * @param type the class
	 * @return whether it may hold one without a name
	 */
	boolean isNamedBy(JsonStamps stamps, DatabindContext context, Class<?> type) {
		return !this.classes.isEmpty() && stamps.named(context, type).stream().anyMatch(this.classes::contains);
	}

}
