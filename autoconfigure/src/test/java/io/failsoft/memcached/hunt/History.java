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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What an instance did to each key lately. Thread-safe.
 */
final class History {

	private static final int LENGTH = 400;

	private final List<Deque<String>> events = new ArrayList<>();

	History() {
		for (int i = 0; i < Area.ALL_KEYS; i++) {
			this.events.add(new ArrayDeque<>());
		}
	}

	/**
	 * Note an event.
	 * @param began when it began, in nanoseconds of the machine's monotonic clock, which
	 * all JVMs of a machine share
	 */
	void note(int key, long began, String what) {
		String event = began + " " + System.nanoTime() + " " + what;
		Deque<String> ofKey = this.events.get(key);
		synchronized (ofKey) {
			ofKey.add(event);
			if (ofKey.size() > LENGTH) {
				ofKey.remove();
			}
		}
	}

	List<String> of(int key) {
		Deque<String> ofKey = this.events.get(key);
		synchronized (ofKey) {
			return List.copyOf(ofKey);
		}
	}

}
