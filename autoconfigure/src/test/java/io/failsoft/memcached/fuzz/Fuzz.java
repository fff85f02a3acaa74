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

package io.failsoft.memcached.fuzz;

import java.util.Arrays;
import java.util.List;

/**
 * What Jazzer calls. Its argument is the name of one of {@link Targets}; {@code ALL},
 * where the first byte chooses; or {@code BROKEN}, by which the fuzzer itself is tested.
 */
@SuppressWarnings("unused") // called by reflection
public final class Fuzz {

	private static FuzzTarget[] targets = {};

	private Fuzz() {
	}

	/**
	 * Called once.
	 * @param arguments the name of the target
	 */
	public static void fuzzerInitialize(String[] arguments) {
		targets = switch (arguments[0]) {
			case "ALL" -> Arrays.stream(Targets.values()).map(Targets::make).toArray(FuzzTarget[]::new);
			case "BROKEN" -> new FuzzTarget[] { new Broken() };
			default -> new FuzzTarget[] { Targets.valueOf(arguments[0]).make() };
		};
	}

	/**
	 * Called for each execution.
	 * @param data what the fuzzer made up
	 */
	public static void fuzzerTestOneInput(byte[] data) {
		if (targets.length == 1) {
			targets[0].accept(data);
		}
		else if (data.length > 0) {
			targets[(data[0] & 0xff) % targets.length].accept(Arrays.copyOfRange(data, 1, data.length));
		}
	}

	/**
	 * Breaks on four bytes that chance alone does not come by.
	 */
	private static final class Broken implements FuzzTarget {

		@Override
		public void accept(byte[] data) {
			if (data.length > 3 && data[0] == 'F' && data[1] == 'U' && data[2] == 'Z' && data[3] == 'Z') {
				throw new AssertionError("What was broken on purpose");
			}
		}

		@Override
		public List<byte[]> seeds() {
			return List.of();
		}

	}

}
