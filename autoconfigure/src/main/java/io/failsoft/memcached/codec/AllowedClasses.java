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

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.springframework.util.ClassUtils;

/**
 * The classes that may be written to and read from a cache. Immutable and thread-safe.
 * <p>
 * Bytes in a cache come from whoever can reach the server. Deserializing a class runs
 * code of that class, so only classes that are named here are ever deserialized: the
 * value types of the JDK, those of Spring Data, Hibernate and Kotlin that entities and
 * pages drag in, and what is added with {@link #of(Collection)}. Lambdas and proxies stay
 * refused, whatever is added.
 */
public final class AllowedClasses {

	private static final Pattern ARRAY = Pattern.compile("^\\[+(?:L(.+);|[ZBCSIJFD])$");

	/** The name of a class or package. */
	private static final Pattern NAME = Pattern.compile("\\p{javaJavaIdentifierStart}[\\p{javaJavaIdentifierPart}-]*"
			+ "(\\.\\p{javaJavaIdentifierStart}[\\p{javaJavaIdentifierPart}-]*)*");

	/** Their classes are named one by one: the JDK's are used in most known attacks. */
	private static final List<String> NEVER_BY_PATTERN = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

	/** Whole families of libraries, some of which are used in known attacks. */
	private static final Set<String> TOO_BROAD = Set.of("com.alibaba", "com.fasterxml", "com.google", "com.mchange",
			"com.mysql", "com.zaxxer", "ch.qos", "net.sf", "oracle.jdbc", "org.apache", "org.apache.commons",
			"org.apache.logging", "org.aspectj", "org.codehaus", "org.eclipse", "org.hibernate", "org.jboss",
			"org.postgresql", "org.springframework");

	private final List<Predicate<String>> added;

	private AllowedClasses(List<Predicate<String>> added) {
		this.added = added;
	}

	/**
	 * Returns the classes that are always allowed, and some more.
	 * @param patterns {@code com.acme.Foo} for a class (with {@code $} for one within
	 * another), {@code com.acme.*} for those of a package, {@code com.acme.**} for those
	 * of the packages below it too
	 * @return the allowed classes
	 * @throws IllegalArgumentException if a pattern is none of these, or allows more than
	 * an application can vouch for, as {@code org.**} does
	 */
	public static AllowedClasses of(Collection<String> patterns) {
		return of(List.of(), patterns);
	}

	/**
	 * Returns the classes that are always allowed, those of the application and some
	 * more.
	 * @param packages packages of the application, however short their names are; those
	 * below them count too
	 * @param patterns see {@link #of(Collection)}
	 * @return the allowed classes
	 * @throws IllegalArgumentException if a pattern cannot be used
	 */
	public static AllowedClasses of(Collection<String> packages, Collection<String> patterns) {
		return new AllowedClasses(Stream
			.concat(packages.stream().map(AllowedClasses::below), patterns.stream().map(AllowedClasses::pattern))
			.toList());
	}

	private static Predicate<String> below(String name) {
		return (className) -> className.startsWith(name + ".");
	}

	private static Predicate<String> pattern(String pattern) {
		String text = pattern.trim();
		if (text.endsWith(".**")) {
			return below(narrow(pattern, text.substring(0, text.length() - 3)));
		}
		if (text.endsWith(".*")) {
			String name = narrow(pattern, text.substring(0, text.length() - 2));
			return (className) -> ClassUtils.getPackageName(className).equals(name);
		}
		return checked(pattern, text)::equals;
	}

	private static String narrow(String pattern, String name) {
		if (checked(pattern, name).indexOf('.') < 0 || TOO_BROAD.contains(name)
				|| NEVER_BY_PATTERN.stream().anyMatch((name + ".")::startsWith)) {
			throw new IllegalArgumentException("'" + pattern + "' allows classes that are used in attacks by"
					+ " deserialization; name the classes that are cached, or a narrower package, as com.acme.**");
		}
		return name;
	}

	private static String checked(String pattern, String name) {
		if (!NAME.matcher(name).matches()) {
			throw new IllegalArgumentException("'" + pattern + "' does not name classes; write com.acme.Foo,"
					+ " com.acme.* for a package, or com.acme.** for a package and those below it");
		}
		return name;
	}

	/**
	 * Returns whether a class is allowed.
	 * @param className a class's name as {@link Class#getName()} gives it; of an array,
	 * the type of its elements counts
	 * @return whether it is allowed
	 */
	public boolean isAllowed(String className) {
		String name = elementType(className);
		return name.isEmpty() ? !className.isEmpty() : !isCode(name)
				&& (DefaultClasses.contains(name) || this.added.stream().anyMatch((pattern) -> pattern.test(name)));
	}

	private static boolean isCode(String name) {
		return name.equals("java.lang.invoke.SerializedLambda") || name.contains("$$Lambda")
				|| name.contains(".$Proxy");
	}

	/**
	 * Returns the name of what an array consists of.
	 * @param className the name of a class
	 * @return the name of the innermost type, empty for a primitive one
	 */
	static String elementType(String className) {
		String name = ARRAY.matcher(className).replaceFirst("$1");
		return (ClassUtils.resolvePrimitiveClassName(name) != null) ? "" : name;
	}

	/**
	 * Returns the exception for a class that is not allowed.
	 * @param className the class's name
	 * @return an exception whose message says what to do
	 */
	ValueCodecException refusal(String className) {
		String name = elementType(className);
		if (isCode(name)) {
			return new ValueCodecException(
					name + " is never cached, as it is a lambda or a proxy. Cache a value without it", null, true);
		}
		return new ValueCodecException(name + " is not among the classes that may be cached."
				+ " If it is harmless to deserialize, add it to application.yml: memcached.cache.allowed-classes: "
				+ name, null, true);
	}

}
