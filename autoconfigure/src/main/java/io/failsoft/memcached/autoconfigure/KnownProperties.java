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

import java.beans.PropertyDescriptor;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The names below {@code memcached} that mean something here, as the classes have them
 * that are bound. The metadata is no such source: a jar of jars may have lost it.
 */
final class KnownProperties {

	static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("memcached");

	private static final ConfigurationPropertyName CACHES = ConfigurationPropertyName.of("memcached.cache.caches");

	/** Of a property of one cache: memcached.cache.caches.books.time-to-live. */
	private static final int CACHE_PROPERTY_ELEMENTS = CACHES.getNumberOfElements() + 2;

	private static final Set<ConfigurationPropertyName> GROUPS = new LinkedHashSet<>();

	private static final Set<ConfigurationPropertyName> NAMES = new LinkedHashSet<>();

	/** Each relative to its cache. */
	private static final Set<ConfigurationPropertyName> NAMES_PER_CACHE = new LinkedHashSet<>();

	static {
		collect(PREFIX, MemcachedProperties.class, NAMES);
		collect(ConfigurationPropertyName.EMPTY, MemcachedNamedCacheProperties.class, NAMES_PER_CACHE);
		// Not bound, but looked at: see TlsKeys.
		NAMES.add(ConfigurationPropertyName.of("memcached.ssl.enabled"));
	}

	private KnownProperties() {
	}

	private static void collect(ConfigurationPropertyName prefix, Class<?> type, Set<ConfigurationPropertyName> names) {
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
			if (property.getName().equals("class")) {
				continue;
			}
			ConfigurationPropertyName name = prefix.append(DataObjectPropertyName.toDashedForm(property.getName()));
			Class<?> propertyType = property.getPropertyType();
			if (propertyType != null && !propertyType.isEnum()
					&& propertyType.getPackageName().equals(KnownProperties.class.getPackageName())) {
				GROUPS.add(name);
				collect(name, propertyType, names);
			}
			else {
				names.add(name);
			}
		}
	}

	/**
	 * Whether a name below {@code memcached} is known. What a cache is called is free.
	 */
	static boolean contains(ConfigurationPropertyName name) {
		if (CACHES.isAncestorOf(name)) {
			int elements = name.getNumberOfElements();
			return elements < CACHE_PROPERTY_ELEMENTS || (elements == CACHE_PROPERTY_ELEMENTS
					&& NAMES_PER_CACHE.contains(name.subName(CACHE_PROPERTY_ELEMENTS - 1)));
		}
		ConfigurationPropertyName whole = name.isNumericIndex(name.getNumberOfElements() - 1) ? name.getParent() : name;
		return NAMES.contains(whole) || GROUPS.contains(whole);
	}

	/**
	 * The known name that was probably meant.
	 * @param name a name that is not known
	 * @return a known one that is spelt alike or stands elsewhere, or {@code null}
	 */
	static @Nullable String nearest(ConfigurationPropertyName name) {
		if (!CACHES.isAncestorOf(name)) {
			ConfigurationPropertyName nearest = nearest(name, NAMES);
			return (nearest != null) ? nearest.toString() : null;
		}
		int last = name.getNumberOfElements() - 1;
		ConfigurationPropertyName nearest = nearest(name.subName(last), NAMES_PER_CACHE);
		if (nearest == null) {
			return null;
		}
		int first = CACHES.getNumberOfElements();
		String cache = (last == first + 1) ? name.getElement(first, Form.ORIGINAL)
				: name.chop(last).subName(first).toString();
		return MemcachedPropertiesCheck.cacheProperty(cache) + "." + nearest;
	}

	private static @Nullable ConfigurationPropertyName nearest(ConfigurationPropertyName name,
			Collection<ConfigurationPropertyName> known) {
		String text = uniform(name);
		int best = Math.min(3, Math.max(1, last(name).length() / 4));
		ConfigurationPropertyName nearest = null;
		for (ConfigurationPropertyName candidate : known) {
			int distance = Spelling.distance(text, uniform(candidate));
			if (distance < best || (nearest == null && distance == best)) {
				best = distance;
				nearest = candidate;
			}
		}
		if (nearest != null) {
			return nearest;
		}
		return known.stream().filter((candidate) -> last(candidate).equals(last(name))).findFirst().orElse(null);
	}

	private static String last(ConfigurationPropertyName name) {
		return name.getLastElement(Form.UNIFORM);
	}

	private static String uniform(ConfigurationPropertyName name) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			text.append('.').append(name.getElement(i, Form.UNIFORM));
		}
		return text.toString();
	}

	/**
	 * The known properties that are set, also by environment variables.
	 * @param environment the environment
	 * @return their names
	 */
	static List<String> set(Environment environment) {
		Set<String> found = new LinkedHashSet<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			Predicate<ConfigurationPropertyName> isSet = (name) -> source.getConfigurationProperty(name) != null;
			NAMES.stream()
				.filter((name) -> isSet.test(name) || isSet.test(name.append("[0]")))
				.forEach((name) -> found.add(name.toString()));
			if (!isSystemEnvironment(source)
					&& source.containsDescendantOf(CACHES) == ConfigurationPropertyState.PRESENT) {
				found.add(CACHES.toString());
			}
		}
		return List.copyOf(found);
	}

	/**
	 * Whether others write there too: Kubernetes sets {@code MEMCACHED_PORT} and more for
	 * a service named {@code memcached}.
	 */
	static boolean isSystemEnvironment(ConfigurationPropertySource source) {
		return source.getUnderlyingSource() instanceof PropertySource<?> underlying
				&& (underlying instanceof SystemEnvironmentPropertySource
						|| underlying.getName().endsWith("systemEnvironment"));
	}

}
