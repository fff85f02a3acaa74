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

package io.failsoft.memcached.hunt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The servers, the ways to them, and what befalls both: at random, one fault after the
 * other.
 */
abstract class Faults implements AutoCloseable {

	final Random random;

	final Mode mode;

	private final Database database;

	private final List<String> events = new ArrayList<>();

	private int count;

	Faults(long seed, Mode mode, Database database) {
		this.random = new Random(seed);
		this.mode = mode;
		this.database = database;
	}

	/**
	 * Returns where the instances find the servers.
	 * @return each as {@code name:port}
	 */
	abstract List<String> servers();

	/**
	 * Returns the file in which an instance looks the servers' names up.
	 */
	abstract Names names();

	/**
	 * Returns what stands before the command that starts an instance.
	 * @param instance the instance
	 */
	List<String> prefix(int instance) {
		return List.of();
	}

	/**
	 * Returns what is added to the environment of an instance.
	 * @param instance the instance
	 */
	Map<String, String> environment(int instance) {
		return Map.of();
	}

	/**
	 * Have one fault happen, and heal it after a random time. Every other one is of those
	 * that the mode is there for.
	 */
	final void strike() throws InterruptedException {
		boolean special = this.random.nextBoolean();
		this.count++;
		if (special && this.mode.losesDatabase()) {
			note("the database is lost");
			this.database.lose(true);
			linger(2500);
			this.database.lose(false);
		}
		else {
			strike(special);
		}
		linger(200);
	}

	abstract void strike(boolean special) throws InterruptedException;

	/**
	 * Have everything work again.
	 */
	abstract void heal() throws InterruptedException;

	final int count() {
		return this.count;
	}

	/**
	 * What happened, each event with its time as in {@link History}.
	 */
	final List<String> events() {
		return this.events;
	}

	final void linger(int atMostMillis) throws InterruptedException {
		Thread.sleep(50 + this.random.nextInt(atMostMillis));
	}

	final void note(String what) {
		long now = System.nanoTime();
		this.events.add(now + " " + now + " === " + what);
	}

	@Override
	public abstract void close();

}
