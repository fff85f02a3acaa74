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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Which server a key belongs to.
 */
class RingTests {

	private static final int KEYS = 100_000;

	private static List<ServerAddress> servers(String... names) {
		return IntStream.range(0, names.length).mapToObj((i) -> ServerAddress.parse(names[i])).toList();
	}

	private static String owner(Ring ring, List<ServerAddress> servers, int key) {
		return servers.get(ring.owner(ring.point(MemcachedKey.of("key:" + key).hash()))).name();
	}

	@Test
	void everyInstanceSpreadsKeysAlikeInWhateverOrderItNamesTheServers() {
		List<ServerAddress> servers = servers("a", "b:1", "c", "[::1]:5", "10.0.0.1*3");
		List<ServerAddress> shuffled = new ArrayList<>(servers);
		Collections.reverse(shuffled);
		Ring ring = new Ring(servers);
		Ring other = new Ring(shuffled);
		for (int i = 0; i < KEYS; i++) {
			assertThat(owner(other, shuffled, i)).isEqualTo(owner(ring, servers, i));
		}
	}

	@Test
	void theRingIsTheSameInEveryVersion() {
		List<ServerAddress> servers = servers("cache1:11211", "cache2:11211", "cache3:11211*2");
		Ring ring = new Ring(servers);
		StringBuilder owners = new StringBuilder();
		for (int i = 0; i < 40; i++) {
			owners.append(owner(ring, servers, i).charAt(5));
		}
		assertThat(owners).hasToString("2223223231132233133133132133323231222113");
	}

	@Test
	void addingAServerTakesItsShareFromTheOthersAndMovesNothingElse() {
		List<ServerAddress> four = servers("a", "b", "c", "d");
		List<ServerAddress> five = servers("e", "a", "b", "c", "d");
		Ring before = new Ring(four);
		Ring after = new Ring(five);
		int moved = 0;
		for (int i = 0; i < KEYS; i++) {
			String now = owner(after, five, i);
			if (!now.equals(owner(before, four, i))) {
				assertThat(now).isEqualTo("e:11211");
				moved++;
			}
		}
		assertThat(moved / (double) KEYS).isBetween(0.16, 0.24);
	}

	@Test
	void sharesFollowTheWeightsAndTellWhatIsSo() {
		List<ServerAddress> servers = servers("a", "b*2", "c*5");
		Ring ring = new Ring(servers);
		int[] counts = new int[3];
		for (int i = 0; i < KEYS; i++) {
			counts[ring.owner(ring.point(MemcachedKey.of("key:" + i).hash()))]++;
		}
		double sum = 0;
		for (int s = 0; s < 3; s++) {
			assertThat(ring.share(s)).isBetween(0.85 * servers.get(s).weight() / 8, 1.15 * servers.get(s).weight() / 8);
			assertThat(counts[s] / (double) KEYS).isBetween(ring.share(s) - 0.01, ring.share(s) + 0.01);
			sum += ring.share(s);
		}
		assertThat(sum).isBetween(0.999999, 1.000001);
	}

	@Test
	void weightsCountByTheirRatio() {
		List<ServerAddress> light = servers("a", "b*2", "c");
		List<ServerAddress> heavy = servers("a*500", "b*1000", "c*500");
		Ring ring = new Ring(heavy);
		Ring other = new Ring(light);
		assertThat(ring.size()).isEqualTo(other.size());
		for (int i = 0; i < KEYS; i++) {
			assertThat(owner(ring, heavy, i)).isEqualTo(owner(other, light, i));
		}
	}

	@Test
	void pointsAreBoundedWhateverTheWeights() {
		List<ServerAddress> servers = IntStream.range(0, 40)
			.mapToObj((i) -> new ServerAddress("cache" + i, 11211, (i == 0) ? 10 : 1000 - i))
			.toList();
		Ring ring = new Ring(servers);
		assertThat(ring.size()).isLessThanOrEqualTo(200_000);
		int sum = servers.stream().mapToInt(ServerAddress::weight).sum();
		for (int s = 1; s < 40; s++) {
			assertThat(ring.share(s) * sum / servers.get(s).weight()).isBetween(0.9, 1.1);
		}
		assertThat(ring.share(0)).isPositive();
	}

	@Test
	void aSingleServerIsHomeToAll() {
		Ring ring = new Ring(servers("a"));
		assertThat(ring.share(0)).isEqualTo(1);
		assertThat(ring.owner(ring.point(Long.MAX_VALUE))).isZero();
		assertThat(ring.owner(ring.point(Long.MIN_VALUE))).isZero();
		assertThat(ring.next(ring.size() - 1)).isZero();
	}

	@Test
	void aServerThatIsListedTwiceIsRefusedWithTheRemedy() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Ring(servers("a", "b", "A:11211")))
			.withMessage("The memcached server 'A:11211' is listed twice; list it once, with a weight "
					+ "('A:11211*2') if it should take more keys");
		assertThatIllegalArgumentException().isThrownBy(() -> ServerPool.create(List.of(), ClientSettings.defaults()))
			.withMessageContaining("configure at least one");
	}

}
