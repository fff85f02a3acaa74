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

import com.google.code.ssm.CacheFactory;
import com.google.code.ssm.config.DefaultAddressProvider;
import com.google.code.ssm.providers.CacheConfiguration;
import com.google.code.ssm.providers.xmemcached.MemcacheClientFactoryImpl;
import com.google.code.ssm.spring.SSMCache;

/**
 * Simple Spring Memcached, over xmemcached and with its default Java serialization.
 */
final class SsmContenders {

	private static final int EXPIRATION_SECONDS = 3600;

	private SsmContenders() {
	}

	static Contender create(InetSocketAddress server) {
		CacheFactory factory = new CacheFactory();
		factory.setCacheName("cities");
		factory.setCacheClientFactory(new MemcacheClientFactoryImpl());
		factory.setAddressProvider(new DefaultAddressProvider(server.getHostString() + ":" + server.getPort()));
		CacheConfiguration configuration = new CacheConfiguration();
		configuration.setConsistentHashing(true);
		factory.setConfiguration(configuration);
		try {
			return new SpringContender(new SSMCache(factory.getObject(), EXPIRATION_SECONDS, false), () -> {
				try {
					factory.destroy();
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
			});
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
