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

import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;

/**
 * What classes are called where they are written by name, and which names are read.
 * Thread-safe.
 * <p>
 * Jackson builds any class that has a fitting constructor, so of the JDK's and the
 * libraries' classes only the serializable ones are taken by name: {@code java.util} also
 * has one whose constructor truncates a file. And it writes many classes that it cannot
 * build, so of each the first value is read back before it is let out.
 */
final class JsonNames {

	/** Of text these make a class, loaded and initialized, or ask a name server. */
	private static final Set<String> NOT_BY_NAME = Set.of("java.lang.Class", "java.net.InetAddress",
			"java.net.Inet4Address", "java.net.Inet6Address", "java.net.InetSocketAddress");

	private static final Set<Class<?>> OPTIONALS = Set.of(Optional.class, OptionalInt.class, OptionalLong.class,
			OptionalDouble.class);

	private final AllowedClasses allowed;

	private final JsonStamps stamps = new JsonStamps();

	/** Of classes of which a value was read back. */
	private final Map<Class<?>, String> names = new ConcurrentHashMap<>();

	/** Of classes whose objects are numbered on writing. */
	private final Set<String> numbered = ConcurrentHashMap.newKeySet();

	private final JsonUnmakeable unmakeable = new JsonUnmakeable();

	JsonNames(AllowedClasses allowed) {
		this.allowed = allowed;
	}

	/**
	 * Finds the classes that cannot be made, and belongs into the mapper.
	 * @return what to add to the mapper
	 */
	JsonUnmakeable unmakeable() {
		return this.unmakeable;
	}

	/**
	 * The name under which a class is written.
	 * @param context a mapper's context
	 * @param type the class
	 * @return its name and stamp
	 * @throws ValueCodecException if it may not be written
	 * @throws JsonTrial.Needed if none of it was read back, and no trial is under way
	 */
	String of(DatabindContext context, Class<?> type) {
		String name = this.names.get(type);
		return (name != null) ? name : JsonTrial.underWay(context).name(type, () -> compute(context, type));
	}

	private String compute(DatabindContext context, Class<?> type) {
		Class<?> written = JsonStandIns.of(type);
		if (!isAllowed(written)) {
			throw refusal(written.getName());
		}
		String name = written.getName() + this.stamps.of(context, written);
		if (this.stamps.isNumbered(written)) {
			this.numbered.add(name);
		}
		return name;
	}

	/**
	 * Names of classes whose objects are written with numbers or other identifiers that
	 * are made up on writing.
	 * @return those that were written so far
	 */
	Set<String> numbered() {
		return this.numbered;
	}

	/**
	 * A value was read back.
	 * @param trial the classes in it
	 */
	void passed(JsonTrial trial) {
		trial.forEach((context, type, name) -> {
			// It may have been null this time.
			if (!this.unmakeable.isNamedBy(this.stamps, context, type)) {
				this.names.put(type, name);
			}
		});
	}

	/**
	 * Whether a name that was read stands for the class as it is now.
	 * @param context a mapper's context
	 * @param type the class
	 * @param stamp separator and stamp that were read, or nothing
	 * @return whether it has not changed
	 */
	boolean isUnchanged(DatabindContext context, Class<?> type, String stamp) {
		return this.stamps.of(context, type).equals(stamp);
	}

	boolean isAllowedName(String name) {
		return this.allowed.isAllowed(name) && !NOT_BY_NAME.contains(AllowedClasses.elementType(name));
	}

	boolean isAllowed(JavaType type) {
		if (!isAllowed(type.getRawClass())) {
			return false;
		}
		for (int i = 0; i < type.containedTypeCount(); i++) {
			if (!isAllowed(type.containedType(i))) {
				return false;
			}
		}
		return true;
	}

	private boolean isAllowed(Class<?> type) {
		if (type.isArray()) {
			return isAllowed(type.getComponentType());
		}
		if (!isAllowedName(type.getName())) {
			return false;
		}
		return type.isPrimitive() || type.isInterface() || type == Object.class || OPTIONALS.contains(type)
				|| type.getName().equals(StandIns.UNPAGED) || Serializable.class.isAssignableFrom(type)
				|| this.allowed.isAdded(type.getName());
	}

	/**
	 * The exception for a class that is not allowed.
	 * @param name the class's name
	 * @return an exception whose message says what to do
	 */
	ValueCodecException refusal(String name) {
		String element = AllowedClasses.elementType(name);
		return NOT_BY_NAME.contains(element)
				? new ValueCodecException(element + " is never made of the text that Jackson writes of it."
						+ " Set memcached.cache.codec: jdk, or cache a text in its place", null, true)
				: this.allowed.refusal(name);
	}

}
