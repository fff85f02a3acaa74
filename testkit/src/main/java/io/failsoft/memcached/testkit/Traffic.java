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

package io.failsoft.memcached.testkit;

import java.util.concurrent.atomic.LongAdder;

/**
 * The bytes that passed through all connections of a proxy.
 *
 * @param requestBytes what came from clients
 * @param forwardedRequestBytes what went on to the server
 * @param replyBytes what came from the server
 * @param forwardedReplyBytes what went on to clients
 */
record Traffic(LongAdder requestBytes, LongAdder forwardedRequestBytes, LongAdder replyBytes,
		LongAdder forwardedReplyBytes) {

	Traffic() {
		this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
	}

	FaultCounters counters(int accepted, int open) {
		// What went on is read first, so that it is never more than what came.
		long forwardedRequests = this.forwardedRequestBytes.sum();
		long forwardedReplies = this.forwardedReplyBytes.sum();
		return new FaultCounters(accepted, open, this.requestBytes.sum(), forwardedRequests, this.replyBytes.sum(),
				forwardedReplies);
	}

}
