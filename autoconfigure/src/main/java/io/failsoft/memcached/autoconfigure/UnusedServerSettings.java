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

package io.failsoft.memcached.autoconfigure;

import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Warns once if memcached is configured, but {@code spring.cache.type} chooses another
 * cache: most often it was forgotten in a move. The type {@code none} turns caching off,
 * and says nothing of another choice.
 */
final class UnusedServerSettings implements ApplicationListener<ContextRefreshedEvent> {

	private static final Log logger = LogFactory.getLog(UnusedServerSettings.class);

	private final Environment environment;

	private boolean done;

	UnusedServerSettings(Environment environment) {
		this.environment = environment;
	}

	@Override
	public synchronized void onApplicationEvent(ContextRefreshedEvent event) {
		if (this.done) {
			return;
		}
		this.done = true;
		String type = this.environment.getProperty("spring.cache.type");
		if (!StringUtils.hasText(type) || type.trim().equalsIgnoreCase("none")) {
			return;
		}
		List<String> set = KnownProperties.set(this.environment);
		if (!set.isEmpty()) {
			logger.warn("memcached is not used, as spring.cache.type is '" + type + "', though these are set: "
					+ String.join(", ", set) + ". Remove spring.cache.type, or set memcached.enabled: false.");
		}
	}

}
