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

package io.failsoft.memcached.consistency;

import java.util.ArrayList;
import java.util.List;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.Pending;
import io.failsoft.memcached.client.Reply;

/**
 * Sends to a server what its log holds. Used by the server's healer only.
 */
final class LogReplay {

	/** Commands sent before the first of their answers is waited for. */
	private static final int BATCH = 64;

	private final LoggedInvalidations invalidations;

	private final ConsistencySettings settings;

	/**
	 * A server that is silent is asked for one thing at a time, as what was sent stays
	 * under way until it answers.
	 */
	private int batchLimit = BATCH;

	LogReplay(LoggedInvalidations invalidations, ConsistencySettings settings) {
		this.invalidations = invalidations;
		this.settings = settings;
	}

	/**
	 * Replay to a server that is not in use.
	 * @param link the link
	 * @return whether all that was due was stored
	 */
	boolean beforeUse(Link link) {
		this.batchLimit = BATCH;
		return run(link, false);
	}

	/**
	 * Replay to a server in use.
	 * @param link the link
	 * @return whether the link may go on being used
	 */
	boolean inUse(Link link) {
		return run(link, true);
	}

	private boolean run(Link link, boolean inUse) {
		while (true) {
			long began = now();
			List<ReplayCommand> batch = this.invalidations.due(began, this.batchLimit);
			if (batch.isEmpty()) {
				return true;
			}
			List<Pending> sent = new ArrayList<>(batch.size());
			for (ReplayCommand command : batch) {
				sent.add(command.send(link, began));
			}
			for (int i = 0; i < batch.size(); i++) {
				Reply reply = sent.get(i).await(this.settings.operationTimeoutNanos() - (now() - began));
				if (reply.failure() == Failure.OVERLOADED || (inUse && reply.failure() == Failure.TIMEOUT)) {
					// The entries stay. To give up a server in use for its silence is up
					// to the breaker, which knows of pauses of this JVM.
					sent.forEach((pending) -> pending.await(0));
					this.batchLimit = 1;
					return true;
				}
				if (!reply.stored()) {
					return false;
				}
				this.batchLimit = BATCH;
				this.invalidations.settle(batch.get(i), link, began);
			}
		}
	}

	private long now() {
		return this.settings.ticker().getAsLong();
	}

}
