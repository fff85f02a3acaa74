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

import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * The start of three memcached for this application alone. It sets
 * {@code memcached.servers} to them, unless that property is set or
 * {@code memcached.enabled} is {@code false}. The processes end after all beans of the
 * application context were destroyed. No application would do so in production: there
 * {@code memcached.servers} is set.
 */
class PrivateMemcached implements ApplicationContextInitializer<GenericApplicationContext> {

	static final int COUNT = 3;

	private static final Log logger = LogFactory.getLog(PrivateMemcached.class);

	@Override
	public void initialize(GenericApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		if (!isWanted(environment)) {
			return;
		}
		OwnServers servers = OwnServers.start(COUNT);
		String addresses = String.join(",", servers.names());
		logger.info("Started memcached of this application's own at " + addresses + ", processes " + servers.pids());
		environment.getPropertySources()
			.addFirst(new MapPropertySource("privateMemcached", Map.of("memcached.servers", addresses)));
		DefaultListableBeanFactory beanFactory = context.getDefaultListableBeanFactory();
		beanFactory.registerSingleton("ownServers", servers);
		beanFactory.registerDisposableBean("ownServers", servers::close);
	}

	private static boolean isWanted(ConfigurableEnvironment environment) {
		// The build looks at the beans ahead of time, and runs none of them.
		if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			return false;
		}
		return !environment.containsProperty("memcached.servers")
				&& !environment.containsProperty("memcached.servers[0]")
				&& environment.getProperty("memcached.enabled", Boolean.class, true);
	}

}
