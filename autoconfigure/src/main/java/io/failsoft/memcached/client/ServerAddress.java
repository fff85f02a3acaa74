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

/**
 * Where a server is and which share of the keys it takes.
 *
 * @param host a host name or an IP address (IPv6 without brackets)
 * @param port the port, 1 to 65535
 * @param weight the share relative to the other servers, 1 to 1000
 */
public record ServerAddress(String host, int port, int weight) {

	/** The port where none is given. */
	public static final int DEFAULT_PORT = 11211;

	/**
	 * Check the parts.
	 * @param host see {@link #host()}
	 * @param port see {@link #port()}
	 * @param weight see {@link #weight()}
	 * @throws IllegalArgumentException if a part is out of its range
	 */
	public ServerAddress {
		if (host.isEmpty() || host.chars().anyMatch((c) -> c <= ' ' || c == '[' || c == ']' || c == '*' || c == '/')) {
			throw new IllegalArgumentException("host '" + host + "' is not a host name or an IP address");
		}
		if (port < 1 || port > 65535) {
			throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
		}
		if (weight < 1 || weight > 1000) {
			throw new IllegalArgumentException("weight " + weight + " is not between 1 and 1000");
		}
	}

	/**
	 * Read {@code host[:port][*weight]}; IPv6 addresses stand in brackets.
	 * @param text the text
	 * @return the address
	 * @throws IllegalArgumentException if the text is not of that form; the message says
	 * why
	 */
	public static ServerAddress parse(String text) {
		String rest = text.trim();
		int scheme = rest.indexOf("://");
		if (scheme >= 0) {
			throw new IllegalArgumentException("leave out the scheme, '" + rest.substring(0, scheme + 3) + "'");
		}
		int weight = 1;
		int star = rest.lastIndexOf('*');
		if (star >= 0) {
			weight = number(rest.substring(star + 1), "weight");
			rest = rest.substring(0, star);
		}
		int port = DEFAULT_PORT;
		String host;
		if (rest.startsWith("[")) {
			int close = rest.indexOf(']');
			if (close < 0) {
				throw new IllegalArgumentException("the bracket of the IPv6 address is not closed");
			}
			host = rest.substring(1, close);
			if (host.indexOf(':') < 0) {
				throw new IllegalArgumentException("'" + host + "' is not an IPv6 address");
			}
			String after = rest.substring(close + 1);
			if (!after.isEmpty()) {
				if (!after.startsWith(":")) {
					throw new IllegalArgumentException("'" + after + "' follows the bracket, expected ':port'");
				}
				port = number(after.substring(1), "port");
			}
		}
		else {
			int colon = rest.indexOf(':');
			if (colon != rest.lastIndexOf(':')) {
				throw new IllegalArgumentException("it has several colons; an IPv6 address stands in brackets");
			}
			host = (colon < 0) ? rest : rest.substring(0, colon);
			if (colon >= 0) {
				port = number(rest.substring(colon + 1), "port");
			}
		}
		return new ServerAddress(host, port, weight);
	}

	private static int number(String text, String what) {
		try {
			if (!text.isEmpty() && text.length() <= 9 && text.chars().allMatch((c) -> c >= '0' && c <= '9')) {
				return Integer.parseInt(text);
			}
		}
		catch (NumberFormatException ex) {
			// said below
		}
		throw new IllegalArgumentException(what + " '" + text + "' is not a number");
	}

	/**
	 * The name that the ring is keyed by.
	 * @return {@code host:port}, with an IPv6 address in brackets
	 */
	public String name() {
		return ((this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host) + ":" + this.port;
	}

}
