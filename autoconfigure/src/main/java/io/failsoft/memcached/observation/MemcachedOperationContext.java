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

package io.failsoft.memcached.observation;

import java.util.Objects;

import io.failsoft.memcached.client.Reply;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an observed operation. Nothing is sent along with it, as memcached's
 * protocol has no room for it.
 */
public final class MemcachedOperationContext extends SenderContext<Object> {

	private final String server;

	private final String operation;

	private volatile @Nullable Reply reply;

	MemcachedOperationContext(String server, String operation) {
		super((carrier, key, value) -> {
		}, Kind.CLIENT);
		this.server = Objects.requireNonNull(server);
		this.operation = operation;
		setRemoteServiceName("memcached");
		setRemoteServiceAddress(server);
	}

	/**
	 * The server's name.
	 * @return {@code host:port}, as configured
	 */
	public String getServer() {
		return this.server;
	}

	/**
	 * Returns the operation that was asked for.
	 * @return {@code get}, {@code set}, {@code add}, {@code cas} or {@code touch}
	 */
	public String getOperation() {
		return this.operation;
	}

	/**
	 * What became of it.
	 * @return the reply, or {@code null} while the operation is under way
	 */
	public @Nullable Reply getReply() {
		return this.reply;
	}

	void reply(Reply reached) {
		this.reply = reached;
	}

}
