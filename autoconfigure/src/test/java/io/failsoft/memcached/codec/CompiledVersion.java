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

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.persistence.Entity;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One version of an application's classes, compiled and loaded by a class loader of its
 * own.
 */
final class CompiledVersion implements AutoCloseable {

	private final boolean old;

	private final URLClassLoader classLoader;

	private CompiledVersion(boolean old, URLClassLoader classLoader) {
		this.old = old;
		this.classLoader = classLoader;
	}

	/**
	 * Compile all classes of a version.
	 * @param old whether it is the version before the changes
	 * @param directory where the classes go
	 * @return the version
	 */
	static CompiledVersion compile(boolean old, Path directory) throws IOException, URISyntaxException {
		List<Source> sources = new ArrayList<>();
		for (ClassChange change : ClassChange.values()) {
			sources.add(new Source(change.name(old), change.source(old)));
		}
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		String libraries = library(Entity.class) + File.pathSeparator + library(JsonTypeInfo.class);
		boolean compiled = compiler
			.getTask(null, null, null, List.of("-d", directory.toString(), "-classpath", libraries, "-proc:none"), null,
					sources)
			.call();
		assertThat(compiled).isTrue();
		return new CompiledVersion(old,
				new URLClassLoader(new URL[] { directory.toUri().toURL() }, CompiledVersion.class.getClassLoader()));
	}

	private static String library(Class<?> type) throws URISyntaxException {
		return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI()).getPath();
	}

	boolean isOld() {
		return this.old;
	}

	ClassLoader classLoader() {
		return this.classLoader;
	}

	/**
	 * The value that this version's code makes of a number.
	 */
	Object make(ClassChange change, int number) throws ReflectiveOperationException {
		return type(change).getMethod("of", int.class).invoke(null, number);
	}

	/**
	 * The main class of a change in this version.
	 */
	Class<?> type(ClassChange change) throws ClassNotFoundException {
		Class<?> type = this.classLoader.loadClass(ClassChange.PACKAGE + "." + change.name(this.old));
		assertThat(type.getClassLoader()).isSameAs(this.classLoader);
		return type;
	}

	@Override
	public void close() throws IOException {
		this.classLoader.close();
	}

	private static final class Source extends SimpleJavaFileObject {

		private final String text;

		Source(String className, String text) {
			super(URI.create("memory:///" + className + ".java"), JavaFileObject.Kind.SOURCE);
			this.text = text;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.text;
		}

	}

}
