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

package io.failsoft.memcached.faults;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.failsoft.memcached.cache.TestCacheKeys;
import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.ServerPool;
import io.failsoft.memcached.client.TestNames;
import io.failsoft.memcached.client.TestTls;
import io.failsoft.memcached.testkit.FaultProxy.Cut;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * All faults of the matrix.
 */
@SuppressWarnings("ImmutableEnumChecker") // the factories keep no state
enum Faults {

	REFUSED_AT_START("refused at start", RefusedAtStart::new),

	UNKNOWN_HOST("unknown host", UnknownHost::new),

	BLACK_HOLE_AT_START("black hole at start", BlackHoleAtStart::new),

	KILLED("killed", Killed::new),

	HUNG("hung (SIGSTOP)", Hung::new),

	HUNG_WITH_BREAKER_CLOSED("hung, breaker still closed", HungWithBreakerClosed::new),

	ACCEPTS_AND_CLOSES("accepts and closes", AcceptsAndCloses::new),

	GARBAGE("garbage with CRLF", () -> new Garbage("?!\r\n")),

	GARBAGE_WITHOUT_CRLF("garbage without CRLF", () -> new Garbage("?!")),

	SURPLUS_REPLIES("surplus replies", SurplusReplies::new),

	FOREIGN_FLAGS("items with flags up to 2^32-1", ForeignFlags::new),

	CONNECTION_LIMIT("connection limit reached", ConnectionLimit::new),

	SERVER_ERROR("SERVER_ERROR", ServerError::new),

	SLOW("slower than the timeout", Slow::new),

	NETWORK_CUT("network cut", NetworkCut::new),

	FULL_SEND_BUFFER("full send buffer", FullSendBuffer::new);

	private final String label;

	private final Supplier<Fault> factory;

	Faults(String label, Supplier<Fault> factory) {
		this.label = label;
		this.factory = factory;
	}

	String label() {
		return this.label;
	}

	Fault create() {
		return this.factory.get();
	}

	private static final class RefusedAtStart extends Fault {

		@Override
		boolean worksAtFirst() {
			return false;
		}

		@Override
		String address(TestBed bed) {
			return bed.server().host() + ":" + bed.server().port();
		}

		@Override
		void inject(TestBed bed) {
			bed.server().kill();
		}

		@Override
		void heal(TestBed bed) {
			bed.server().restart();
		}

	}

	private static final class UnknownHost extends Fault {

		@Override
		boolean worksAtFirst() {
			return false;
		}

		@Override
		String address(TestBed bed) {
			return "no-such-host.invalid:" + bed.proxy().port();
		}

		@Override
		List<Class<?>> configurations() {
			return List.of(Names.class);
		}

		@Override
		void heal(TestBed bed) {
			bed.application().bean(TestNames.class).know();
		}

		@Configuration(proxyBeanMethods = false)
		static class Names {

			@Bean
			TestNames names() {
				return new TestNames();
			}

			@Bean
			ServerPool servers(TestNames names, MemcachedConnectionDetails details) {
				return names.pool(details.getServers(), TestTls.defaults());
			}

		}

	}

	private static final class BlackHoleAtStart extends Fault {

		private @Nullable BlackHole hole;

		private @Nullable MemcachedServer server;

		@Override
		boolean worksAtFirst() {
			return false;
		}

		@Override
		void inject(TestBed bed) throws IOException {
			this.hole = new BlackHole();
		}

		@Override
		String address(TestBed bed) {
			return "127.0.0.1:" + hole().port();
		}

		private BlackHole hole() {
			if (this.hole == null) {
				throw new IllegalStateException("not injected");
			}
			return this.hole;
		}

		@Override
		void heal(TestBed bed) throws IOException {
			int port = hole().port();
			hole().close();
			this.server = MemcachedServer.start(TestTls.options().withPort(port));
		}

		@Override
		public void close() throws IOException {
			if (this.hole != null) {
				this.hole.close();
			}
			if (this.server != null) {
				this.server.close();
			}
		}

	}

	private static final class Killed extends Fault {

		@Override
		String address(TestBed bed) {
			return bed.server().host() + ":" + bed.server().port();
		}

		@Override
		void inject(TestBed bed) {
			bed.server().kill();
		}

		@Override
		void heal(TestBed bed) {
			bed.server().restart();
		}

	}

	private static class Hung extends Fault {

		@Override
		String address(TestBed bed) {
			return bed.server().host() + ":" + bed.server().port();
		}

		@Override
		void inject(TestBed bed) {
			bed.server().pause();
		}

		@Override
		void heal(TestBed bed) {
			bed.server().resume();
		}

	}

	private static final class HungWithBreakerClosed extends Hung {

		@Override
		boolean leavesServerUp() {
			return true;
		}

		@Override
		List<String> properties() {
			return List.of(BREAKER_STAYS_CLOSED);
		}

	}

	/** Large values are sent to a hung server until its socket takes no more. */
	private static final class FullSendBuffer extends Hung {

		@Override
		boolean leavesServerUp() {
			return true;
		}

