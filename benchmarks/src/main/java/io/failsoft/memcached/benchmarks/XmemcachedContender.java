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

package io.failsoft.memcached.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeoutException;

import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.exception.MemcachedException;
import org.jspecify.annotations.Nullable;

/**
 * The raw client over the text protocol, with its default settings: the unit of the
 * comparison.
 */
final class XmemcachedContender implements Contender {

	private final MemcachedClient client;

	XmemcachedContender(List<InetSocketAddress> servers) {
		this.client = client(servers);
	}

	static MemcachedClient client(List<InetSocketAddress> servers) {
		try {
			return new XMemcachedClientBuilder(servers).build();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static void close(MemcachedClient client) {
		try {
			client.shutdown();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public boolean takesBytes() {
		return true;
	}

	@Override
	public @Nullable Object get(Long key) {
		return call(() -> this.client.get(key(key)));
	}

	@Override
	public void put(Long key, Object value) {
		call(() -> this.client.set(key(key), 3600, value));
	}

	@Override
	public void evict(Long key) {
		call(() -> this.client.delete(key(key)));
	}

	private static String key(Long key) {
		return "benchmark:cities:" + key;
	}

	private static <T> @Nullable T call(Command<T> command) {
		try {
			return command.send();
		}
		catch (TimeoutException | MemcachedException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		close(this.client);
	}

	/**
	 * A command of the client.
	 *
	 * @param <T> the type of its result
	 */
	private interface Command<T> {

		@Nullable T send() throws TimeoutException, MemcachedException, InterruptedException;

	}

}
