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

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.ReflectionUtils;

/**
 * Reads the parameters of a {@link SimpleKey}, which has no accessor for them and whose
 * {@code toString()} is ambiguous: {@code ("a, b")} reads like {@code ("a", "b")}.
 */
final class SimpleKeyParameters {

	static final String FIELD_NAME = "params";

	private static final @Nullable Field FIELD = field();

	private SimpleKeyParameters() {
	}

	private static @Nullable Field field() {
		try {
			Field field = ReflectionUtils.findField(SimpleKey.class, FIELD_NAME, Object[].class);
			if (field != null) {
				field.setAccessible(true);
			}
			return field;
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	static @Nullable Object[] of(SimpleKey key) {
		if (FIELD != null && ReflectionUtils.getField(FIELD, key) instanceof @Nullable Object[] parameters) {
			return parameters;
		}
		return viaSerialization(key);
	}

	/**
	 * Serialize a key and listen: works wherever its field cannot be read.
	 * @param key the key
	 * @return its parameters, which need not be serializable
	 */
	static @Nullable Object[] viaSerialization(SimpleKey key) {
		try (Listener listener = new Listener(key)) {
			listener.writeObject(key);
			@Nullable Object[] parameters = listener.parameters;
			if (parameters != null) {
				return parameters;
			}
		}
		catch (IOException ex) {
			throw unreadable(ex);
		}
		throw unreadable(null);
	}

	private static CacheKeyException unreadable(@Nullable Exception cause) {
		return new CacheKeyException(null, "The parameters of a SimpleKey cannot be read; open the package "
				+ SimpleKey.class.getPackageName() + " for reflection, or set the key of the cache operation yourself",
				cause);
	}

	private static final class Listener extends ObjectOutputStream {

		private final SimpleKey key;

		private @Nullable Object @Nullable [] parameters;

		Listener(SimpleKey key) throws IOException {
			super(OutputStream.nullOutputStream());
			this.key = key;
			enableReplaceObject(true);
		}

		@Override
		protected @Nullable Object replaceObject(@Nullable Object object) {
			if (object == this.key) {
				return object;
			}
			if (object instanceof @Nullable Object[] array && this.parameters == null) {
				this.parameters = array;
			}
			return null;
		}

	}

}
