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

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.failsoft.memcached.codec.AllowedClasses;
import io.failsoft.memcached.codec.Codecs;
import io.failsoft.memcached.codec.ValueCodec;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.persistence.autoconfigure.EntityScanPackages;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Codecs by their names: a {@link ValueCodec} bean of that name, else one of the built-in
 * ones. Used by one thread, at the start.
 */
final class CodecRegistry {

	private static final int MAX_RESERVED = 255;

	private static final List<String> BUILT_IN = List.of("jdk", "json", "smile");

	private final ConfigurableListableBeanFactory beanFactory;

	private final ClassLoader classLoader;

	private final AllowedClasses allowed;

	private final int maximumSize;

	private final Map<String, ValueCodec> made = new HashMap<>();

	/**
	 * Creates a registry.
	 * @param beanFactory has the application's codecs and knows its packages
	 * @param added the value of {@code memcached.cache.allowed-classes}
	 * @param maximumSize the most bytes that a value of any cache may take
	 * @param environment tells how the property is written
	 * @throws InvalidConfigurationPropertyValueException if a pattern is malformed or too
	 * broad
	 */
	CodecRegistry(ConfigurableListableBeanFactory beanFactory, List<String> added, int maximumSize,
			Environment environment) {
		this.beanFactory = beanFactory;
		ClassLoader loader = beanFactory.getBeanClassLoader();
		this.classLoader = (loader != null) ? loader : CodecRegistry.class.getClassLoader();
		this.maximumSize = maximumSize;
		MemcachedPropertiesCheck.each("memcached.cache.allowed-classes", added, environment,
				(pattern) -> AllowedClasses.of(List.of(pattern)));
		this.allowed = AllowedClasses.of(applicationPackages(beanFactory), added);
	}

	/**
	 * Returns the packages whose classes may be deserialized by default: those of the
	 * application and of its entities.
	 */
	static Set<String> applicationPackages(BeanFactory beanFactory) {
		Set<String> packages = new LinkedHashSet<>();
		if (AutoConfigurationPackages.has(beanFactory)) {
			packages.addAll(AutoConfigurationPackages.get(beanFactory));
		}
		if (ClassUtils.isPresent("org.springframework.boot.persistence.autoconfigure.EntityScanPackages",
				CodecRegistry.class.getClassLoader())) {
			packages.addAll(EntityScan.packages(beanFactory));
		}
		packages.remove("");
		if (packages.isEmpty()) {
			StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
				.walk((frames) -> frames.filter((frame) -> frame.getMethodName().equals("main")).findFirst())
				.map((main) -> main.getDeclaringClass().getPackageName())
				.filter((name) -> !name.isEmpty())
				.ifPresent(packages::add);
		}
		return packages;
	}

	/**
	 * Returns a codec.
	 * @param property the property that names it
	 * @param name its name
	 * @return the codec, the same one for the same name
	 * @throws InvalidConfigurationPropertyValueException if there is none, or its number
	 * is not its own
	 */
	ValueCodec get(String property, String name) {
		return this.made.computeIfAbsent(name, (absent) -> make(property, name));
	}

	private ValueCodec make(String property, String name) {
		Set<String> names = new TreeSet<>(List.of(this.beanFactory.getBeanNamesForType(ValueCodec.class)));
		if (names.contains(name)) {
			return checked(property, name, this.beanFactory.getBean(name, ValueCodec.class));
		}
		names.addAll(BUILT_IN);
		return switch (name) {
			case "jdk" -> Codecs.jdk(this.classLoader, this.allowed, this.maximumSize);
			case "json" -> {
				require("tools.jackson.databind.ObjectMapper", "tools.jackson.core:jackson-databind", property, name);
				yield Codecs.json(this.classLoader, this.allowed);
			}
			case "smile" -> {
				require("tools.jackson.dataformat.smile.SmileMapper",
						"tools.jackson.dataformat:jackson-dataformat-smile", property, name);
				yield Codecs.smile(this.classLoader, this.allowed);
			}
			default -> throw new InvalidConfigurationPropertyValueException(property, name,
					"it names no codec. Use one of " + String.join(", ", names) + ", or declare a bean of type "
							+ ValueCodec.class.getName() + " named '" + name + "'.");
		};
	}

	private void require(String type, String coordinates, String property, String name) {
		if (!ClassUtils.isPresent(type, this.classLoader)) {
			throw new InvalidConfigurationPropertyValueException(property, name,
					"it needs a library that is not on the class path. Add " + coordinates
							+ " to the class path or choose another codec.");
		}
	}

	/** Two codecs of one number would read what the other one wrote. */
	private ValueCodec checked(String property, String name, ValueCodec codec) {
		int id = codec.id();
		Class<?> type = AopProxyUtils.ultimateTargetClass(codec);
		boolean reserved = id >= 0 && id <= MAX_RESERVED;
		if (reserved && type.getPackage() == ValueCodec.class.getPackage()) {
			return codec;
		}
		String change = ". Let " + type.getName() + ".id() return a number of its own, 256 or more. What was written"
				+ " under the present one is a miss from then on.";
		if (reserved) {
			throw new InvalidConfigurationPropertyValueException(property, name, "it names a codec whose id() is " + id
					+ ", which is reserved for the codecs of this library" + change);
		}
		this.made.forEach((other, present) -> {
			if (present.id() == id) {
				throw new InvalidConfigurationPropertyValueException(property, name,
						"it names a codec whose id() is " + id + ", as is that of the codec '" + other + "'" + change);
			}
		});
		return codec;
	}

	/** Loaded only where the library is present. */
	private static final class EntityScan {

		static List<String> packages(BeanFactory beanFactory) {
			return EntityScanPackages.get(beanFactory).getPackageNames();
		}

	}

}
