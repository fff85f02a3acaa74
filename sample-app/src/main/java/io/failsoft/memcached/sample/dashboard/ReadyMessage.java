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

import java.util.stream.Collectors;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The message, once the application is ready, of the dashboard's address and of the
 * commands worth trying.
 */
@Component
class ReadyMessage {

	@EventListener
	void print(ApplicationReadyEvent event) {
		String port = event.getApplicationContext().getEnvironment().getProperty("local.server.port");
		if (port == null) {
			return;
		}
		System.out.println("""

				Cities is ready. Its dashboard, where servers can be killed and watched:

				  %1$s/

				Twice the same, computed and then from the cache (see X-Cache and X-Time-Ms):

				  curl -i '%1$s/cities/2950159/nearest?limit=5'
				  curl -i '%1$s/cities?name=zurich'

				A change is seen at once, here and in the ranking of the country:

				  curl -X PUT -H 'Content-Type: application/json' -d '{"population": 4000000}' \\
				    %1$s/cities/2950159/population
				  curl '%1$s/countries/DE/largest?limit=3'
				""".formatted("http://localhost:" + port));
		event.getApplicationContext().getBeanProvider(OwnServers.class).ifAvailable((own) -> System.out.println("""
				Now kill the whole cache, and ask again: what was asked within ten seconds comes at once,
				the rest takes its time, and every answer is right.
				The dashboard revives it.

				  kill -9 %s
				""".formatted(own.pids().stream().map(String::valueOf).collect(Collectors.joining(" ")))));
		System.out.println("Ctrl-C stops the sample, and the memcached that it started.");
	}

}
