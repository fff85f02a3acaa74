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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Asks a server whether it works: authenticates, stores a value and reads it back, asks
 * again when the link is idle. Waits for the answers, so it is for the healer's thread.
 */
final class ServerProbe {

	private static final int EXPIRY_SECONDS = 10;

	private static final byte[] NOTHING = {};

	private final MemcachedKey key = MemcachedKey.of("failsoft:probe:" + UUID.randomUUID());

	private final ClientSettings settings;

	private final long timeout;

	ServerProbe(ClientSettings settings) {
		this.settings = settings;
		this.timeout = settings.operationTimeout().toNanos();
	}

	/**
	 * Authenticate, if there are credentials.
	 * @param link a link that nobody else uses
	 * @throws ProbeFailure if the server does not accept them
	 */
	void authenticate(ServerLink link) {
		String username = this.settings.username();
		String password = this.settings.password();
		if (username == null || password == null) {
			return;
		}
		byte[] credentials = (username + " " + password).getBytes(StandardCharsets.UTF_8);
		Reply reply = link.authenticate(this.key, credentials).await(this.timeout);
		if (!reply.stored()) {
			throw new ProbeFailure(refused(reply,
					"authentication failed; check memcached.username and memcached.password", "authentication: "));
		}
	}

	/**
	 * Prove that the server works by storing a random value and reading it back.
	 * @param link a link that nobody else uses
	 * @throws ProbeFailure if it does not
	 */
	void storeAndRead(ServerLink link) {
		byte[] value = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
		Pending set = link.set(this.key, EXPIRY_SECONDS, value, NOTHING);
		Pending gets = link.gets(this.key, null);
		Reply stored = set.await(this.timeout);
		if (!stored.stored()) {
			throw new ProbeFailure(refused(stored,
					"it demands authentication; set memcached.username and memcached.password", "probing set: "));
		}
		Reply found = gets.await(this.timeout);
		Item item = found.first();
		if (found.failure() != null) {
			throw new ProbeFailure("probing get: " + Reasons.of(found));
		}
		if (item == null || !Arrays.equals(item.value(), value)) {
			throw new ProbeFailure("probing get: it does not hold what was stored");
		}
	}

	/** What memcached says is not shown where it is known: it tells less. */
	private static String refused(Reply reply, String unauthenticated, String otherwise) {
		String detail = reply.detail();
		boolean known = detail != null && detail.startsWith("CLIENT_ERROR") && detail.contains("authenticat");
		return known ? unauthenticated : otherwise + Reasons.of(reply);
	}

	/**
	 * Ask for something, so that a silent server is noticed. The breaker sees the
	 * outcome.
	 * @param link the link
	 */
	void beat(ServerLink link) {
		link.heartbeat(this.key).await(this.timeout);
	}

}
