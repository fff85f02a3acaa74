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

/**
 * The traffic through a {@link FaultProxy} since it was opened.
 *
 * @param connectionsAccepted connections that were accepted, including those closed at
 * once
 * @param connectionsOpen connections that are there now: not closed on both sides
 * @param requestBytes bytes that came from clients
 * @param forwardedRequestBytes those of them that went on to the server; neither held nor
 * answered by the proxy
 * @param replyBytes bytes that came from the server
 * @param forwardedReplyBytes those of them that went on to clients
 */
public record FaultCounters(long connectionsAccepted, int connectionsOpen, long requestBytes,
		long forwardedRequestBytes, long replyBytes, long forwardedReplyBytes) {
}
