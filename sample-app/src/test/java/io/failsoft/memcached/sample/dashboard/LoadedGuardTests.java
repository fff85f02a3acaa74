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

import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Questions that come too early.
 */
class LoadedGuardTests {

	private final EmbeddedDatabase database = new EmbeddedDatabaseBuilder().generateUniqueName(true)
		.setType(EmbeddedDatabaseType.H2)
		.addScript("schema.sql")
		.build();

	private final JdbcTemplate jdbc = new JdbcTemplate(this.database);

	private final CityLoader loader = new CityLoader(this.jdbc, new JdbcTransactionManager(this.database));

	private final LoadedGuard guard = new LoadedGuard(this.loader);

	@Test
	void turnsQuestionsAwayUntilTheDataAreLoaded() {
		MockHttpServletRequest request = new MockHttpServletRequest();
		MockHttpServletResponse response = new MockHttpServletResponse();
		assertThatExceptionOfType(ResponseStatusException.class)
			.isThrownBy(() -> this.guard.preHandle(request, response, this))
			.withMessageContaining("503")
			.withMessageContaining("0 of 135233");
		assertThat(response.getHeader("Retry-After")).isEqualTo("1");
		this.jdbc.update("insert into city values (1, 'Ys', 'FR', 0, 48, -4, 'ys')");
		this.loader.fillIfEmpty();
		assertThat(this.guard.preHandle(request, response, this)).isTrue();
	}

}
