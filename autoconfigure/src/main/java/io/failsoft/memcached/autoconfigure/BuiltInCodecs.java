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

package io.failsoft.memcached.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.failsoft.memcached.codec.AllowedClasses;
import io.failsoft.memcached.codec.Codecs;
import io.failsoft.memcached.codec.ValueCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * The codecs that need no bean, by their names.
 */
final class BuiltInCodecs {

	private static final String JACKSON = "tools.jackson.databind.ObjectMapper";

	private static final String SMILE = "tools.jackson.dataformat.smile.SmileMapper";

	private BuiltInCodecs() {
	}

	/**
	 * The codecs, made only when they are asked for.
	 * @param classLoader the application's class loader
	 * @param allowed patterns of what may be deserialized
	 * @param maximumSize the most bytes that a value of any cache may take
	 * @return suppliers by name
	 */
	static Map<String, Supplier<ValueCodec>> of(@Nullable ClassLoader classLoader, AllowedClasses allowed,
			int maximumSize) {
		ClassLoader loader = (classLoader != null) ? classLoader : BuiltInCodecs.class.getClassLoader();
		return Map.of("jdk", () -> Codecs.jdk(loader, allowed, maximumSize), "json", () -> json(loader, allowed),
				"smile", () -> smile(loader, allowed));
	}

	private static ValueCodec json(ClassLoader loader, AllowedClasses allowed) {
		if (!ClassUtils.isPresent(JACKSON, loader)) {
			throw new CodecRegistry.MissingLibraryException("tools.jackson.core:jackson-databind");
		}
		return Codecs.json(loader, allowed);
	}

	private static ValueCodec smile(ClassLoader loader, AllowedClasses allowed) {
		if (!ClassUtils.isPresent(SMILE, loader) || !ClassUtils.isPresent(JACKSON, loader)) {
			throw new CodecRegistry.MissingLibraryException("tools.jackson.dataformat:jackson-dataformat-smile");
		}
		return Codecs.smile(loader, allowed);
	}

	/**
	 * Turns patterns into what they allow.
	 * @param packages the application's own packages
	 * @param added the value of {@code memcached.cache.allowed-classes}
	 * @param environment tells how the property is written
	 * @return the allowed classes
	 * @throws InvalidConfigurationPropertyValueException if a pattern is malformed or too
	 * broad
	 */
	static AllowedClasses allowed(List<String> packages, List<String> added, Environment environment) {
		AllowedClasses.Builder builder = AllowedClasses.builder();
		packages.forEach(builder::allowPackage);
		for (int i = 0; i < added.size(); i++) {
			try {
				builder.allow(added.get(i));
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidConfigurationPropertyValueException(
						MemcachedPropertiesCheck.entry("memcached.cache.allowed-classes", i, environment), added.get(i),
						ex.getMessage() + ".");
			}
		}
		return builder.build();
	}

}
