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

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.persistence.autoconfigure.EntityScanPackages;
import org.springframework.util.ClassUtils;

/**
 * Tells which classes may be deserialized by default: those of the application and of its
 * entities.
 */
final class AllowedPatterns {

	private AllowedPatterns() {
	}

	/**
	 * Collects the packages.
	 * @param beanFactory knows the application's packages
	 * @return their names; the packages below them are meant too
	 */
	static List<String> of(BeanFactory beanFactory) {
		Set<String> packages = new LinkedHashSet<>();
		if (AutoConfigurationPackages.has(beanFactory)) {
			packages.addAll(AutoConfigurationPackages.get(beanFactory));
		}
		if (ClassUtils.isPresent("org.springframework.boot.persistence.autoconfigure.EntityScanPackages",
				AllowedPatterns.class.getClassLoader())) {
			packages.addAll(EntityScan.packages(beanFactory));
		}
		packages.remove("");
		if (packages.isEmpty()) {
			Class<?> main = mainClass();
			if (main != null && !main.getPackageName().isEmpty()) {
				packages.add(main.getPackageName());
			}
		}
		return List.copyOf(packages);
	}

	private static @Nullable Class<?> mainClass() {
		return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
			.walk((frames) -> frames.filter((frame) -> frame.getMethodName().equals("main"))
				.<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
				.findFirst()
				.orElse(null));
	}

	private static final class EntityScan {

		static List<String> packages(BeanFactory beanFactory) {
			return EntityScanPackages.get(beanFactory).getPackageNames();
		}

	}

}
