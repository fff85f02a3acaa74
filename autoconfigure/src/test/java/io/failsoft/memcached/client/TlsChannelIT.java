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

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.failsoft.memcached.testkit.FaultProxy;
import io.failsoft.memcached.testkit.FaultProxy.Cut;
import io.failsoft.memcached.testkit.MemcachedServer;
import io.failsoft.memcached.testkit.MemcachedServerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What goes wrong with TLS on the wire: records that are larger, smaller or later than
 * replies, keys that change, handshakes that do not end.
 */
class TlsChannelIT {

	private static final ClientSettings SETTINGS = TestTls.with(TestTls.settings(), TestPool.patient());

	private static final MemcachedServerOptions OPTIONS = MemcachedServerOptions.defaults()
		.withTls(TestTls.localhost());

	private static ServerAddress address(FaultProxy proxy) {
		return new ServerAddress("localhost", proxy.port(), 1);
	}

	private static FakeServer fake(FakeServer.Script script) throws IOException {
		return new FakeServer(TestTls.localhost().context().getServerSocketFactory(), script);
	}

	private static byte[] random(int size) {
		byte[] value = new byte[size];
		new Random(size).nextBytes(value);
		return value;
	}

	@Test
	void whenThreeRepliesComeInOneRecordThenAllAreHandledAtOnce() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		try (FakeServer server = fake((line) -> !line.equals("gets a") ? null
				: (asked.incrementAndGet() < 3) ? FakeServer.SILENCE : "END\r\nEND\r\nEND\r\n");
				TestPool pool = new TestPool(SETTINGS, server.address())) {
			Link link = pool.up();
			List<Reply> replies = TestPool.repeat(3, () -> link.gets(TestPool.key("a")));
			assertThat(replies).allSatisfy((reply) -> assertThat(reply.await(TestPool.WAIT).failure()).isNull());
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenEachByteHasARecordOrAPieceOfOneForItselfThenAReplyIsWhole(boolean record) {
		try (MemcachedServer server = MemcachedServer.start(OPTIONS);
				FaultProxy proxy = record ? FaultProxy.insideTls(server) : FaultProxy.to(server)) {
			proxy.split(1);
			try (TestPool pool = new TestPool(SETTINGS, address(proxy))) {
				byte[] value = random(500);
				assertThat(TestPool.set(pool.up(), "a", value).stored()).isTrue();
				assertThat(TestPool.value(TestPool.get(pool.up(), "a"))).isEqualTo(value);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void valuesOfAnySizeAndManyAtOnceComeBackAsTheyWere(String protocol) {
		ClientSettings settings = TestTls.with(TestTls.settings(protocol), TestPool.patient());
		try (MemcachedServer server = MemcachedServer.start(OPTIONS);
				TestPool pool = new TestPool(settings, TestPool.address(server))) {
			Link link = pool.up();
			for (int size : new int[] { 0, 1, 16_300, 16_384, 16_400, 65_500, 65_536, 65_600, 900_000 }) {
				assertThat(TestPool.set(link, "a", random(size)).stored()).isTrue();
				assertThat(TestPool.value(TestPool.get(link, "a"))).isEqualTo(random(size));
			}
			// More than the I/O thread reads at once; then nothing wakes it any more.
			List<Reply> replies = TestPool.repeat(6, () -> link.gets(TestPool.key("a")));
			assertThat(replies).allSatisfy(
					(reply) -> assertThat(TestPool.value(reply.await(TestPool.WAIT))).isEqualTo(random(900_000)));
		}
	}

	/**
	 * A memcached does not look at what follows a large value in its record until more
	 * comes.
	 */
	@Test
	void whenSmallRequestsFollowALargeOneThenTheServerAnswersAll() {
		try (MemcachedServer server = MemcachedServer.start(OPTIONS);
				TestPool pool = new TestPool(SETTINGS, TestPool.address(server))) {
			Link link = pool.up();
			for (int size = 10_000; size < 200_000; size += 1_900) {
				byte[] value = random(size);
				// The first keep the I/O thread busy, so that the others go out together.
				List<Reply> replies = new ArrayList<>(TestPool.repeat(10, () -> link.gets(TestPool.key("a"))));
				Reply set = link.set(TestPool.key("b"), 0, new byte[0], value);
				replies.addAll(TestPool.repeat(10, () -> link.gets(TestPool.key("a"))));
				assertThat(set.await(TestPool.WAIT).stored()).isTrue();
				assertThat(replies).allSatisfy((reply) -> assertThat(reply.await(TestPool.WAIT).failure()).isNull());
			}
		}
	}

	@Test
	void whenTheServerDoesNotReadThenWhatWasTakenIsSentOnceItDoes() {
		try (MemcachedServer server = MemcachedServer.start(OPTIONS);
				FaultProxy proxy = FaultProxy.to(server);
				TestPool pool = new TestPool(SETTINGS, address(proxy))) {
			Link link = pool.up();
			proxy.holdRequests();
			List<Reply> replies = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				replies.add(link.set(TestPool.key("k" + i), 0, new byte[0], random(900_000 + i)));
			}
			proxy.releaseRequests();
			assertThat(replies).allSatisfy((reply) -> assertThat(reply.await(TestPool.WAIT).stored()).isTrue());
		}
	}

	@Test
	void whenTheServerChangesItsKeysThenTheConnectionLivesOn() throws Exception {
		try (FakeServer server = fake((line) -> null); TestPool pool = new TestPool(SETTINGS, server.address())) {
			Link link = pool.up();
			for (int i = 0; i < 20; i++) {
				server.changeKeys();
				assertThat(TestPool.set(link, "a", random(i)).stored()).isTrue();
				assertThat(TestPool.value(TestPool.get(link, "a"))).isEqualTo(random(i));
			}
			assertThat(pool.losses).hasValue(0);
		}
	}

	@Test
	void whenTheServerAsksForAnotherHandshakeThenTheConnectionIsLostAndMadeAnew() throws Exception {
		try (FakeServer server = fake((line) -> null);
				TestPool pool = new TestPool(TestTls.with(TestTls.settings("TLSv1.2"), TestPool.patient()),
						server.address())) {
			pool.up();
			server.changeKeys();
			TestPool.await("lost", () -> pool.losses.get() == 1);
			assertThat(TestPool.set(pool.up(), "a", random(1)).stored()).isTrue();
		}
	}

	@ParameterizedTest
	@EnumSource
	void whenTheConnectionEndsWithoutANoticeThenItIsLost(Cut how) {
		try (MemcachedServer server = MemcachedServer.start(OPTIONS);
				FaultProxy proxy = FaultProxy.to(server);
				TestPool pool = new TestPool(SETTINGS, address(proxy))) {
			Link link = pool.up();
			proxy.holdReplies();
			Reply reply = link.gets(TestPool.key("a"));
			proxy.cut(how);
			assertThat(reply.await(TestPool.WAIT).failure()).isEqualTo(Failure.CONNECTION_LOST);
			proxy.pass();
			assertThat(TestPool.get(pool.up(), "a").failure()).isNull();
		}
	}

	@Test
	void whenPlainBytesComeThenTheyAreNoReply() {
		try (MemcachedServer server = MemcachedServer.start(OPTIONS);
				FaultProxy proxy = FaultProxy.to(server);
				TestPool pool = new TestPool(SETTINGS, address(proxy))) {
			Link link = pool.up();
			proxy.holdReplies();
			Reply reply = link.gets(TestPool.key("a"));
			proxy.inject(TestPool.bytes("END\r\nEND\r\n"));
			assertThat(reply.await(TestPool.WAIT).failure()).isEqualTo(Failure.CONNECTION_LOST);
		}
	}

	@Test
	void whenTheClientHelloIsNotAnsweredThenNothingSpinsAndOtherServersAreUsed() throws Exception {
		try (MemcachedServer server = MemcachedServer.start(OPTIONS);
				FaultProxy hung = FaultProxy.to(server);
				FaultProxy well = FaultProxy.to(server)) {
			hung.blackHole();
			ClientSettings hasty = TestTls.with(TestTls.settings(), TestPool.settings());
			try (TestPool pool = new TestPool(hasty, address(hung), address(well))) {
				TestPool.await("the other is up", () -> pool.pool.servers().get(1).link() != null);
				TestPool.await("given up", () -> pool.snapshot().lastFailure() != null);
				assertThat(pool.snapshot().lastFailure()).isEqualTo("no answer to the tls handshake in time");
				Thread healer = Thread.getAllStackTraces()
					.keySet()
					.stream()
					.filter((thread) -> thread.getName().equals("failsoft-memcached-localhost:" + hung.port()))
					.findFirst()
					.orElseThrow();
				ThreadMXBean threads = ManagementFactory.getThreadMXBean();
				long before = threads.getThreadCpuTime(healer.getId());
				Thread.sleep(1000);
				assertThat(threads.getThreadCpuTime(healer.getId()) - before).as("nanoseconds of a second")
					.isLessThan(300_000_000);
			}
		}
	}

	@Test
	void whenTheClientHelloIsNotAnsweredThenClosingDoesNotWait() {
		try (MemcachedServer server = MemcachedServer.start(OPTIONS); FaultProxy proxy = FaultProxy.to(server)) {
			proxy.blackHole();
			ClientSettings patient = new ClientSettings(Duration.ofMinutes(1), Duration.ofSeconds(1), 1024, 1L << 20, 3,
					Duration.ofMillis(500), false, null, null, TestTls.settings());
			TestPool pool = new TestPool(patient, address(proxy));
			TestPool.await("it waits", () -> proxy.counters().requestBytes() > 0);
			assertThat(Stopwatch.millis(pool::close)).isLessThan(1000);
		}
	}

	@Test
	void theNameThatWasLookedUpIsSentAndVerified() throws Exception {
		Dialer.Resolver resolver = (host) -> new InetAddress[] { InetAddress.getLoopbackAddress() };
		try (FakeServer server = new FakeServer(TestTls.example().context().getServerSocketFactory(), (line) -> null)) {
			List<ServerAddress> names = List.of(new ServerAddress("cache.example.com", server.address().port(), 1));
			try (DefaultServerPool pool = new DefaultServerPool(names, new DnsDiscovery(names, resolver),
					Duration.ofSeconds(10), SETTINGS, resolver)) {
				pool.start((joined) -> new TestPool.OpenGate());
				TestPool.await("it is up", () -> pool.servers().get(0).link() != null);
				assertThat(pool.servers().get(0).name()).isEqualTo(server.address().name());
				assertThat(server.requestedNames()).containsExactly("cache.example.com");
			}
		}
	}

	@Test
	void twentyRestartsLeaveNoThreadSocketOrBufferBehind() throws Exception {
		try (MemcachedServer server = MemcachedServer.start(OPTIONS);
				TestPool pool = new TestPool(SETTINGS, TestPool.address(server))) {
			restart(server, pool, 2);
			Set<Thread> threads = TestPool.threads();
			long sockets = files();
			long memory = directMemory();
			restart(server, pool, 20);
			assertThat(TestPool.threadsSince(threads)).isEmpty();
			TestPool.await("no more files", () -> files() <= sockets + 2);
			assertThat(directMemory()).isLessThan(memory + 512 * 1024);
		}
	}

	private static void restart(MemcachedServer server, TestPool pool, int times) {
		for (int i = 0; i < times; i++) {
			pool.up();
			int losses = pool.losses.get();
			server.kill();
			TestPool.await("lost", () -> pool.losses.get() > losses);
			server.restart();
			assertThat(TestPool.set(pool.up(), "a", random(100_000)).stored()).isTrue();
		}
	}

	/** Open files of this process, where the system tells them. */
	private static long files() {
		try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
			return open.count();
		}
		catch (IOException ex) {
			return 0;
		}
	}

	private static long directMemory() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((bean) -> bean.getName().equals("direct"))
			.mapToLong(BufferPoolMXBean::getMemoryUsed)
			.sum();
	}

}
