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

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The address of a server and the share of the keys that it takes.
 *
 * @param host a host name or an IP address (IPv6 without brackets)
 * @param port the port, 1 to 65535
 * @param weight the share relative to the other servers, 1 to 1000
 */
public record ServerAddress(String host, int port, int weight) {

	/** The port where none is given. */
	public static final int DEFAULT_PORT = 11211;

	private static final Pattern FORM = Pattern
		.compile("(?:\\[([^\\]]*:[^\\]]*)]|([^:\\[\\]*]*))(?::([0-9]{1,9}))?(?:\\*([0-9]{1,9}))?");

	/**
	 * Checks the parts.
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
	 * Reads {@code host[:port][*weight]}; IPv6 addresses stand in brackets.
	 * @param text the text
	 * @return the address
	 * @throws IllegalArgumentException if the text is not of that form; the message says
	 * why
	 */
	public static ServerAddress parse(String text) {
		int scheme = text.indexOf("://");
		if (scheme >= 0) {
			throw new IllegalArgumentException("leave out the scheme, '" + text.substring(0, scheme + 3) + "'");
		}
		Matcher parts = FORM.matcher(text.trim());
		if (!parts.matches()) {
			throw new IllegalArgumentException("it is malformed; an IPv6 address stands in brackets");
		}
		String host = (parts.group(1) != null) ? parts.group(1) : parts.group(2);
		return new ServerAddress(host, number(parts.group(3), DEFAULT_PORT), number(parts.group(4), 1));
	}

	private static int number(@Nullable String digits, int otherwise) {
		return (digits != null) ? Integer.parseInt(digits) : otherwise;
	}

	/**
	 * Returns the name that the ring is keyed by.
	 * @return {@code host:port}, with an IPv6 address in brackets
	 */
	public String name() {
		return ((this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host) + ":" + this.port;
	}

}
