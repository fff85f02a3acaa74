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

package io.failsoft.memcached.codec;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;

/**
 * A class that is on the class path and not allowed: that it does anything at all means
 * that a refused class was loaded for more than its name.
 */
public final class Canary implements Serializable {

	@Serial
	private static final long serialVersionUID = 1;

	static {
		sing();
	}

	/** Makes one. */
	public Canary() {
		sing();
	}

	static Canary caught() {
		Canary canary = new Canary();
		Song.sung = false;
		return canary;
	}

	private static void sing() {
		Song.sung = true;
	}

	@Serial
	private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
		sing();
		in.defaultReadObject();
	}

	@Override
	public int hashCode() {
		sing();
		return 1;
	}

	@Override
	public boolean equals(Object other) {
		sing();
		return this == other;
	}

	@Override
	public String toString() {
		sing();
		return "canary";
	}

	/**
	 * Whether it was heard; apart, so that to ask does not initialize it.
	 */
	static final class Song {

		private static volatile boolean sung;

		private Song() {
		}

		static boolean isSung() {
			return sung;
		}

	}

}
