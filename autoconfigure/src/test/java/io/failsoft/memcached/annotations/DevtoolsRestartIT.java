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

package io.failsoft.memcached.annotations;

import java.lang.reflect.Constructor;
import java.net.URL;
import java.util.concurrent.Callable;

import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.WithMemcached;
import org.junit.jupiter.api.Test;

import org.springframework.boot.devtools.restart.classloader.RestartClassLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * After a restart by the devtools the application's classes are new ones, of another
 * class loader, while this library and memcached's entries are the old ones.
 */
@WithMemcached
class DevtoolsRestartIT {

	@Test
	void whatWasCachedBeforeARestartIsOfTheNewClassesAfterIt(MemcachedServer server) throws Exception {
		assertThat(run(server)).isEqualTo("Book[isbn=1, edition=1] after 1 calls");
		assertThat(run(server)).isEqualTo("Book[isbn=1, edition=1] after 0 calls");
	}

	private static Object run(MemcachedServer server) throws Exception {
		ClassLoader outer = Thread.currentThread().getContextClassLoader();
		URL application = Book.class.getProtectionDomain().getCodeSource().getLocation();
		try (RestartClassLoader loader = new RestartClassLoader(outer, new URL[] { application })) {
			Thread.currentThread().setContextClassLoader(loader);
			Class<?> type = Class.forName(Run.class.getName(), true, loader);
			assertThat(type).isNotEqualTo(Run.class);
			Constructor<?> constructor = type.getDeclaredConstructor(MemcachedServer.class);
			constructor.setAccessible(true);
			return ((Callable<?>) constructor.newInstance(server)).call();
		}
		finally {
			Thread.currentThread().setContextClassLoader(outer);
		}
	}

	/**
	 * One run of the application, loaded by a class loader of its own.
	 */
	static final class Run implements Callable<String> {

		private final MemcachedServer server;

		Run(MemcachedServer server) {
			this.server = server;
		}

		@Override
		public String call() {
			try (Bookshop shop = Bookshop.on(this.server)) {
				Book book = shop.bean(Books.class).findByProperty(new Book("1", 0));
				return book + " after " + shop.calls().count() + " calls";
			}
		}

	}

}
