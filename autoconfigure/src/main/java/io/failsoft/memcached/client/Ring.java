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

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * A ring for consistent hashing (Karger et al., 1997): each server has many points on a
 * circle of 64-bit numbers, and a key belongs to the next point at or after its own
 * number. The points of a server depend on its name and weight alone, so every instance
 * that names the same servers spreads keys alike, in whatever order it names them and
 * whatever the names resolve to; and adding a server takes keys from the others only for
 * itself. Immutable.
 */
final class Ring {

	/**
	 * Points per unit of weight, by the smallest whole numbers of the same ratio. Shares
	 * deviate by about 1 / sqrt(points), here 5 percent.
	 */
	private static final int POINTS = 400;

	/**
	 * The points of all servers at most, but for one per server. Over it each has fewer,
	 * by the ratio of their weights.
	 */
	private static final int MAX_POINTS = 1 << 17;

	private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

	private final long[] points;

	private final int[] owners;

	private final double[] shares;

	/**
	 * Computes the ring.
	 * @param servers the servers; an owner is an index into this list
	 * @throws IllegalArgumentException if there are none, too many, or two of one name
	 */
	Ring(List<ServerAddress> servers) {
		if (servers.isEmpty() || servers.size() > Short.MAX_VALUE) {
			throw new IllegalArgumentException("There are " + servers.size()
					+ " memcached servers; configure at least one and at most " + Short.MAX_VALUE);
		}
		Map<String, Integer> sorted = new TreeMap<>();
		for (int i = 0; i < servers.size(); i++) {
			ServerAddress server = servers.get(i);
			if (sorted.put(name(server), i) != null) {
				throw new IllegalArgumentException(
						"The memcached server '" + server.name() + "' is listed twice; list it once, with a weight ('"
								+ server.name() + "*2') if it should take more keys");
			}
		}
		long weights = servers.stream().mapToLong(ServerAddress::weight).sum();
		long divisor = servers.stream()
			.map((server) -> BigInteger.valueOf(server.weight()))
			.reduce(BigInteger.ZERO, BigInteger::gcd)
			.longValue();
		long most = Math.min(weights / divisor * POINTS, MAX_POINTS);
		// In the order of their names, so that equal points, however unlikely, have the
		// same owner everywhere.
		Map<Long, Integer> owned = new TreeMap<>();
		sorted.values()
			.forEach((owner) -> points(servers.get(owner), most, weights)
				.forEach((point) -> owned.putIfAbsent(point, owner)));
		this.points = owned.keySet().stream().mapToLong(Long::longValue).toArray();
		this.owners = owned.values().stream().mapToInt(Integer::intValue).toArray();
		this.shares = shares(servers.size());
	}

	private static LongStream points(ServerAddress server, long most, long weights) {
		long seed = MemcachedKey.fnv(name(server).getBytes(StandardCharsets.UTF_8));
		return LongStream.rangeClosed(1, Math.max(1, server.weight() * most / weights))
			.map((i) -> mix(seed + i * GOLDEN_GAMMA));
	}

	/** Names of hosts are the same in upper and lower case. */
	private static String name(ServerAddress server) {
		return server.name().toLowerCase(Locale.ROOT);
	}

	/** The output function of SplitMix64 (Steele, Lea, Flood, 2014). */
	private static long mix(long number) {
		long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

	private double[] shares(int servers) {
		double[] sums = new double[servers];
		for (int i = 0; i < this.points.length; i++) {
			long previous = this.points[(i == 0) ? this.points.length - 1 : i - 1];
			sums[this.owners[i]] += ((this.points[i] - previous) >>> 11) * 0x1.0p-53;
		}
		if (servers == 1) {
			sums[0] = 1;
		}
		return sums;
	}

	/**
	 * Returns the point that a key belongs to.
	 * @param hash the key's number
	 * @return an index for {@link #owner(int)}
	 */
	int point(long hash) {
		int position = Arrays.binarySearch(this.points, hash);
		if (position < 0) {
			position = -position - 1;
		}
		return (position == this.points.length) ? 0 : position;
	}

	/**
	 * Returns the owner of a key.
	 * @param hash the key's number
	 * @return an index into the list of the servers
	 */
	int home(long hash) {
		return this.owners[point(hash)];
	}

	int next(int point) {
		return (point + 1 == this.points.length) ? 0 : point + 1;
	}

	/**
	 * Returns the number of a point; keys of just this number belong to it.
	 */
	long hash(int point) {
		return this.points[point];
	}

	int owner(int point) {
		return this.owners[point];
	}

	int size() {
		return this.points.length;
	}

	double share(int server) {
		return this.shares[server];
	}

}
