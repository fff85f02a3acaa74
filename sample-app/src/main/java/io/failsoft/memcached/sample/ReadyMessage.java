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

package io.failsoft.memcached.sample;

import java.util.stream.Collectors;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Prints the dashboard's address and the commands worth trying once the application is
 * ready.
 */
@Component
class ReadyMessage {

	private final Environment environment;

	private final ObjectProvider<OwnServers> ownServers;

	ReadyMessage(Environment environment, ObjectProvider<OwnServers> ownServers) {
		this.environment = environment;
		this.ownServers = ownServers;
	}

	@EventListener(ApplicationReadyEvent.class)
	void print() {
		String port = this.environment.getProperty("local.server.port");
		if (port != null) {
			System.out.println(message("http://localhost:" + port));
		}
	}

	private String message(String url) {
		OwnServers servers = this.ownServers.getIfAvailable();
		StringBuilder message = new StringBuilder("""

				Cities is ready. Its dashboard, where servers can be killed and watched:

				  %1$s/

				Twice the same, computed and then from the cache (see X-Cache and X-Time-Ms):

				  curl -i '%1$s/cities/2950159/nearest?limit=5'
				  curl -i '%1$s/cities?name=zurich'

				A change is seen at once, here and in the ranking of the country:

				  curl -X PUT -H 'Content-Type: application/json' -d '{"population": 4000000}' \\
				    %1$s/cities/2950159/population
				  curl '%1$s/countries/DE/largest?limit=3'
				""".formatted(url));
		if (servers != null) {
			message.append("""

					Now kill the whole cache, and ask again: the answers stay right, they only take their time.
					The dashboard revives it.

					  kill -9 %s
					""".formatted(servers.pids().stream().map(String::valueOf).collect(Collectors.joining(" "))));
		}
		message.append("\nCtrl-C stops the sample").append((servers != null) ? " and its memcached." : ".");
		return message.append('\n').toString();
	}

}
