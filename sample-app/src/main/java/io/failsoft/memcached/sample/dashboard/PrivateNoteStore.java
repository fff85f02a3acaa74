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

package io.failsoft.memcached.sample.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Map;

import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * The start, in the profile {@code notes}, of a document store for this application
 * alone, unless the URL of another one is set. The process ends after all beans of the
 * application context were destroyed, and at the latest with this JVM, however that ends.
 */
class PrivateNoteStore implements ApplicationContextInitializer<GenericApplicationContext> {

	private static final String URL = "spring.http.serviceclient.notes.base-url";

	@Override
	public void initialize(GenericApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		if (!environment.matchesProfiles("notes") || environment.containsProperty(URL)) {
			return;
		}
		try {
			Process watched = new ProcessBuilder("ha/run-while-watched", "node", "notes/store.js")
				.redirectError(Redirect.INHERIT)
				.start();
			String line = watched.inputReader()
				.lines()
				.findFirst()
				.orElseThrow(
						() -> new IllegalStateException("The store of notes did not start: ./run-sample installs what"
								+ " it needs, " + URL + " names another one"));
			LogFactory.getLog(PrivateNoteStore.class)
				.info("Started a store of notes of this application's own: " + line);
			String[] urlAndPid = line.split(" process ");
			environment.getPropertySources()
				.addFirst(new MapPropertySource("privateNoteStore", Map.of(URL, urlAndPid[0])));
			var beans = context.getDefaultListableBeanFactory();
			beans.registerSingleton("noteStoreProcess", ProcessHandle.of(Long.parseLong(urlAndPid[1])).orElseThrow());
			beans.registerDisposableBean("noteStoreProcess", () -> {
				watched.getOutputStream().close();
				watched.waitFor();
			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
