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

package io.failsoft.memcached;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the packages to the directions that the design gives them.
 */
class ArchitectureTests {

	private static final String ROOT = "io.failsoft.memcached";

	private static final JavaClasses classes = new ClassFileImporter()
		.importUrl(MemcachedCacheManager.class.getProtectionDomain().getCodeSource().getLocation());

	@Test
	void dependenciesPointOneWay() {
		Architectures.layeredArchitecture()
			.consideringOnlyDependenciesInAnyPackage(ROOT + "..")
			.layer("autoconfigure")
			.definedBy(ROOT + ".autoconfigure..")
			.optionalLayer("features")
			.definedBy(ROOT + ".health..", ROOT + ".metrics..", ROOT + ".actuate..", ROOT + ".observation..",
					ROOT + ".docker..", ROOT + ".testcontainers..")
			.layer("cache")
			.definedBy(ROOT + ".cache..")
			.layer("consistency")
			.definedBy(ROOT + ".consistency..")
			.layer("local")
			.definedBy(ROOT + ".local..")
			.layer("client")
			.definedBy(ROOT + ".client..")
			.layer("codec")
			.definedBy(ROOT + ".codec..")
			.whereLayer("autoconfigure")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("features")
			.mayOnlyBeAccessedByLayers("autoconfigure")
			.whereLayer("cache")
			.mayOnlyBeAccessedByLayers("autoconfigure", "features")
			.whereLayer("consistency")
			.mayOnlyBeAccessedByLayers("autoconfigure", "features", "cache")
			.whereLayer("local")
			.mayOnlyBeAccessedByLayers("autoconfigure", "features", "cache")
			.whereLayer("client")
			.mayOnlyBeAccessedByLayers("autoconfigure", "features", "cache", "consistency", "local")
			.whereLayer("codec")
			.mayOnlyBeAccessedByLayers("autoconfigure", "cache", "consistency")
			.ensureAllClassesAreContainedInArchitecture()
			.check(classes);
	}

	@Test
	void packagesHaveNoCycles() {
		SlicesRuleDefinition.slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(classes);
	}

	@ParameterizedTest
	@ValueSource(strings = { "client", "codec", "consistency", "local" })
	void whatIsBelowTheCacheKnowsNothingOfSpringsCacheAbstraction(String name) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ROOT + "." + name + "..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.cache..", "org.springframework.boot.cache..")
			.check(classes);
	}

	@Test
	void typesOfTheMemcachedClientStopAtTheClientPackage() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage(ROOT + ".client..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("net.rubyeye..", "com.google.code.yanf4j..")
			.check(classes);
	}

	@Test
	void typesOfCaffeineStopAtTheLocalPackage() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage(ROOT + ".local..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("com.github.benmanes..")
			.check(classes);
	}

	@Test
	void springBootStaysOutOfTheCacheTheConsistencyAndTheCodecs() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAnyPackage(ROOT + ".cache..", ROOT + ".consistency..", ROOT + ".codec..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.boot..")
			.check(classes);
	}

	@Test
	void theRulesSawAllPackages() {
		assertThat(classes.stream().map((type) -> type.getPackageName().replace(ROOT + ".", "").split("\\.")[0]))
			.contains("autoconfigure", "cache", "client", "codec", "consistency", "local");
	}

}
