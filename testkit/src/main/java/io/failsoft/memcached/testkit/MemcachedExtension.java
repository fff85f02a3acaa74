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

package io.failsoft.memcached.testkit;

import java.util.Optional;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Resolves parameters of constructors, lifecycle methods and test methods: a
 * {@link MemcachedServer} is a real memcached, a {@link FaultProxy} stands before it.
 *
 * <p>
 * The rule: a server is started for the first parameter that asks for it, and there is
 * one for each {@link MemcachedName name} (parameters without a name share one) and test
 * class. It is closed after the class, with its proxy. {@link WithMemcached} on the test
 * class changes what it is started with, or has one for each test method. Nested classes
 * see the servers of the class around them, and its declarations unless they have their
 * own.
 *
 * <p>
 * Test methods that run in parallel and break their server want
 * {@link WithMemcached.Lifetime#METHOD}.
 */
public final class MemcachedExtension implements ParameterResolver, BeforeEachCallback {

	private static final Namespace NAMESPACE = Namespace.create(MemcachedExtension.class);

	/**
	 * Creates the extension. JUnit does that.
	 */
	public MemcachedExtension() {
	}

	@Override
	public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
		return ExtensionContextScope.TEST_METHOD;
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		Class<?> type = parameter.getParameter().getType();
		return type == MemcachedServer.class || type == FaultProxy.class;
	}

	/**
	 * Returns the server or proxy, which is started if it is not there yet.
	 * @throws MemcachedStartException if the server does not start
	 * @throws ParameterResolutionException if a server of a method is asked for where
	 * there is no method
	 */
	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		String name = parameter.findAnnotation(MemcachedName.class).map(MemcachedName::value).orElse("");
		Optional<WithMemcached> declaration = declaration(name, context);
		Fixtures fixtures = fixtures(owner(name, declaration, context));
		return (parameter.getParameter().getType() == FaultProxy.class) ? fixtures.proxy(name, declaration)
				: fixtures.server(name, declaration);
	}

	/**
	 * Repairs what the test before has broken.
	 */
	@Override
	public void beforeEach(ExtensionContext context) {
		Fixtures fixtures = outermostClass(context).getStore(NAMESPACE).get(Fixtures.class, Fixtures.class);
		if (fixtures != null) {
			fixtures.repair();
		}
	}

	private static ExtensionContext owner(String name, Optional<WithMemcached> declaration, ExtensionContext context) {
		boolean perMethod = declaration.map(WithMemcached::lifetime)
			.filter((lifetime) -> lifetime == WithMemcached.Lifetime.METHOD)
			.isPresent();
		if (!perMethod) {
			return outermostClass(context);
		}
		if (context.getTestMethod().isEmpty()) {
			throw new ParameterResolutionException("The memcached \"" + name
					+ "\" lives as long as a test method, and there is none here: ask for it in the test method or in "
					+ "@BeforeEach, or declare it with lifetime = CLASS");
		}
		return context;
	}

	private static ExtensionContext outermostClass(ExtensionContext context) {
		ExtensionContext outermost = context;
		for (ExtensionContext next = context; next.getTestClass().isPresent(); next = next.getParent().orElseThrow()) {
			outermost = next;
		}
		return outermost;
	}

	private static Optional<WithMemcached> declaration(String name, ExtensionContext context) {
		Optional<WithMemcached> unnamed = Optional.empty();
		for (ExtensionContext next = context; next.getTestClass().isPresent(); next = next.getParent().orElseThrow()) {
			for (WithMemcached declaration : AnnotationSupport.findRepeatableAnnotations(next.getRequiredTestClass(),
					WithMemcached.class)) {
				if (declaration.name().equals(name)) {
					return Optional.of(declaration);
				}
				if (declaration.name().isEmpty() && unnamed.isEmpty()) {
					unnamed = Optional.of(declaration);
				}
			}
		}
		return unnamed;
	}

	private static Fixtures fixtures(ExtensionContext owner) {
		Store store = owner.getStore(NAMESPACE);
		return store.computeIfAbsent(Fixtures.class, (key) -> new Fixtures(), Fixtures.class);
	}

}
