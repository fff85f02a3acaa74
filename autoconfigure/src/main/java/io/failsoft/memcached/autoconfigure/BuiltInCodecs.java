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
import java.util.Map;
import java.util.function.Supplier;

import io.failsoft.memcached.codec.AllowedClasses;
import io.failsoft.memcached.codec.Codecs;
import io.failsoft.memcached.codec.ValueCodec;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * The codecs that need no bean, by their names.
 */
final class BuiltInCodecs {

	private BuiltInCodecs() {
	}

	static Map<String, Supplier<ValueCodec>> of(ConfigurableListableBeanFactory beanFactory, List<String> allowed) {
		ClassLoader classLoader = beanFactory.getBeanClassLoader();
		ClassLoader loader = (classLoader != null) ? classLoader : BuiltInCodecs.class.getClassLoader();
		AllowedClasses classes = AllowedClasses.of(allowed);
		return Map.of("jdk", () -> Codecs.jdk(loader, classes));
	}

}
