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

import java.net.InetSocketAddress;
import java.util.List;

import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The raw client over the text protocol, with its default settings: the unit of the
 * comparison.
 *
 * @param client the client
 */
record XmemcachedContender(MemcachedClient client) implements Contender {

	XmemcachedContender(List<InetSocketAddress> servers) {
		this(Server.unchecked(() -> new XMemcachedClientBuilder(servers).build()));
	}

	@Override
	public boolean takesBytes() {
		return true;
	}

	@Override
	public @Nullable Object get(Long key) {
		return Server.unchecked(() -> this.client.get(key(key)));
	}

	@Override
	public void put(Long key, Object value) {
		Server.unchecked(() -> this.client.set(key(key), 3600, value));
	}

	@Override
	public void evict(Long key) {
		Server.unchecked(() -> this.client.delete(key(key)));
	}

	private static String key(Long key) {
		return "benchmark:cities:" + key;
	}

	@Override
	public void close() {
		Server.closeUnchecked(this.client::shutdown);
	}

}
