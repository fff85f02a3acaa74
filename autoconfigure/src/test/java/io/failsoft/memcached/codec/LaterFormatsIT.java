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

package io.failsoft.memcached.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

import io.failsoft.memcached.cache.MemcachedCache;
import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A later version of this library shares a real memcached with this one, and writes items
 * of another form under the very keys that this one uses.
 */
class LaterFormatsIT {

	private static final int VERSION = 1;

	private static final int FLAGS = 2;

	private static final int RESERVED = 3;

	private static final int CODEC = 16;

	private static final int HEADER_LENGTH = 32;

	private static final String GENERATION = ValuesApplication.PREFIX + ":jdk:*g2";

	private static MemcachedServer server;

	private static ValuesApplication one;

	private static ValuesApplication other;

	@BeforeAll
	static void start() {
		server = MemcachedServer.start();
		one = ValuesApplication.start(server);
		other = ValuesApplication.start(server);
	}

	@AfterAll
	static void stop() {
		other.close();
		one.close();
		server.close();
	}

	/**
	 * Forms that a later version may use, each with a checksum that is right.
	 */
	@SuppressWarnings("ImmutableEnumChecker") // its functions have no state
	enum Later {

		VERSION_3(0, (item) -> with(item, VERSION, 3)),

		VERSION_3_WITH_A_LONGER_HEADER(0, (item) -> {
			byte[] longer = new byte[item.length + 8];
			System.arraycopy(item, 0, longer, 0, HEADER_LENGTH);
			System.arraycopy(item, HEADER_LENGTH, longer, HEADER_LENGTH + 8, item.length - HEADER_LENGTH);
			return with(longer, VERSION, 3);
		}),

		VERSION_3_WITHOUT_A_PAYLOAD(0, (item) -> with(Arrays.copyOf(item, HEADER_LENGTH), VERSION, 3)),

		ANOTHER_MAGIC(0, (item) -> with(item, 0, 0xFB)), A_SINGLE_BYTE(0, (item) -> Arrays.copyOf(item, 1)),

		NOTHING(0, (item) -> new byte[0]), A_FLAG_OF_ITS_OWN(0, (item) -> with(item, FLAGS, item[FLAGS] | 1 << 6)),

		A_RESERVED_BYTE(0, (item) -> with(item, RESERVED, 1)), ANOTHER_CODEC(0, (item) -> with(item, CODEC, 77)),

		FLAGS_OF_MEMCACHED(4294967295L, (item) -> with(item, VERSION, 3)),

		NEGATIVE_FLAGS_OF_MEMCACHED(2147483648L, (item) -> with(item, VERSION, 3));

		private final long flags;

		private final UnaryOperator<byte[]> form;

		Later(long flags, UnaryOperator<byte[]> form) {
			this.flags = flags;
			this.form = form;
		}

		/** Put in place of an item what a later version would have written. */
		void replace(String key) {
			List<String> reply = server.command("get " + key);
			assertThat(reply.get(0)).as(key).startsWith("VALUE " + key + " ");
			byte[] item = this.form.apply(reply.get(1).getBytes(StandardCharsets.ISO_8859_1));
			assertThat(server.command("set " + key + " " + this.flags + " 0 " + item.length + "\r\n"
					+ new String(item, StandardCharsets.ISO_8859_1)))
				.containsExactly("STORED");
		}

		private static byte[] with(byte[] item, int position, int value) {
			byte[] changed = item.clone();
			changed[position] = (byte) value;
			CRC32C crc = new CRC32C();
			crc.update(changed, 0, 4);
			crc.update(changed, 8, changed.length - 8);
			for (int i = 0; i < 4; i++) {
				changed[4 + i] = (byte) (crc.getValue() >>> (24 - 8 * i));
			}
			return changed;
		}

		/** Of all these it is only the codec that says why. */
		long counted() {
			return (this == ANOTHER_CODEC) ? 1 : 0;
		}

	}

	private long failures;

	private long decode;

	@BeforeEach
	void count() {
		this.failures = one.failures("jdk");
		this.decode = one.statistics("jdk").getFailures(Reason.DECODE);
	}

	@AfterEach
	void theSessionsStayUp() {
		for (ValuesApplication application : List.of(one, other)) {
			assertThat(application.servers().snapshots()).singleElement().satisfies((snapshot) -> {
				assertThat(snapshot.state()).isEqualTo(ServerSnapshot.State.UP);
				assertThat(snapshot.losses()).isZero();
			});
		}
	}

