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

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import io.failsoft.memcached.consistency.Budget;
import io.failsoft.memcached.consistency.WriteResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * Sends many writes so that they wait for one another's answers as little as may be.
 */
final class CacheWriteBatches {

	/** Well below the number of operations that a server may have under way. */
	private static final int SIZE = 256;

	private CacheWriteBatches() {
	}

	/**
	 * Send writes in their order and settle them, each whatever becomes of the others. A
	 * server that fails costs one operation timeout; one that is slow is given as much
	 * for each batch.
	 * @param due the writes, which are taken out
	 * @return the first that an error handler threw, or {@code null}
	 */
	static @Nullable Throwable send(Queue<CacheWrite> due) {
		Throwable thrown = null;
		Budget budget = null;
		while (!due.isEmpty()) {
			List<CacheWrite> batch = new ArrayList<>(Math.min(SIZE, due.size()));
			for (CacheWrite write = due.poll(); write != null; write = (batch.size() < SIZE) ? due.poll() : null) {
				try {
					batch.add(write.send());
				}
				catch (RuntimeException | Error ex) {
					thrown = (thrown != null) ? thrown : ex;
				}
			}
			boolean failed = false;
			for (CacheWrite write : batch) {
				budget = (budget != null) ? budget : write.cache().store().newBudget();
				try {
					failed |= write.settle(budget) == Status.FAILED;
				}
				catch (RuntimeException | Error ex) {
					failed = true;
					thrown = (thrown != null) ? thrown : ex;
				}
			}
			budget = failed ? budget : null;
		}
		return thrown;
	}

}
