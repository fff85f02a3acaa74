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

import java.util.Map;

import io.failsoft.memcached.testkit.MemcachedServer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Starts a memcached for this application alone and sets {@code memcached.servers} to it,
 * unless that property is set or {@code memcached.enabled} is {@code false}. The process
 * ends after all beans of the application context were destroyed. Nothing an application
 * would do in production: there {@code memcached.servers} is set.
 */
class PrivateMemcached implements ApplicationContextInitializer<GenericApplicationContext> {

	private static final Log logger = LogFactory.getLog(PrivateMemcached.class);

	@Override
	public void initialize(GenericApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		if (!isWanted(environment)) {
			return;
		}
		MemcachedServer server = MemcachedServer.start();
		String address = server.host() + ":" + server.port();
		logger.info("Started a memcached of this application's own at " + address + ", process " + server.pid());
		environment.getPropertySources()
			.addFirst(new MapPropertySource("privateMemcached", Map.of("memcached.servers", address)));
		DefaultListableBeanFactory beanFactory = context.getDefaultListableBeanFactory();
		beanFactory.registerSingleton("privateMemcached", server);
		beanFactory.registerDisposableBean("privateMemcached", server::close);
	}

	private static boolean isWanted(ConfigurableEnvironment environment) {
		boolean configured = Binder.get(environment).bind("memcached.servers", Bindable.listOf(String.class)).isBound();
		return !configured && environment.getProperty("memcached.enabled", Boolean.class, true);
	}

}
