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

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.stereotype.Component;

/**
 * A switch that takes the database away from this instance while it runs, to show what
 * the caches can answer without it: no query gets a connection. The database itself is
 * not touched. Thread-safe.
 */
@Component
final class DatabaseSwitch implements BeanPostProcessor {

	private volatile boolean on = true;

	@Override
	public @Nullable Object postProcessAfterInitialization(Object bean, String beanName) {
		return (bean instanceof DataSource dataSource) ? new Switched(dataSource) : bean;
	}

	void turn(boolean on) {
		this.on = on;
	}

	boolean isOn() {
		return this.on;
	}

	/**
	 * The pool, behind the switch.
	 */
	private final class Switched extends DelegatingDataSource {

		Switched(DataSource pool) {
			super(pool);
		}

		@Override
		public Connection getConnection() throws SQLException {
			if (!DatabaseSwitch.this.on) {
				throw new SQLTransientConnectionException("The dashboard has taken the database away");
			}
			return super.getConnection();
		}

	}

}
