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

package io.failsoft.memcached.sample;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.function.Supplier;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/**
 * Admits requests that come from this machine, to a name that only this machine has, from
 * a page of this application. The name matters: a page somewhere on the web may have its
 * own name resolve to 127.0.0.1 and so reach what listens there (DNS rebinding).
 */
final class AtThisMachine implements AuthorizationManager<RequestAuthorizationContext> {

	private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

	@Override
	public AuthorizationDecision authorize(Supplier<? extends @Nullable Authentication> authentication,
			RequestAuthorizationContext context) {
		return new AuthorizationDecision(admits(context.getRequest()));
	}

	/**
	 * Whether a request may act on this machine's processes.
	 * @param request the request
	 * @return {@code true} if it was sent from this machine to this machine
	 */
	static boolean admits(HttpServletRequest request) {
		return isLoopback(request.getRemoteAddr()) && NAMES.contains(request.getServerName())
				&& isSameOrigin(request, request.getHeader(HttpHeaders.ORIGIN));
	}

	private static boolean isLoopback(String address) {
		try {
			// An address, so no name is looked up.
			return InetAddress.getByName(address).isLoopbackAddress();
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	/**
	 * Another application on this machine can set this one's cookie, as cookies know no
	 * ports, but not this header.
	 */
	private static boolean isSameOrigin(HttpServletRequest request, @Nullable String origin) {
		if (origin == null) {
			return true;
		}
		try {
			URI uri = URI.create(origin);
			return request.getServerName().equals(uri.getHost()) && request.getServerPort() == port(uri);
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static int port(URI origin) {
		if (origin.getPort() != -1) {
			return origin.getPort();
		}
		return "https".equals(origin.getScheme()) ? 443 : 80;
	}

}
