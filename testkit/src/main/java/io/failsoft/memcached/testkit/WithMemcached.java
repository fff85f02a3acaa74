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

package io.failsoft.memcached.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class real memcached servers, through {@link MemcachedExtension
 * parameters} of type {@link MemcachedServer} and {@link FaultProxy}. On a class it says
 * what a server of that name is started with.
 *
 * <pre class="code">
 * &#64;WithMemcached
 * class CitiesTests {
 *
 *     &#64;Test
 *     void survivesADeadCache(MemcachedServer server) {
 *         server.kill();
 *         // ...
 *     }
 *
 * }
 * </pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(WithMemcached.All.class)
@ExtendWith(MemcachedExtension.class)
public @interface WithMemcached {

	/**
	 * The server that this is about, as {@link MemcachedName} calls it.
	 * @return the name; empty for parameters without a name, and for all names that are
	 * not declared on the class
	 */
	String name() default "";

	/**
	 * The lifetime of a server.
	 * @return by default as long as the test class
	 */
	Lifetime lifetime() default Lifetime.CLASS;

	/**
	 * The memory for items, in megabytes.
	 * @return the memory
	 * @see MemcachedServerOptions#withMemoryMegabytes(int)
	 */
	int memoryMegabytes() default 64;

	/**
	 * The largest size of an item, in bytes.
	 * @return the size
	 * @see MemcachedServerOptions#withMaxItemBytes(int)
	 */
	int maxItemBytes() default 1024 * 1024;

	/**
	 * The limit of concurrent connections.
	 * @return the number of connections
	 * @see MemcachedServerOptions#withConnectionLimit(int)
	 */
	int connectionLimit() default 1024;

	/**
	 * The number of worker threads.
	 * @return the number of threads
	 * @see MemcachedServerOptions#withThreads(int)
	 */
	int threads() default 4;

	/**
	 * The port.
	 * @return the port, 0 for one that is free
	 * @see MemcachedServerOptions#withPort(int)
	 */
	int port() default 0;

	/**
	 * The name that clients have to authenticate with.
	 * @return the name, empty for no authentication
	 * @see MemcachedServerOptions#withAuthentication(String, String)
	 */
	String username() default "";

	/**
	 * The password that clients have to authenticate with.
	 * @return the password, empty for no authentication
	 */
	String password() default "";

	/**
	 * Arguments that are appended to memcached's command line.
	 * @return the arguments
	 * @see MemcachedServerOptions#withExtraArguments(String...)
	 */
	String[] extraArguments() default {};

	/**
	 * The lifetime of a server and of the proxy before it.
	 */
	enum Lifetime {

		/**
		 * From the first parameter that asks for it to the end of the test class; nested
		 * classes share it. Before each test method a paused server is resumed, one that
		 * is down is started again (empty), and a proxy is told to pass everything
		 * through. Items stay.
		 */
		CLASS,

		/**
		 * From the first parameter that asks for it to the end of the test method: each
		 * test has its own, empty. Such a server cannot be a parameter of
		 * {@code @BeforeAll} and {@code @AfterAll} methods, nor of the constructor of a
		 * class whose instance all its methods share.
		 */
		METHOD

	}

	/**
	 * Holds several declarations.
	 */
	@Documented
	@Inherited
	@Target(ElementType.TYPE)
	@Retention(RetentionPolicy.RUNTIME)
	@ExtendWith(MemcachedExtension.class)
	@interface All {

		/**
		 * The declarations.
		 * @return one for each name
		 */
		WithMemcached[] value();

	}

}
