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

import java.io.Serial;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DatabindContext;

/**
 * Collects the classes of which nothing was read back yet, while a value with one is
 * written to try that. Jackson writes classes that it has no way to make, and whether it
 * has one is shown by reading alone: there are constructors, factory methods, builders,
 * mix-ins and modules. Not thread-safe.
 */
final class JsonTrial {

	private final Map<Class<?>, String> names = new HashMap<>();

	private @Nullable DatabindContext context;

	/**
	 * The trial that is under way.
	 * @param context the context of what is being written
	 * @return the trial
	 * @throws Needed if there is none
	 */
	static JsonTrial underWay(DatabindContext context) {
		if (!(context.getAttribute(JsonTrial.class) instanceof JsonTrial trial)) {
			throw new Needed();
		}
		trial.context = context;
		return trial;
	}

	String name(Class<?> type, Supplier<String> name) {
		return this.names.computeIfAbsent(type, (key) -> name.get());
	}

	void forEach(Visitor visitor) {
		DatabindContext last = this.context;
		if (last != null) {
			this.names.forEach((type, name) -> visitor.visit(last, type, name));
		}
	}

	/**
	 * Is shown each class of a value.
	 */
	interface Visitor {

		/**
		 * Visit a class.
		 * @param context the context it was written in
		 * @param type the class
		 * @param name the name it was given
		 */
		void visit(DatabindContext context, Class<?> type, String name);

	}

	/**
	 * Ends the writing of a value of which it turns out that it should be tried.
	 */
	static final class Needed extends RuntimeException {

		@Serial
		private static final long serialVersionUID = 1;

		private Needed() {
			super("A value has to be read back first", null, false, false);
		}

	}

}
