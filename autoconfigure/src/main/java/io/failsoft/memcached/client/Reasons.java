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
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * Says in a few words why a server cannot be used.
 */
final class Reasons {

	private Reasons() {
	}

	static String of(Throwable ex) {
		if (ex instanceof UnknownHostException) {
			return "unknown host";
		}
		if (ex instanceof SocketTimeoutException) {
			return "connect timed out";
		}
		if (ex instanceof NoRouteToHostException) {
			return "no route to host";
		}
		String message = ex.getMessage();
		if (ex instanceof ConnectException && message != null && message.contains("refused")) {
			return "refused";
		}
		if (ex instanceof IOException && message != null) {
			return message.toLowerCase(Locale.ROOT);
		}
		return ex.toString();
	}

	static String of(Reply reply) {
		Failure failure = reply.failure();
		String detail = reply.detail();
		String description = (failure != null) ? failure.description() : "unexpected answer";
		return (detail != null) ? description + " (" + detail + ")" : description;
	}

}
