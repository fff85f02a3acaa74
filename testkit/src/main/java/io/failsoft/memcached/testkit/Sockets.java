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

package io.failsoft.memcached.testkit;

import java.io.IOException;
import java.net.Socket;

import org.jspecify.annotations.Nullable;

/**
 * Closes sockets whose failure to close changes nothing.
 */
final class Sockets {

	private Sockets() {
	}

	/**
	 * Closes a socket.
	 * @param socket the socket, if there is one
	 * @param how how the other side learns of it
	 */
	static void close(@Nullable Socket socket, FaultProxy.Cut how) {
		if (socket == null) {
			return;
		}
		try {
			if (how == FaultProxy.Cut.RST) {
				socket.setSoLinger(true, 0);
			}
		}
		catch (IOException ex) {
			// It is closed already.
		}
		closeQuietly(socket);
	}

	/**
	 * Closes what nothing depends on any more.
	 * @param closeable what to close
	 */
	static void closeQuietly(AutoCloseable closeable) {
		try {
			closeable.close();
		}
		catch (Exception ex) {
			// There is nothing left to close.
		}
	}

}
