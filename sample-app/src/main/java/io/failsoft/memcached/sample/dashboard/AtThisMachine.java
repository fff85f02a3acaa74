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

package io.failsoft.memcached.sample.dashboard;

import java.util.Set;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * A check that a request comes from this machine, to a name that only this machine has,
 * from a page of this application. The name matters: a page somewhere on the web may have
 * its own name resolve to 127.0.0.1 and so reach what listens there (DNS rebinding).
 */
final class AtThisMachine {

	private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

	private static final IpAddressMatcher LOOPBACK_4 = new IpAddressMatcher("127.0.0.0/8");

	private static final IpAddressMatcher LOOPBACK_6 = new IpAddressMatcher("::1");

	private AtThisMachine() {
	}

	/**
	 * Decides if a request may act.
	 * @param request the request
	 * @return {@code true} if it was sent from this machine to this machine
	 */
	static boolean admits(HttpServletRequest request) {
		return (LOOPBACK_4.matches(request) || LOOPBACK_6.matches(request)) && NAMES.contains(request.getServerName())
				&& isSameOrigin(request);
	}

	/**
	 * Another application on this machine can set this one's cookie, as cookies know no
	 * ports, but not this header.
	 */
	private static boolean isSameOrigin(HttpServletRequest request) {
		String origin = request.getHeader(HttpHeaders.ORIGIN);
		return origin == null
				|| origin.equals(ServletUriComponentsBuilder.fromRequestUri(request).replacePath(null).toUriString());
	}

}
