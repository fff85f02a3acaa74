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

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The primitive types, which {@link Class#forName(String)} does not find.
 */
final class PrimitiveTypes {

	private static final Map<String, Class<?>> TYPES = new HashMap<>();

	static {
		for (Class<?> type : new Class<?>[] { boolean.class, byte.class, char.class, short.class, int.class, long.class,
				float.class, double.class, void.class }) {
			TYPES.put(type.getName(), type);
		}
	}

	private PrimitiveTypes() {
	}

	static boolean isName(String name) {
		return TYPES.containsKey(name);
	}

	static @Nullable Class<?> named(String name) {
		return TYPES.get(name);
	}

}
