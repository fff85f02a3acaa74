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

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A discovery that takes each address of each configured name for a server. Of a name
 * that has addresses of both families those of one count, as they are most likely the
 * same servers.
 * <p>
 * An address is given up only after it was missing in a few answers in a row: a name
 * server may answer with a changing part of a long list, and a server that comes and goes
 * must not have all others begin anew.
 */
final class DnsDiscovery implements Discovery {

	static final int MISSING_ANSWERS = 3;

	private static final int MAX_ADDRESSES = 1000;

	private final Dialer.Resolver resolver;

	/** The answers in a row that each known address was missing in, by name. */
	private final Map<ServerAddress, Map<String, Integer>> known = new LinkedHashMap<>();

	DnsDiscovery(List<ServerAddress> names, Dialer.Resolver resolver) {
		this.resolver = resolver;
		names.forEach((name) -> this.known.put(name, new TreeMap<>()));
	}

	@Override
	public Found look() {
		Set<ServerAddress> servers = new LinkedHashSet<>();
		Map<ServerAddress, String> failures = new LinkedHashMap<>();
		this.known.forEach((name, addresses) -> {
			String failed = look(name, addresses);
			if (failed != null) {
				failures.put(name, failed);
			}
			for (String address : addresses.keySet()) {
				servers.add(new ServerAddress(address, name.port(), name.weight()));
			}
		});
		return new Found(List.copyOf(servers), failures);
	}

	/** The name that was looked up: the certificate is for it, not for an address. */
	@Override
	public String certificateName(ServerAddress server) {
		return this.known.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().port() == server.port() && entry.getValue().containsKey(server.host()))
			.map((entry) -> entry.getKey().host())
			.findFirst()
			.orElse(server.host());
	}

	private @Nullable String look(ServerAddress name, Map<String, Integer> addresses) {
		InetAddress[] answer;
		try {
			answer = this.resolver.resolve(name.host());
		}
		catch (UnknownHostException ex) {
			return Failure.reason(ex);
		}
		Set<String> present = ofOneFamily(answer);
		if (present.isEmpty()) {
			return "no address";
		}
		if (present.size() > MAX_ADDRESSES) {
			return "more than " + MAX_ADDRESSES + " addresses";
		}
		addresses.replaceAll((address, missing) -> missing + 1);
		addresses.values().removeIf((missing) -> missing >= MISSING_ANSWERS);
		present.forEach((address) -> addresses.put(address, 0));
		return null;
	}

	private Set<String> ofOneFamily(InetAddress[] answer) {
		boolean ipv4 = Arrays.stream(answer).anyMatch((address) -> address instanceof Inet4Address);
		boolean ipv6 = Arrays.stream(answer).anyMatch((address) -> !(address instanceof Inet4Address));
		boolean wantIpv4 = ipv4 && !(ipv6 && Boolean.getBoolean("java.net.preferIPv6Addresses"));
		return Arrays.stream(answer)
			.filter((address) -> address instanceof Inet4Address == wantIpv4)
			.map(InetAddress::getHostAddress)
			.collect(Collectors.toSet());
	}

}
