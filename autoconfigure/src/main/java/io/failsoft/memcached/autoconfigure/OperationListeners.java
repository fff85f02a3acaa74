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

package io.failsoft.memcached.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.failsoft.memcached.client.OperationKind;
import io.failsoft.memcached.client.OperationListener;
import io.failsoft.memcached.client.OperationWatch;
import io.failsoft.memcached.client.Reply;
import io.failsoft.memcached.client.ServerPool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Has the {@link OperationListener} beans told of the operations of the servers. That is
 * done late, so that the servers do not depend on what listens to them.
 */
final class OperationListeners implements SmartInitializingSingleton {

	private final ServerPool pool;

	private final ObjectProvider<OperationListener> beans;

	OperationListeners(ServerPool pool, ObjectProvider<OperationListener> beans) {
		this.pool = pool;
		this.beans = beans;
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<OperationListener> listeners = this.beans.orderedStream().toList();
		if (!listeners.isEmpty()) {
			this.pool.setOperationListener((listeners.size() == 1) ? listeners.get(0) : all(listeners));
		}
	}

	/**
	 * Tells several, each whatever another throws. What one throws is thrown in the end.
	 */
	static OperationListener all(List<OperationListener> listeners) {
		return (server, kind) -> begun(listeners, server, kind);
	}

	private static @Nullable OperationWatch begun(List<OperationListener> listeners, String server,
			OperationKind kind) {
		List<OperationWatch> watches = new ArrayList<>(listeners.size());
		for (OperationListener listener : listeners) {
			try {
				OperationWatch watch = listener.begun(server, kind);
				if (watch != null) {
					watches.add(watch);
				}
			}
			catch (RuntimeException ex) {
				watches.add((reply, nanos) -> {
					throw ex;
				});
			}
		}
		return switch (watches.size()) {
			case 0 -> null;
			case 1 -> watches.get(0);
			default -> (reply, nanos) -> ended(watches, reply, nanos);
		};
	}

	private static void ended(List<OperationWatch> watches, Reply reply, long nanos) {
		RuntimeException thrown = null;
		for (OperationWatch watch : watches) {
			try {
				watch.ended(reply, nanos);
			}
			catch (RuntimeException ex) {
				thrown = (thrown != null) ? thrown : ex;
			}
		}
		if (thrown != null) {
			throw thrown;
		}
	}

}
