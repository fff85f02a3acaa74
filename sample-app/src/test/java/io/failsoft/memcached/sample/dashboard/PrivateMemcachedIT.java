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

import java.time.Duration;
import java.util.List;

import io.failsoft.memcached.sample.dashboard.OwnServers.Action;
import io.failsoft.memcached.sample.dashboard.OwnServers.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The memcached that the sample starts for itself.
 */
@ExtendWith(OutputCaptureExtension.class)
class PrivateMemcachedIT {

	@Test
	void startsThreeThatEndWithTheContext(CapturedOutput output) {
		List<ProcessHandle> processes;
		try (ConfigurableApplicationContext context = run()) {
			OwnServers servers = context.getBean(OwnServers.class);
			processes = servers.pids().stream().map((pid) -> ProcessHandle.of(pid).orElseThrow()).toList();
			assertThat(processes).hasSize(3).allMatch(ProcessHandle::isAlive);
			assertThat(context.getEnvironment().getProperty("memcached.servers"))
				.isEqualTo(String.join(",", servers.names()));
			assertThat(servers.names()).doesNotHaveDuplicates()
				.allSatisfy((name) -> assertThat(servers.condition(name)).isEqualTo(Condition.RUNNING));
			assertThat(output).contains(servers.names()).contains(servers.pids().toString());
		}
		assertThat(processes)
			.allSatisfy((process) -> assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(10)));
	}

	@Test
	void killsHangsAndRevives() {
		try (OwnServers servers = OwnServers.start(2)) {
			String first = servers.names().get(0);
			String second = servers.names().get(1);
			assertThat(servers.act(first, Action.HANG)).isTrue();
			assertThat(servers.condition(first)).isEqualTo(Condition.HANGING);
			servers.act(first, Action.REVIVE);
			assertThat(servers.condition(first)).isEqualTo(Condition.RUNNING);
			servers.act(first, Action.HANG);
			servers.act(first, Action.KILL);
			assertThat(servers.condition(first)).isEqualTo(Condition.DEAD);
			servers.act(first, Action.KILL);
			servers.act(first, Action.HANG);
			assertThat(servers.condition(first)).isEqualTo(Condition.DEAD);
			assertThat(servers.condition(second)).as("the other").isEqualTo(Condition.RUNNING);
			servers.act(null, Action.REVIVE);
			assertThat(servers.names()).containsExactly(first, second)
				.allSatisfy((name) -> assertThat(servers.condition(name)).isEqualTo(Condition.RUNNING));
			assertThat(servers.act("cache-1:11211", Action.KILL)).isFalse();
			assertThat(servers.condition("cache-1:11211")).isEqualTo(Condition.FOREIGN);
		}
	}

	@Test
	void startsNoneWhenServersAreConfigured() {
		try (ConfigurableApplicationContext context = run("--memcached.servers=cache-1:11211,cache-2:11211")) {
			assertThat(context.getBeanProvider(OwnServers.class).getIfAvailable()).isNull();
		}
		try (ConfigurableApplicationContext context = run("--memcached.servers[0]=cache-1:11211")) {
			assertThat(context.getBeanProvider(OwnServers.class).getIfAvailable()).isNull();
		}
	}

	@Test
	void startsNoneWhenMemcachedIsSwitchedOff() {
		try (ConfigurableApplicationContext context = run("--memcached.enabled=false")) {
			assertThat(context.getBeanProvider(OwnServers.class).getIfAvailable()).isNull();
		}
	}

	private static ConfigurableApplicationContext run(String... arguments) {
		return new SpringApplicationBuilder(Nothing.class).web(WebApplicationType.NONE).run(arguments);
	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

}
