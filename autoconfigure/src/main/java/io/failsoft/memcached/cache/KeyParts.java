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

package io.failsoft.memcached.cache;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.core.KotlinDetector;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Sort;
import org.springframework.data.domain.Sort.Order;
import org.springframework.util.ReflectionUtils;

/**
 * The parts by which the keys of a class count, where these are all that its
 * {@code equals} compares: records, data classes of Kotlin, and a few classes of the JDK,
 * Spring and Spring Data. Found out once per class. Immutable.
 *
 * @param tag tells the class from others
 * @param reader reads the parts of an instance
 */
record KeyParts(String tag, Reader reader) {

	private static final @Nullable Field PARAMETERS = ReflectionUtils.findField(SimpleKey.class, null, Object[].class);

	private static final Pattern ESCAPE = Pattern.compile("%..");

	private static final Map<Class<?>, KeyParts> LISTED = Map.of(Optional.class,
			new KeyParts("O", (key) -> ((Optional<?>) key).stream().toList()), OptionalInt.class,
			new KeyParts("Oi", (key) -> ((OptionalInt) key).stream().boxed().toList()), OptionalLong.class,
			new KeyParts("Ol", (key) -> ((OptionalLong) key).stream().boxed().toList()), OptionalDouble.class,
			new KeyParts("Od", (key) -> ((OptionalDouble) key).stream().boxed().toList()), Locale.class,
			new KeyParts("o:java.util.Locale", (key) -> locale((Locale) key)), URI.class,
			new KeyParts("o:java.net.URI", (key) -> uri((URI) key)));

	private static final ClassValue<@Nullable KeyParts> CLASSES = new ClassValue<>() {

		@Override
		protected @Nullable KeyParts computeValue(Class<?> type) {
			try {
				return find(type);
			}
			catch (ReflectiveOperationException | RuntimeException ex) {
				throw new CanonicalForm.RefusedException(type.getName()
						+ " cannot be read as a cache key; open its package for reflection, or use a String as key",
						ex);
			}
		}

	};

	/**
	 * Returns the parts by which a class counts.
	 * @param type the class
	 * @return the parts, or {@code null} if it does not count by any
	 * @throws IllegalArgumentException if it has parts that cannot be read
	 */
	static @Nullable KeyParts of(Class<?> type) {
		return CLASSES.get(type);
	}

	private static @Nullable KeyParts find(Class<?> type) throws ReflectiveOperationException {
		if (type == SimpleKey.class && PARAMETERS != null) {
			PARAMETERS.setAccessible(true);
			return new KeyParts("k",
					(key) -> Arrays.asList((@Nullable Object[]) ReflectionUtils.getField(PARAMETERS, key)));
		}
		KeyParts listed = LISTED.get(type);
		if (listed != null) {
			return listed;
		}
		Reader reader = null;
		if (KotlinDetector.isKotlinType(type)) {
			reader = dataClassComponents(type);
		}
		else if (type.isRecord()) {
			reader = recordFields(type);
		}
		else if (type.getName().startsWith("org.springframework.data.domain.")) {
			reader = Pages.reader(type);
		}
		return (reader != null) ? new KeyParts("r:" + CanonicalForm.name(type.getName()), reader) : null;
	}

	private static List<String> locale(Locale locale) {
		return Stream
			.concat(Stream.of(locale.getLanguage(), locale.getCountry(), locale.getVariant(), locale.getScript()),
					locale.getExtensionKeys().stream().sorted().map((key) -> key + "-" + locale.getExtension(key)))
			.toList();
	}

	/**
	 * Returns the form in which {@code equals} compares: scheme, host and escapes in any
	 * case.
	 */
	private static List<@Nullable String> uri(URI uri) {
		@Nullable String[] parts = { lower(uri.getScheme()), lower(uri.getHost()), Integer.toString(uri.getPort()),
				uri.isOpaque() ? uri.getRawSchemeSpecificPart() : null,
				(uri.getHost() != null) ? uri.getRawUserInfo() : uri.getRawAuthority(), uri.getRawPath(),
				uri.getRawQuery(), uri.getRawFragment() };
		return Arrays.stream(parts)
			.map((part) -> (part != null) ? ESCAPE.matcher(part).replaceAll((escape) -> lower(escape.group())) : null)
			.toList();
	}

