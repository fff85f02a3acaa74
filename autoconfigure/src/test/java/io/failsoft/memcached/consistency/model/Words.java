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

package io.failsoft.memcached.consistency.model;

/**
 * Names for people.
 */
final class Words {

	private Words() {
	}

	static String name(int instance) {
		return String.valueOf((char) ('A' + instance));
	}

	/**
	 * Where a command goes, by an instance's connection.
	 */
	static String at(int link) {
		return switch (link) {
			case 0 -> "";
			case 1 -> " at the stand-in";
			default -> " at the second stand-in";
		};
	}

}
