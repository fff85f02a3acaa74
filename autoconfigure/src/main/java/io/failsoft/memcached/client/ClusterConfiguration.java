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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The configuration of an ElastiCache cluster: a line with its version, and one with its
 * nodes as {@code host|ip|port}, separated by spaces.
 *
 * @param version the version, which grows with each change
 * @param nodes the nodes
 */
record ClusterConfiguration(long version, List<ServerAddress> nodes) {

	private static final int MAX_NODES = 1000;

	/**
	 * Read a configuration.
	 * @param text what the endpoint holds
	 * @return the configuration
	 * @throws IOException if the text is none
	 */
	static ClusterConfiguration parse(String text) throws IOException {
		List<String> lines = text.lines().map(String::strip).filter((line) -> !line.isEmpty()).toList();
		if (lines.size() != 2 || !lines.get(0).matches("[0-9]{1,18}")) {
			throw new IOException("not a cluster configuration");
		}
		List<ServerAddress> nodes = new ArrayList<>();
		Set<String> names = new HashSet<>();
		for (String entry : lines.get(1).split(" +")) {
			ServerAddress node = node(entry);
			if (!names.add(node.name().toLowerCase(Locale.ROOT))) {
				throw new IOException("a node is listed twice in the cluster configuration");
			}
			nodes.add(node);
		}
		if (nodes.size() > MAX_NODES) {
			throw new IOException("more than " + MAX_NODES + " nodes in the cluster configuration");
		}
		return new ClusterConfiguration(Long.parseLong(lines.get(0)), List.copyOf(nodes));
	}

	private static ServerAddress node(String text) throws IOException {
		String[] parts = text.split("\\|", -1);
		if (parts.length == 3 && parts[2].matches("[0-9]{1,5}")) {
			String host = parts[0].isEmpty() ? parts[1] : parts[0];
			try {
				if (host.matches("[A-Za-z0-9._:-]{1,255}")) {
					return new ServerAddress(host, Integer.parseInt(parts[2]), 1);
				}
			}
			catch (IllegalArgumentException ex) {
				// said below
			}
		}
		throw new IOException("a malformed node in the cluster configuration");
	}

}
