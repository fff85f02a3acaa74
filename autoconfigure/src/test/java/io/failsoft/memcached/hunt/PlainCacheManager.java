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

package io.failsoft.memcached.hunt;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.support.AbstractValueAdaptingCache;

/**
 * The control: the cache that anybody would write first. It gets, sets and deletes, takes
 * 250 ms to lose its patience, and leaves failures to an error handler that logs them.
 */
final class PlainCacheManager implements CacheManager {

	private static final int TIMEOUT_MILLIS = 250;

	private final List<PlainServer> servers = new ArrayList<>();

	private final Map<String, Cache> caches = new ConcurrentHashMap<>();

	PlainCacheManager(String... servers) {
		for (String server : servers) {
			int colon = server.lastIndexOf(':');
			this.servers.add(new PlainServer(
					new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)))));
		}
	}

	@Override
	public Cache getCache(String name) {
		return this.caches.computeIfAbsent(name, PlainCache::new);
	}

	@Override
	public Collection<String> getCacheNames() {
		return this.caches.keySet();
	}

	private PlainServer server(Object key) {
		return this.servers.get(Math.floorMod(key.hashCode(), this.servers.size()));
	}

	private final class PlainCache extends AbstractValueAdaptingCache {

		private final String name;

		PlainCache(String name) {
			super(false);
			this.name = name;
		}

		@Override
		public String getName() {
			return this.name;
		}

		@Override
		public Object getNativeCache() {
			return PlainCacheManager.this;
		}

		@Override
		protected @Nullable Object lookup(Object key) {
			String[] found = server(key).call("get " + this.name + key + "\r\n").split("[ \r\n]+");
			return found[0].equals("VALUE")
					? new Row(Integer.parseInt(found[4]), Long.parseLong(found[5]), Integer.parseInt(found[6])) : null;
		}

		@Override
		public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
			Object found = null;
			try {
				found = lookup(key);
			}
			catch (UncheckedIOException ex) {
				// as after a miss
			}
			try {
				@SuppressWarnings("unchecked")
				T value = (T) ((found != null) ? found : valueLoader.call());
				if (found == null) {
					putQuietly(key, value);
				}
				return value;
			}
			catch (Exception ex) {
				throw new ValueRetrievalException(key, valueLoader, ex);
			}
		}

		private void putQuietly(Object key, @Nullable Object value) {
			try {
				put(key, value);
			}
			catch (UncheckedIOException ex) {
				// swallowed
			}
		}

		@Override
		public void put(Object key, @Nullable Object value) {
			if (value instanceof Row row) {
				String text = row.key() + " " + row.version() + " " + row.putBy();
				server(key).call("set " + this.name + key + " 0 0 " + text.length() + "\r\n" + text + "\r\n");
			}
		}

		@Override
		public void evict(Object key) {
			server(key).call("delete " + this.name + key + "\r\n");
		}

		@Override
		public void clear() {
			UncheckedIOException failure = null;
			for (PlainServer server : PlainCacheManager.this.servers) {
				try {
					server.call("flush_all\r\n");
				}
				catch (UncheckedIOException ex) {
					failure = ex;
				}
			}
			if (failure != null) {
				throw failure;
			}
		}

	}

	/**
	 * A server with a few connections, each used by one caller at a time.
	 */
	private static final class PlainServer {

		private final InetSocketAddress address;

		private final ArrayDeque<Socket> idle = new ArrayDeque<>();

		PlainServer(InetSocketAddress address) {
			this.address = address;
		}

		String call(String command) {
			try {
				Socket socket = take();
				try {
					socket.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
					String reply = readReply(new BufferedInputStream(socket.getInputStream()));
					give(socket);
					return reply;
				}
				catch (IOException ex) {
					socket.close();
					throw ex;
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private Socket take() throws IOException {
			synchronized (this.idle) {
				Socket socket = this.idle.poll();
				if (socket != null) {
					return socket;
				}
			}
			Socket socket = new Socket();
			try {
				socket.setTcpNoDelay(true);
				socket.setSoTimeout(TIMEOUT_MILLIS);
				socket.connect(this.address, TIMEOUT_MILLIS);
				return socket;
			}
			catch (IOException ex) {
				socket.close();
				throw ex;
			}
		}

		private void give(Socket socket) {
			synchronized (this.idle) {
				this.idle.push(socket);
			}
		}

		private static String readReply(InputStream in) throws IOException {
			StringBuilder reply = new StringBuilder();
			while (true) {
				String line = readLine(in);
				reply.append(line).append('\n');
				boolean more = line.startsWith("VALUE ") || (reply.indexOf("VALUE ") == 0 && !line.equals("END"));
				if (!more) {
					return reply.toString();
				}
			}
		}

		private static String readLine(InputStream in) throws IOException {
			StringBuilder line = new StringBuilder();
			for (int c = in.read(); c != '\n'; c = in.read()) {
				if (c < 0) {
					throw new EOFException("the server closed the connection");
				}
				if (c != '\r') {
					line.append((char) c);
				}
			}
			return line.toString();
		}

	}

}
