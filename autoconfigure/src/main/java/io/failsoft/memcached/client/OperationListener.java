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

import java.util.function.ObjLongConsumer;

import org.jspecify.annotations.Nullable;

/**
 * A listener to each operation on a server that is in use: those of the caches and
 * invalidations that are delivered late, but not the probes and heartbeats of the client
 * itself. An operation on a server whose breaker is open is none, as nothing is sent.
 * <p>
 * It is called for every operation and must be thread-safe, quick, and never block. An
 * exception that it throws is logged at a bounded rate and changes nothing. The same is
 * true of what {@link #begun} returns.
 */
@FunctionalInterface
public interface OperationListener {

	/**
	 * Notes that an operation begins. Called on the thread that asks for it.
	 * @param server the server's name, {@code host:port}
	 * @param operation {@code get}, {@code set}, {@code add}, {@code cas} or
	 * {@code touch}
	 * @return a consumer of the reply and of the nanoseconds that it took, 0 if the
	 * operation was refused at once; it may be the same object for many operations, or
	 * {@code null}. It is called once per operation, on the client's I/O thread if the
	 * server answered, else on the thread that gave up
	 */
	@Nullable ObjLongConsumer<Reply> begun(String server, String operation);

}