	private static @Nullable String lower(@Nullable String text) {
		return (text != null) ? text.toLowerCase(Locale.ROOT) : null;
	}

	/**
	 * Returns a reader of a record's fields, which its {@code equals} compares. An
	 * accessor may be overridden and tell less; so may {@code equals}, but the one that
	 * the compiler generates is final.
	 */
	private static @Nullable Reader recordFields(Class<?> type) throws ReflectiveOperationException {
		List<Field> fields = new ArrayList<>();
		for (RecordComponent component : type.getRecordComponents()) {
			Field field = type.getDeclaredField(component.getName());
			field.setAccessible(true);
			fields.add(field);
		}
		boolean generated = Modifier.isFinal(type.getDeclaredMethod("equals", Object.class).getModifiers());
		return generated ? (key) -> map(fields, (field) -> ReflectionUtils.getField(field, key)) : null;
	}

	/**
	 * Returns a reader of a Kotlin data class, which has {@code component1()} and so on
	 * for what its {@code equals} compares, unless that is overridden, which does not
	 * show. Other classes may have such methods, but no {@code copy} of the same types.
	 */
	private static @Nullable Reader dataClassComponents(Class<?> type) {
		Method[] methods = type.getDeclaredMethods();
		List<Method> components = new ArrayList<>();
		List<Class<?>> types = new ArrayList<>();
		Method component = method(methods, "component1", types);
		while (component != null) {
			component.setAccessible(true);
			components.add(component);
			types.add(component.getReturnType());
			component = method(methods, "component" + (types.size() + 1), List.of());
		}
		boolean data = !types.isEmpty() && method(methods, "copy", types) != null;
		return data ? (key) -> map(components, (method) -> ReflectionUtils.invokeMethod(method, key)) : null;
	}

	/**
	 * Finds a method, whose name Kotlin may have mangled.
	 */
	private static @Nullable Method method(Method[] methods, String name, List<Class<?>> parameters) {
		for (Method method : methods) {
			String found = method.getName();
			boolean named = found.equals(name) || found.startsWith(name + "-") || found.startsWith(name + "$");
			if (named && !Modifier.isStatic(method.getModifiers())
					&& parameters.equals(Arrays.asList(method.getParameterTypes()))) {
				return method;
			}
		}
		return null;
	}

	private static <T> List<? extends @Nullable Object> map(List<T> members, Function<T, @Nullable Object> value) {
		@Nullable Object[] parts = new @Nullable Object[members.size()];
		for (int i = 0; i < parts.length; i++) {
			parts[i] = value.apply(members.get(i));
		}
		return Arrays.asList(parts);
	}

	/** Reads the parts of a key, of which any may be {@code null}. */
	interface Reader extends Function<Object, List<? extends @Nullable Object>> {

	}

	/** The classes of Spring Data, apart as they may be absent. */
	private static final class Pages {

		static @Nullable Reader reader(Class<?> type) {
			if (type == Sort.class) {
				return (key) -> ((Sort) key).stream().map(Pages::order).toList();
			}
			if (type == PageRequest.class) {
				return (key) -> List.of(((PageRequest) key).getPageNumber(), ((PageRequest) key).getPageSize(),
						((PageRequest) key).getSort());
			}
			return type.getName().equals("org.springframework.data.domain.Unpaged")
					? (key) -> List.of(((Pageable) key).getSort()) : null;
		}

		private static Object order(Order order) {
			return (order.getClass() != Order.class) ? order : List.of(order.getProperty(), order.getDirection().name(),
					order.isIgnoreCase(), order.getNullHandling().name());
		}

	}

	/**
	 * The field that a native image must keep. Records that serve as keys have to be
	 * registered by the application.
	 */
	static class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			if (PARAMETERS != null) {
				hints.reflection().registerField(PARAMETERS);
			}
		}

	}

}
