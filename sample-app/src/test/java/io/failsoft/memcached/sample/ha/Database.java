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

package io.failsoft.memcached.sample.ha;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * One of two MariaDB servers that replicate from each other.
 */
final class Database extends Node {

	static final int PORT = 3306;

	private final int number;

	/** As an administrator, whom the gate lets pass. */
	private final JdbcClient admin;

	private final Path data;

	/** Not shared: a server that starts removes the temporary tables that it finds. */
	private final Path temporary;

	/**
	 * Create a database, without starting it.
	 * @param number 1 or 2
	 * @param directory where data and logs are kept
	 */
	Database(int number, Path directory) {
		super("database " + number, new Host("db-" + number), directory);
		this.number = number;
		this.data = directory.resolve("db" + number);
		this.temporary = directory.resolve("tmp" + number);
		// TCP alone, so that the driver's time limits hold and no socket's path is too
		// long.
		this.admin = JdbcClient.create(new DriverManagerDataSource(
				"jdbc:mariadb://" + host().endpoint(PORT) + "/?connectTimeout=20000&socketTimeout=40000", "admin",
				"admin"));
		Programs.run(List.of("mkdir", this.temporary.toString()));
		Programs.run(List.of(Programs.find("mariadb-install-db", "mariadb-server-core"), "--no-defaults",
				"--datadir=" + this.data, "--tmpdir=" + this.temporary, "--auth-root-authentication-method=normal",
				"--skip-test-db", "--skip-name-resolve", "--user=" + System.getProperty("user.name")));
	}

	int number() {
		return this.number;
	}

	JdbcClient admin() {
		return this.admin;
	}

	@Override
	void start() {
		launch(List.of(Programs.find("mariadbd", "mariadb-server-core"),
				"--defaults-file=" + Programs.SETUP.resolve("mariadb.cnf"), "--datadir=" + this.data,
				"--tmpdir=" + this.temporary, "--socket=" + this.data.resolve("s"),
				"--pid-file=" + this.data.resolve("pid"), "--port=" + host().port(PORT),
				"--bind-address=" + host().address(), "--server-id=" + this.number, "--gtid-domain-id=" + this.number,
				"--auto-increment-offset=" + this.number, "--init-file=" + Programs.SETUP.resolve("users.sql"),
				"--user=" + System.getProperty("user.name")), Map.of());
		Waiting.until(name() + " answers", () -> {
			requireRunning();
			return this.admin.sql("select 1").query(Integer.class).single() == 1;
		});
	}

	/**
	 * Replicate from the other database, from now on and after each start.
	 * @param source the other one
	 */
	void replicateFrom(Database source) {
		this.admin
			.sql("change master to master_host = '" + source.host().address() + "', master_port = "
					+ source.host().port(PORT)
					+ ", master_user = 'replica', master_password = 'replica', master_use_gtid = slave_pos,"
					+ " master_connect_retry = 1, master_heartbeat_period = 1")
			.update();
		this.admin.sql("start slave").update();
	}

	/**
	 * Wait until everything that the other database holds now is here too.
	 * @param other the other database
	 * @throws IllegalStateException if it is not after three minutes
	 */
	void catchUpWith(Database other) {
		String position = other.admin.sql("select @@gtid_binlog_pos").query(String.class).single();
		Waiting.until(name() + " has caught up with " + position,
				() -> this.admin.sql("select master_gtid_wait(:position, 1)")
					.param("position", position)
					.query(Integer.class)
					.single() == 0);
	}

	/**
	 * Open the gate: from now on the application's connections are taken.
	 */
	void open() {
		this.admin.sql("set global init_connect = ''").update();
	}

	/**
	 * Returns how many queries the application has sent.
	 * @return the number since the start
	 */
	long queries() {
		return this.admin.sql(
				"select coalesce(sum(select_commands), 0) from information_schema.user_statistics where user = 'cities'")
			.query(Long.class)
			.single();
	}

	/**
	 * How replication goes.
	 * @return the last error, or an empty text
	 */
	String replicationError() {
		Map<String, Object> status = this.admin.sql("show slave status").query().singleRow();
		return String.valueOf(status.get("Last_SQL_Error"));
	}

}
