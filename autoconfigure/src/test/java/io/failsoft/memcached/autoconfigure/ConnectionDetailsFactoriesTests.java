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

import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.OverridingClassLoader;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The factories of connection details as Boot loads them, with and without the libraries
 * that they are for.
 */
class ConnectionDetailsFactoriesTests {

	private static final String COMPOSE = "MemcachedDockerComposeConnectionDetailsFactory";

	private static final String CONTAINER = "MemcachedContainerConnectionDetailsFactory";

	@Test
	void whenBothLibrariesAreThereThenBothFactoriesAreFound() {
		assertThat(factories(getClass().getClassLoader())).contains(COMPOSE, CONTAINER);
	}

	@Test
	void whenOneLibraryIsMissingThenTheOtherIsServedAllTheSame() {
		assertThat(factories(without("org.testcontainers", "org.springframework.boot.testcontainers")))
			.contains(COMPOSE)
			.doesNotContain(CONTAINER);
		assertThat(factories(without("org.springframework.boot.docker"))).contains(CONTAINER).doesNotContain(COMPOSE);
	}

	/**
	 * A class loader that has the factories of its own, so that what they extend is
	 * looked for where it is missing.
	 */
	private static ClassLoader without(String... packages) {
		return new OverridingClassLoader(new FilteredClassLoader(packages)) {

			@Override
			protected boolean isEligibleForOverriding(String className) {
				return className.contains("ConnectionDetailsFactory") && className.startsWith("io.failsoft.");
			}

		};
	}

	private static List<String> factories(ClassLoader classLoader) {
		FailureHandler failures = FailureHandler.logging(LogFactory.getLog(ConnectionDetailsFactoriesTests.class));
		return SpringFactoriesLoader.forDefaultResourceLocation(classLoader)
			.load(ConnectionDetailsFactory.class, failures)
			.stream()
			.map((factory) -> factory.getClass().getSimpleName())
			.toList();
	}

}
