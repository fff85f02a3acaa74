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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

import io.failsoft.memcached.codec.ValueCodec;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Finds a {@link ValueCodec} by its name: a bean of that name, else one of the built-in
 * ones.
 */
final class CodecRegistry {

	private static final int MAX_RESERVED = 255;

	private final ListableBeanFactory beanFactory;

	private final Map<String, Supplier<ValueCodec>> builtIn;

	private final Map<String, ValueCodec> made = new LinkedHashMap<>();

	CodecRegistry(ListableBeanFactory beanFactory, Map<String, Supplier<ValueCodec>> builtIn) {
		this.beanFactory = beanFactory;
		this.builtIn = builtIn;
	}

	/**
	 * Find a codec.
	 * @param property the property that names it
	 * @param name its name
	 * @return the codec, the same one for the same name
	 * @throws InvalidConfigurationPropertyValueException if there is none, or its number
	 * is not its own
	 */
	synchronized ValueCodec get(String property, String name) {
		ValueCodec codec = this.made.get(name);
		if (codec == null) {
			codec = make(property, name);
			this.made.put(name, codec);
		}
		return codec;
	}

	private ValueCodec make(String property, String name) {
		TreeSet<String> names = new TreeSet<>();
		for (String bean : this.beanFactory.getBeanNamesForType(ValueCodec.class)) {
			names.add(bean);
		}
		if (names.contains(name)) {
			return checked(property, name, this.beanFactory.getBean(name, ValueCodec.class));
		}
		Supplier<ValueCodec> supplier = this.builtIn.get(name);
		if (supplier == null) {
			names.addAll(this.builtIn.keySet());
			throw new InvalidConfigurationPropertyValueException(property, name,
					"it names no codec. Use one of " + String.join(", ", names) + ", or declare a bean of type "
							+ ValueCodec.class.getName() + " named '" + name + "'.");
		}
		try {
			return supplier.get();
		}
		catch (MissingLibraryException ex) {
			throw new InvalidConfigurationPropertyValueException(property, name,
					"it needs a library that is not on the class path. Add " + ex.getMessage()
							+ " to the class path or choose another codec.");
		}
	}

	/** Two codecs of one number would read what the other one wrote. */
	private ValueCodec checked(String property, String name, ValueCodec codec) {
		int id = codec.id();
		if (isOurs(codec) && id <= MAX_RESERVED) {
			return codec;
		}
		String change = ". Let " + AopProxyUtils.ultimateTargetClass(codec).getName() + ".id() return a number of its"
				+ " own, 256 or more. What was written under the present one is a miss from then on.";
		if (id >= 0 && id <= MAX_RESERVED) {
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

	private static boolean isOurs(ValueCodec codec) {
		return AopProxyUtils.ultimateTargetClass(codec).getPackage() == ValueCodec.class.getPackage();
	}

	/**
	 * A built-in codec needs a library that is not there. The message is its coordinates.
	 */
	@SuppressWarnings("serial")
	static final class MissingLibraryException extends RuntimeException {

		MissingLibraryException(String coordinates) {
			super(coordinates);
		}

	}

}
