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

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who may act on this machine's processes.
 */
class AtThisMachineTests {

	@ParameterizedTest
	@CsvSource(nullValues = "none", textBlock = """
			127.0.0.1,       localhost,    none
			127.0.0.1,       localhost,    http://localhost:8080
			127.0.0.1,       127.0.0.1,    http://127.0.0.1:8080
			127.8.9.10,      localhost,    none
			0:0:0:0:0:0:0:1, [::1],        http://[::1]:8080
			""")
	void admitsThisMachine(String from, String host, @Nullable String origin) {
		assertThat(AtThisMachine.admits(request(from, host, origin))).isTrue();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "none", textBlock = """
			192.168.1.7,     localhost,    none
			2001:db8::7,     localhost,    none
			127.0.0.1,       192.168.1.2,  none
			127.0.0.1,       rebound.test, none
			127.0.0.1,       rebound.test, http://rebound.test:8080
			127.0.0.1,       localhost,    http://evil.test
			127.0.0.1,       localhost,    http://localhost:3000
			127.0.0.1,       localhost,    http://localhost
			127.0.0.1,       localhost,    http://127.0.0.1:8080
			127.0.0.1,       localhost,    null
			127.0.0.1,       localhost,    http://a b
			""")
	void refusesOtherMachinesNamesAndPages(String from, String host, @Nullable String origin) {
		assertThat(AtThisMachine.admits(request(from, host, origin))).isFalse();
	}

	private static MockHttpServletRequest request(String from, String host, @Nullable String origin) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setRemoteAddr(from);
		request.setServerName(host);
		request.setServerPort(8080);
		if (origin != null) {
			request.addHeader("Origin", origin);
		}
		return request;
	}

}