		@Override
		List<String> properties() {
			return List.of(BREAKER_STAYS_CLOSED);
		}

		@Override
		void inject(TestBed bed) {
			super.inject(bed);
			Cache cache = bed.application().caches().getCache(Catalogue.OTHERS);
			if (cache == null) {
				throw new AssertionError("no cache");
			}
			byte[] value = new byte[900_000];
			new Random(1).nextBytes(value);
			List<CompletableFuture<Void>> puts = new ArrayList<>();
			for (int i = 0; i < 12; i++) {
				String key = "large" + i;
				puts.add(CompletableFuture.runAsync(() -> cache.put(key, value), (task) -> new Thread(task).start()));
			}
			puts.forEach(CompletableFuture::join);
		}

	}

	private static final class AcceptsAndCloses extends Fault {

		@Override
		void inject(TestBed bed) {
			bed.proxy().acceptAndClose();
		}

		@Override
		void heal(TestBed bed) {
			bed.proxy().pass();
		}

	}

	private static final class Garbage extends Fault {

		private final byte[] garbage;

		Garbage(String garbage) {
			this.garbage = garbage.getBytes(StandardCharsets.US_ASCII);
		}

		@Override
		void inject(TestBed bed) {
			bed.proxy().answer(this.garbage);
		}

		@Override
		void heal(TestBed bed) {
			bed.proxy().pass();
		}

	}

	private static final class SurplusReplies extends Fault {

		private static final List<String> REPLIES = List.of("END\r\n", "STORED\r\n", "ERROR Too many\r\n",
				"VALUE x 0 1 1\r\nx\r\nEND\r\n", "STORED\r\nSTORED\r\n");

		private int next;

		@Override
		void disturb(TestBed bed, String key) {
			bed.proxy().inject(REPLIES.get(this.next++ % REPLIES.size()).getBytes(StandardCharsets.US_ASCII));
		}

	}

	/** Another client has left items at our keys that no Java int can count. */
	private static final class ForeignFlags extends Fault {

		private static final long[] FLAGS = { 4294967295L, 2147483648L, 2147483647L };

		private int next;

		@Override
		List<String> properties() {
			return List.of(BREAKER_STAYS_CLOSED);
		}

		@Override
		boolean leavesServerUp() {
			return true;
		}

		@Override
		void inject(TestBed bed) {
			for (String cache : Catalogue.CACHES) {
				store(bed, TestCacheKeys.generation(RunningApplication.PREFIX, cache));
			}
		}

		@Override
		void disturb(TestBed bed, String key) {
			for (String cache : Catalogue.CACHES) {
				store(bed, TestCacheKeys.entry(RunningApplication.PREFIX, cache, key));
			}
		}

		private void store(TestBed bed, String memcachedKey) {
			String command = "set " + memcachedKey + " " + FLAGS[this.next++ % FLAGS.length] + " 0 5\r\nhello";
			List<String> reply = bed.server().command(command);
			if (!reply.equals(List.of("STORED"))) {
				throw new AssertionError(command + ": " + reply);
			}
		}

	}

	private static final class ConnectionLimit extends Fault {

		private static final int LIMIT = 40;

		private final List<Socket> others = new ArrayList<>();

		@Override
		boolean worksAtFirst() {
			return false;
		}

		@Override
		MemcachedServerOptions options() {
			return MemcachedServerOptions.defaults().withConnectionLimit(LIMIT);
		}

		@Override
		String address(TestBed bed) {
			return bed.server().host() + ":" + bed.server().port();
		}

		@Override
		void inject(TestBed bed) throws IOException {
			for (int i = 0; i < LIMIT + 10; i++) {
				Socket other = new Socket();
				other.connect(new InetSocketAddress(bed.server().host(), bed.server().port()), 2000);
				this.others.add(other);
			}
		}

		@Override
		void heal(TestBed bed) throws IOException {
			close();
		}

		@Override
		public void close() throws IOException {
			for (Socket other : this.others) {
				other.close();
			}
		}

	}

	private static final class ServerError extends Fault {

		@Override
		void inject(TestBed bed) {
			bed.proxy().answer("SERVER_ERROR out of memory storing object\r\n".getBytes(StandardCharsets.US_ASCII));
		}

		@Override
		void heal(TestBed bed) {
			bed.proxy().pass();
		}

	}

	private static final class Slow extends Fault {

		@Override
		boolean leavesServerUp() {
			return true;
		}

		@Override
		List<String> properties() {
			return List.of(BREAKER_STAYS_CLOSED);
		}

		@Override
		void inject(TestBed bed) {
			bed.proxy().delayReplies(Duration.ofMillis(400));
		}

		@Override
		void heal(TestBed bed) {
			bed.proxy().pass();
		}

	}

	/** Nothing passes any more, and what was under way is lost. */
	private static final class NetworkCut extends Fault {

		@Override
		void inject(TestBed bed) {
			bed.proxy().blackHole();
		}

		@Override
		void heal(TestBed bed) {
			bed.proxy().cut(Cut.RST);
			bed.proxy().pass();
		}

	}

}
