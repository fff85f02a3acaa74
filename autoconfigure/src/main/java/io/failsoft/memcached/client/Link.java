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

import java.net.SocketAddress;

/**
 * One connection to one server, from its start to its end. Commands are sent in the order
 * in which the methods return, and a server executes the commands of one link in that
 * order. Thread-safe. No method blocks or throws: a command that cannot be sent has a
 * {@link Reply} that has failed already.
 */
public interface Link {

	/** The bytes of a command line that servers and proxies take. */
	int MAX_LINE = 8192;

	/**
	 * Returns whether commands can still be sent.
	 * @return {@code false} once the connection is closed, for ever
	 */
	boolean isOpen();

	/**
	 * Returns the address that the connection leads to.
	 * @return the address and port of the server; the same for each connection to it
	 */
	SocketAddress peer();

	/**
	 * Returns until when the server is known to have worked.
	 * @return when the command was sent that it answered last, or when the link was
	 * opened if it has answered none; by {@link System#nanoTime()}
	 */
	long answeredUntil();

	/**
	 * Reads items in one command ({@code gets}).
	 * @param keys one key or more, which as a line of the protocol should not exceed
	 * {@link #MAX_LINE} bytes; not copied, so not to be changed afterwards
	 * @return the reply
	 */
	Reply gets(MemcachedKey... keys);

	/**
	 * Stores unconditionally. The value is the concatenation of header and body.
	 * @param key the key
	 * @param expiry seconds to live, 0 for no expiry, over 30 days as epoch seconds;
	 * never negative
	 * @param header the first bytes of the value
	 * @param body the rest of the value
	 * @return the reply
	 */
	Reply set(MemcachedKey key, int expiry, byte[] header, byte[] body);

	/**
	 * Stores if the key holds nothing.
	 * @param key the key
	 * @param expiry as for {@link #set}
	 * @param header the first bytes of the value
	 * @param body the rest of the value
	 * @return the reply
	 */
	Reply add(MemcachedKey key, int expiry, byte[] header, byte[] body);

	/**
	 * Stores if the item is still the one that was read.
	 * @param key the key
	 * @param expiry as for {@link #set}, or -1 to have the item end at once
	 * @param header the first bytes of the value
	 * @param body the rest of the value
	 * @param cas the number of the version that was read
	 * @return the reply
	 */
	Reply cas(MemcachedKey key, int expiry, byte[] header, byte[] body, long cas);

	/**
	 * Sets a new expiry.
	 * @param key the key
	 * @param expiry as for {@link #set}, or -1 to have the item end at once
	 * @return the reply
	 */
	Reply touch(MemcachedKey key, int expiry);

}
