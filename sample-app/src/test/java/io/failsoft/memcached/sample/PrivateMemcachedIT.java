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

import java.time.Duration;

import io.failsoft.memcached.testkit.MemcachedServer;
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
	void startsOneThatEndsWithTheContext(CapturedOutput output) {
		ProcessHandle process;
		try (ConfigurableApplicationContext context = run()) {
			MemcachedServer server = context.getBean(MemcachedServer.class);
			process = ProcessHandle.of(server.pid()).orElseThrow();
			assertThat(process.isAlive()).isTrue();
			String address = server.host() + ":" + server.port();
			assertThat(context.getEnvironment().getProperty("memcached.servers")).isEqualTo(address);
			assertThat(server.stats()).containsKey("get_hits");
			assertThat(output).contains(address + ", process " + server.pid());
		}
		assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void startsNoneWhenServersAreConfigured() {
		try (ConfigurableApplicationContext context = run("--memcached.servers=cache-1:11211,cache-2:11211")) {
			assertThat(context.getBeanProvider(MemcachedServer.class).getIfAvailable()).isNull();
		}
		try (ConfigurableApplicationContext context = run("--memcached.servers[0]=cache-1:11211")) {
			assertThat(context.getBeanProvider(MemcachedServer.class).getIfAvailable()).isNull();
		}
	}

	@Test
	void startsNoneWhenMemcachedIsSwitchedOff() {
		try (ConfigurableApplicationContext context = run("--memcached.enabled=false")) {
			assertThat(context.getBeanProvider(MemcachedServer.class).getIfAvailable()).isNull();
		}
	}

	private static ConfigurableApplicationContext run(String... arguments) {
		return new SpringApplicationBuilder(Nothing.class).web(WebApplicationType.NONE).run(arguments);
	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

}
