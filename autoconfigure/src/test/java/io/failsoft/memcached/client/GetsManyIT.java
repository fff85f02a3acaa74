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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many keys in one command.
 */
class GetsManyIT {

	private static final MemcachedKey[] ODD = { TestPool.key("odd"), TestPool.key("even") };

	private static List<MemcachedKey> keys(int count) {
		return IntStream.range(0, count).mapToObj((i) -> TestPool.key("k" + i)).toList();
	}

	@Test
	void eachItemIsFoundAtThePlaceOfItsKey() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start(TestTls.options());
				TestPool pool = new TestPool(TestPool.patient(), TestPool.address(memcached))) {
			Link link = pool.up();
			byte[] large = new byte[300_000];
			Arrays.fill(large, (byte) 'x');
			TestPool.set(link, "k1", TestPool.bytes("one"));
			TestPool.set(link, "k3", large);
			TestPool.set(link, "k8", new byte[0]);
			Reply reply = link.gets(keys(9).toArray(MemcachedKey[]::new)).await(TestPool.WAIT);
			assertThat(reply.failure()).isNull();
			assertThat(reply.outcome()).isEqualTo("miss");
			for (int i : new int[] { 0, 2, 4, 5, 6, 7 }) {
				assertThat(reply.item(i)).isNull();
			}
			assertThat(TestPool.item(reply.item(1)).value()).isEqualTo(TestPool.bytes("one"));
			assertThat(TestPool.item(reply.item(3)).value()).isEqualTo(large);
			assertThat(TestPool.item(reply.item(8)).value()).isEmpty();
			assertThat(link.cas(TestPool.key("k1"), 0, new byte[0], new byte[0], TestPool.item(reply.item(1)).cas())
				.await(TestPool.WAIT)
				.stored()).isTrue();
			assertThat(link.gets(TestPool.key("k1"), TestPool.key("k3")).await(TestPool.WAIT).outcome())
				.isEqualTo("hit");
			TestPool.await("nothing is under way", () -> pool.snapshot().inFlight() == 0);
			assertThat(pool.snapshot().queuedBytes()).isZero();
		}
	}

	@Test
	void aCommandIsWrittenInPortionsOfASmallBuffer() throws Exception {
		List<MemcachedKey> keys = IntStream.range(0, 30).mapToObj((i) -> TestPool.key("k".repeat(240) + i)).toList();
		StringBuilder line = new StringBuilder("gets");
		keys.forEach((key) -> line.append(' ').append(key));
		line.append("\r\n");
		try (FakeServer server = FakeServer.healthy();
				TestPool pool = new TestPool(TestPool.settings(), server.address())) {
			GetsOperation operation = new GetsOperation((ServerLink) pool.up(), keys.toArray(MemcachedKey[]::new));
			assertThat(operation.size()).isEqualTo(line.length());
			StringBuilder written = new StringBuilder();
			ByteBuffer buffer = ByteBuffer.allocate(1024);
			buffer.position(900);
			assertThat(operation.encode(buffer)).as("no room for the first key").isFalse();
			assertThat(buffer.position()).isEqualTo(900);
			boolean done;
			do {
				buffer.clear();
				done = operation.encode(buffer);
				written.append(new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII));
			}
			while (!done);
			assertThat(written).hasToString(line.toString());
		}
	}

	@Test
	void whenAProxyAnswersInAnotherOrderThenEachItemStillFindsItsKey() throws Exception {
		List<MemcachedKey> keys = keys(50);
		StringBuilder answer = new StringBuilder();
		List<MemcachedKey> reversed = new ArrayList<>(keys);
		Collections.reverse(reversed);
		reversed.forEach((key) -> answer.append("VALUE " + key + " 0 " + key.bytes().length + " 7\r\n" + key + "\r\n"));
		answer.append("END\r\n");
		try (FakeServer server = new FakeServer((line) -> line.startsWith("gets k0 ") ? answer.toString() : null);
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Reply reply = pool.up().gets(keys.toArray(MemcachedKey[]::new)).await(TestPool.WAIT);
			assertThat(reply.failure()).isNull();
			for (int i = 0; i < keys.size(); i++) {
				assertThat(TestPool.item(reply.item(i)).value()).isEqualTo(keys.get(i).bytes());
			}
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "VALUE other 0 1 1\r\nx\r\nEND\r\n", "VALUE odd 0 1 1\r\nx\r\nVALUE odd 0 1 1\r\nx\r\nEND\r\n",
					"VALUE ev 0 1 1\r\nx\r\nEND\r\n", "VALUE even 0 1 1\r\nxx\r\nEND\r\n", "STORED\r\n" })
	void whenAnAnswerIsMalformedThenNoItemIsShownAndTheConnectionIsReplaced(String answer) throws Exception {
		try (FakeServer server = new FakeServer((line) -> line.startsWith("gets odd") ? answer : null);
				TestPool pool = new TestPool(TestPool.patient(), server.address())) {
			Link link = pool.up();
			Reply reply = link.gets(ODD).await(TestPool.WAIT);
			assertThat(reply.failure()).isEqualTo(Failure.PROTOCOL_ERROR);
			assertThat(reply.item(0)).isNull();
			TestPool.await("a new link", () -> pool.server().link() != link);
		}
	}

	@Test
	void tenThousandKeysInLinesOf8KbDoNotBlockEachOther() throws Exception {
		try (MemcachedServer memcached = MemcachedServer.start(TestTls.options());
				TestPool pool = new TestPool(TestPool.patient(), TestPool.address(memcached))) {
			Link link = pool.up();
			List<MemcachedKey> all = keys(10_000);
			List<Reply> writes = all.stream().map((key) -> link.set(key, 0, new byte[0], key.bytes())).toList();
			writes.forEach((write) -> assertThat(write.await(TestPool.WAIT).stored()).isTrue());
			List<List<MemcachedKey>> lines = new ArrayList<>();
			for (int from = 0; from < all.size(); from += 1000) {
				lines.add(all.subList(from, from + 1000));
			}
			List<Reply> replies = lines.stream().map((line) -> link.gets(line.toArray(MemcachedKey[]::new))).toList();
			for (int i = 0; i < lines.size(); i++) {
				Reply reply = replies.get(i).await(TestPool.WAIT);
				assertThat(reply.outcome()).isEqualTo("hit");
				for (int k = 0; k < 1000; k++) {
					assertThat(TestPool.item(reply.item(k)).value()).isEqualTo(lines.get(i).get(k).bytes());
				}
			}
		}
	}

}
