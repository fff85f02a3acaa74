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

package io.failsoft.memcached.cache;

import io.failsoft.memcached.consistency.PutMark;
import org.jspecify.annotations.Nullable;

/**
 * A load whose method or loader runs on this thread. It knows whether it was served from
 * a reserve meanwhile: what it makes is then as old as what it was served. Loads nest. A
 * load that goes on on other threads is not seen there.
 */
final class LoadScope implements AutoCloseable {

	private static final ThreadLocal<@Nullable LoadScope> CURRENT = new ThreadLocal<>();

	private final @Nullable LoadScope previous = CURRENT.get();

	private final @Nullable LoadScope outer;

	private volatile @Nullable PutMark builtOn;

	private LoadScope(@Nullable LoadScope around) {
		this.outer = (this.previous != null) ? this.previous : around;
	}

	/**
	 * Returns the innermost load that runs on this thread.
	 * @return the load, or {@code null} if none does
	 */
	static @Nullable LoadScope current() {
		return CURRENT.get();
	}

	/**
	 * Begins a load on this thread.
	 * @param around the load that asked for it, perhaps on another thread, or
	 * {@code null}
	 * @return the load, to be {@linkplain #close() closed} on this thread
	 */
	static LoadScope begin(@Nullable LoadScope around) {
		LoadScope scope = new LoadScope(around);
		CURRENT.set(scope);
		return scope;
	}

	@Override
	public void close() {
		CURRENT.set(this.previous);
	}

	/**
	 * Notes that a load, and those around it, were given what was confirmed at a moment.
	 * @param scope the load, or {@code null} for none
	 * @param confirmed the moment, or {@code null} if what was given is no older than the
	 * load
	 */
	static void served(@Nullable LoadScope scope, @Nullable PutMark confirmed) {
		if (confirmed == null) {
			return;
		}
		for (LoadScope load = scope; load != null; load = load.outer) {
			PutMark oldest = load.builtOn;
			if (oldest == null || oldest.time() - confirmed.time() > 0) {
				load.builtOn = confirmed;
			}
		}
	}

	/**
	 * Returns the moment at which the oldest value was confirmed that the load was served
	 * from a reserve.
	 * @return the moment, or {@code null} if it was served none
	 */
	@Nullable PutMark builtOn() {
		return this.builtOn;
	}

}
