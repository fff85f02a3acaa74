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

import org.jspecify.annotations.Nullable;

/**
 * A property has a value that cannot be used.
 */
@SuppressWarnings("serial")
final class MemcachedConfigurationException extends RuntimeException {

	private final String property;

	private final @Nullable String value;

	private final String reason;

	private final String action;

	/**
	 * Describe the problem.
	 * @param property the property's full name
	 * @param value its value, or {@code null} if it must not be shown
	 * @param reason why it cannot be used, as the rest of a sentence about the property
	 * @param action what to do about it
	 */
	MemcachedConfigurationException(String property, @Nullable Object value, String reason, String action) {
		super("Property " + property + ((value != null) ? " with value '" + value + "' " : " ") + reason);
		this.property = property;
		this.value = (value != null) ? value.toString() : null;
		this.reason = reason;
		this.action = action;
	}

	String getProperty() {
		return this.property;
	}

	@Nullable String getValue() {
		return this.value;
	}

	String getReason() {
		return this.reason;
	}

	String getAction() {
		return this.action;
	}

}
