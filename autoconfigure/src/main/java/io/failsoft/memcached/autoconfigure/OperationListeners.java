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
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

import io.failsoft.memcached.client.OperationListener;
import io.failsoft.memcached.client.Reply;
import io.failsoft.memcached.client.ServerPool;
import org.jspecify.annotations.Nullable;

/**
 * Registration of {@link OperationListener}s with the servers.
 */
final class OperationListeners {

	private OperationListeners() {
	}

	static void register(List<OperationListener> listeners, ServerPool pool) {
		if (!listeners.isEmpty()) {
			pool.setOperationListener((listeners.size() == 1) ? listeners.get(0) : all(listeners));
		}
	}

	/**
	 * Tells several listeners, each whatever another throws.
	 * @param listeners the listeners
	 * @return a listener that tells them all. The first exception that any of them throws
	 * is thrown at the end of the operation
	 */
	static OperationListener all(List<OperationListener> listeners) {
		return (server, operation) -> {
			List<ObjLongConsumer<Reply>> begun = new ArrayList<>(listeners.size());
			RuntimeException thrown = each(listeners, (listener) -> {
				ObjLongConsumer<Reply> told = listener.begun(server, operation);
				if (told != null) {
					begun.add(told);
				}
			});
			if (begun.isEmpty() && thrown == null) {
				return null;
			}
			return (reply, nanos) -> {
				RuntimeException late = each(begun, (told) -> told.accept(reply, nanos));
				if (thrown != null || late != null) {
					throw (thrown != null) ? thrown : late;
				}
			};
		};
	}

	private static <T> @Nullable RuntimeException each(List<T> all, Consumer<T> action) {
		RuntimeException first = null;
		for (T one : all) {
			try {
				action.accept(one);
			}
			catch (RuntimeException ex) {
				first = (first != null) ? first : ex;
			}
		}
		return first;
	}

}
