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

import java.util.Objects;

import org.springframework.test.util.ReflectionTestUtils;

/**
 * The view by which the decorator is being called that asks.
 *
 * @param view the view
 * @param invocation the invocation it belongs to
 * @param puts whether its operation puts without a read before it
 */
public record CurrentView(Object view, Object invocation, boolean puts) {

	/**
	 * Returns the view of this thread.
	 * @return the view
	 */
	public static CurrentView get() {
		ThreadLocal<?> calling = (ThreadLocal<?>) field(DecoratedCache.class, "CALLING");
		Object view = Objects.requireNonNull(calling.get(), "no invocation");
		return new CurrentView(view, field(view, "invocation"), (boolean) field(view, "puts"));
	}

	private static Object field(Object target, String name) {
		Object value = (target instanceof Class<?> type) ? ReflectionTestUtils.getField(type, name)
				: ReflectionTestUtils.getField(target, name);
		return Objects.requireNonNull(value);
	}

}
