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

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Turns the loggers of the memcached client off by default: it writes several lines per
 * reconnection attempt, and what matters of that is logged by us. A level that the
 * application sets for such a logger, for a parent of it other than {@code root} or for a
 * {@code logging.group} that holds one is left alone, so that
 * {@code logging.level.net.rubyeye.xmemcached=info} turns them on again.
 */
final class ClientLogEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	static final String PROPERTY_SOURCE = "memcachedClientLogging";

	private static final List<String> LOGGERS = List.of("net.rubyeye.xmemcached", "com.google.code.yanf4j", "remoting");

	private static final Bindable<Map<String, String>> LEVELS = Bindable.mapOf(String.class, String.class);

	private static final Bindable<Map<String, String[]>> GROUPS = Bindable.mapOf(String.class, String[].class);

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Binder binder = Binder.get(environment);
		Set<String> configured = new HashSet<>(binder.bind("logging.level", LEVELS).orElseGet(Map::of).keySet());
		binder.bind("logging.group", GROUPS).orElseGet(Map::of).forEach((name, members) -> {
			if (configured.contains(name)) {
				configured.addAll(List.of(members));
			}
		});
		Map<String, Object> off = new LinkedHashMap<>();
		for (String logger : LOGGERS) {
			if (configured.stream().noneMatch((name) -> isSameOrParent(name, logger))) {
				off.put("logging.level." + logger, "off");
			}
		}
		environment.getPropertySources().addLast(new MapPropertySource(PROPERTY_SOURCE, off));
	}

	private static boolean isSameOrParent(String configured, String logger) {
		return logger.equals(configured) || logger.startsWith(configured + ".");
	}

}