	private static String item(Later later) {
		return ValuesApplication.PREFIX + ":jdk:s:" + later;
	}

	private static Object call(ValuesApplication application, String id, Object result) throws Exception {
		Object value = application.call("jdk", id, () -> result);
		assertThat(value).isNotNull();
		return value;
	}

	@ParameterizedTest
	@EnumSource
	void anEntryIsAMissAndReplacedByWhateverIsWrittenNext(Later later) throws Exception {
		String id = later.toString();
		MemcachedCache cache = one.cache("jdk");
		call(one, id, "first");
		later.replace(item(later));
		assertThat(cache.get(id)).isNull();
		assertThat(call(one, id, "filled")).isEqualTo("filled");
		assertThat(call(other, id, "unwanted")).isEqualTo("filled");
		later.replace(item(later));
		assertThat(cache.putIfAbsent(id, "absent")).isNull();
		assertThat(call(other, id, "unwanted")).isEqualTo("absent");
		later.replace(item(later));
		cache.put(id, "put");
		assertThat(call(other, id, "unwanted")).isEqualTo("put");
		later.replace(item(later));
		assertThat(cache.get(id, () -> "loaded")).isEqualTo("loaded");
		assertThat(call(other, id, "unwanted")).isEqualTo("loaded");
		assertThat(one.failures("jdk") - this.failures)
			.isEqualTo(one.statistics("jdk").getFailures(Reason.DECODE) - this.decode);
		assertThat(one.statistics("jdk").getFailures(Reason.DECODE)).isEqualTo(this.decode + 4 * later.counted());
	}

	@ParameterizedTest
	@EnumSource
	void anEntryIsEvictedAndCleared(Later later) throws Exception {
		String id = later.toString();
		MemcachedCache cache = one.cache("jdk");
		call(one, id, "first");
		later.replace(item(later));
		cache.evict(id);
		assertThat(call(other, id, "after the eviction")).isEqualTo("after the eviction");
		assertThat(call(one, id, "unwanted")).isEqualTo("after the eviction");
		later.replace(item(later));
		cache.evictIfPresent(id);
		assertThat(call(other, id, "evicted again")).isEqualTo("evicted again");
		later.replace(item(later));
		cache.clear();
		assertThat(call(other, id, "after the clear")).isEqualTo("after the clear");
		assertThat(call(one, id, "unwanted")).isEqualTo("after the clear");
		assertThat(one.failures("jdk")).isEqualTo(this.failures);
	}

	@ParameterizedTest
	@EnumSource
	void aGenerationIsReplacedAndEndsWhatWasWrittenUnderTheOneBefore(Later later) throws Exception {
		String id = "under " + later;
		call(one, id, "first");
		assertThat(call(other, id, "unwanted")).isEqualTo("first");
		later.replace(GENERATION);
		assertThat(call(other, id, "second")).isEqualTo("second");
		assertThat(call(one, id, "unwanted")).isEqualTo("second");
		later.replace(GENERATION);
		one.cache("jdk").clear();
		assertThat(call(other, id, "third")).isEqualTo("third");
		assertThat(call(one, id, "unwanted")).isEqualTo("third");
		assertThat(one.failures("jdk")).isEqualTo(this.failures);
	}

	@Test
	void whileALaterVersionKeepsReplacingTheGenerationNothingIsStaleAndNothingFails() throws Exception {
		List<ValuesApplication> applications = List.of(one, other);
		int truth = 0;
		call(one, "any", "so that there is a generation");
		long failures = one.failures("jdk") + other.failures("jdk");
		long before = commands();
		int calls = 300;
		for (int i = 0; i < calls; i++) {
			ValuesApplication application = applications.get(i % 2);
			if (i % 3 == 0) {
				Later.VERSION_3.replace(GENERATION);
			}
			if (i % 5 == 0) {
				truth++;
				application.cache("jdk").evict("row");
			}
			assertThat(call(application, "row", truth)).isEqualTo(truth);
		}
		assertThat(one.failures("jdk") + other.failures("jdk")).isEqualTo(failures);
		// Read the entry, replace the generation, fill, and what this test itself asks.
		assertThat(commands() - before).isLessThan(5L * calls);
	}

	private static long commands() {
		return Long.parseLong(server.stats().getOrDefault("cmd_get", "0"))
				+ Long.parseLong(server.stats().getOrDefault("cmd_set", "0"));
	}

}
