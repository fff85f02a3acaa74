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

package io.failsoft.memcached.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a listener throws away from the operations and the I/O threads.
 */
final class GuardedListener {

	private static final Log logger = LogFactory.getLog(OperationListener.class);

	private static final long WARNING_INTERVAL = TimeUnit.MINUTES.toNanos(1);

	private final OperationListener listener;

	private final AtomicLong lastWarning = new AtomicLong(System.nanoTime() - WARNING_INTERVAL);

	GuardedListener(OperationListener listener) {
		this.listener = listener;
	}

	@Nullable OperationWatch begun(String server, OperationKind kind) {
		try {
			return this.listener.begun(server, kind);
		}
		catch (Throwable ex) {
			failed(ex);
			return null;
		}
	}

	void ended(OperationWatch watch, Reply reply, long nanos) {
		try {
			watch.ended(reply, nanos);
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private void failed(Throwable ex) {
		long now = System.nanoTime();
		long last = this.lastWarning.get();
		if (now - last >= WARNING_INTERVAL && this.lastWarning.compareAndSet(last, now)) {
			logger.warn("A listener of memcached operations failed; the operations go on", ex);
		}
	}

}
