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

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.persistence.autoconfigure.EntityScanPackages;

import static org.assertj.core.api.Assertions.assertThat;

class ApplicationPackagesTests {

	private final DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();

	@Test
	void packagesOfTheApplicationAndItsEntitiesAndThoseAddedAreAllowed() {
		AutoConfigurationPackages.register(this.beanFactory, "com.acme.app");
		EntityScanPackages.register(this.beanFactory, "com.acme.entities");
		assertThat(CodecRegistry.applicationPackages(this.beanFactory)).containsExactly("com.acme.app",
				"com.acme.entities");
	}

	@Test
	void whenThereAreNoPackagesThenThatOfTheMainClassIsAllowed() {
		List<Set<String>> result = new ArrayList<>();
		Main.main(() -> result.add(CodecRegistry.applicationPackages(this.beanFactory)));
		assertThat(result).containsExactly(Set.of(getClass().getPackageName()));
	}

	@Test
	void whenTheApplicationIsInTheDefaultPackageThenNotEverythingIsAllowed() {
		AutoConfigurationPackages.register(this.beanFactory, "");
		assertThat(CodecRegistry.applicationPackages(this.beanFactory)).doesNotContain("");
	}

	private static final class Main {

		static void main(Runnable action) {
			action.run();
		}

	}

}
