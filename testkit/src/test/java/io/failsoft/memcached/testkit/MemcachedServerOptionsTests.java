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

package io.failsoft.memcached.testkit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link MemcachedServerOptions}.
 */
class MemcachedServerOptionsTests {

	private final MemcachedServerOptions defaults = MemcachedServerOptions.defaults();

	@Test
	void eachChangeKeepsTheOthers() {
		MemcachedServerOptions options = this.defaults.withMemoryMegabytes(8)
			.withMaxItemBytes(2048)
			.withConnectionLimit(64)
			.withThreads(2)
			.withPort(4711)
			.withAuthentication("scott", "tiger")
			.withExtraArguments("-M");
		MemcachedServerOptions again = options.withMemoryMegabytes(8).withPort(4711);
		for (MemcachedServerOptions each : new MemcachedServerOptions[] { options, again }) {
			assertThat(each.memoryMegabytes()).isEqualTo(8);
			assertThat(each.maxItemBytes()).isEqualTo(2048);
			assertThat(each.connectionLimit()).isEqualTo(64);
			assertThat(each.threads()).isEqualTo(2);
			assertThat(each.port()).isEqualTo(4711);
			assertThat(each.username()).isEqualTo("scott");
			assertThat(each.password()).isEqualTo("tiger");
			assertThat(each.extraArguments()).containsExactly("-M");
		}
		assertThat(this.defaults.memoryMegabytes()).isEqualTo(64);
	}

	@Test
	void valuesOutOfRangeAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withMemoryMegabytes(0));
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withMaxItemBytes(1023));
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withConnectionLimit(19));
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withThreads(0));
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withThreads(65));
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withPort(65536));
	}

	@Test
	void whatContradictsIsToldBeforeTheStart() {
		assertThatIllegalArgumentException().isThrownBy(this.defaults.withMemoryMegabytes(1)::validate)
			.withMessageContaining("more memory");
		assertThatIllegalArgumentException().isThrownBy(this.defaults.withThreads(16).withConnectionLimit(79)::validate)
			.withMessageContaining("at least 80");
		this.defaults.withThreads(16).withConnectionLimit(80).validate();
		this.defaults.withMemoryMegabytes(2).validate();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "with space", "with:colon", "with\nline", "größe" })
	void credentialsThatTheFileCannotHoldAreRefused(String value) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withAuthentication(value, "tiger"))
			.withMessageContaining("username");
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withAuthentication("scott", value))
			.withMessageContaining("password");
	}

	@Test
	void credentialsThatAreTooLongAreRefused() {
		this.defaults.withAuthentication("u".repeat(100), "p".repeat(100));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.defaults.withAuthentication("u".repeat(100), "p".repeat(101)));
	}

	@Test
	void thePasswordIsNotPrinted() {
		MemcachedServerOptions options = this.defaults.withAuthentication("scott", "tiger");
		assertThat(options.toString()).contains("scott").doesNotContain("tiger");
		assertThat(String.valueOf(options.credentials())).doesNotContain("tiger");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-d", "-p", "--port=4711", "-l", "--listen=0.0.0.0", "--daemon" })
	void argumentsThatTakeTheServerAwayAreRefused(String argument) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withExtraArguments("-M", argument))
			.withMessageContaining(argument);
	}

}
