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
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Opens connections to one server, and holds the I/O thread that serves them. Used by the
 * healer's thread only, but for {@link #breakOff}.
 */
final class LinkOpener {

	private final DefaultServer server;

	private final ClientSettings settings;

	private final PoolClock clock;

	private final Dialer dialer;

	private @Nullable HardenedConnector connector;

	/** Sessions whose buffers were not taken over yet, as the last of them may go on. */
	private final List<HardenedSession> sessions = new ArrayList<>();

	LinkOpener(DefaultServer server, ClientSettings settings, PoolClock clock, Dialer dialer) {
		this.server = server;
		this.settings = settings;
		this.clock = clock;
		this.dialer = dialer;
	}

	/**
	 * Connect. Blocks until the connection is there or the connect timeout has passed.
	 * @return a link that nobody uses yet
	 * @throws IOException if there is no connection
	 */
	ServerLink open() throws IOException {
		SocketChannel channel = this.dialer.dial();
		boolean opened = false;
		try {
			HardenedSession session = connector().open(channel, buffers());
			this.sessions.add(session);
			ServerLink link = new ServerLink(session, this.settings, this.clock, this.server,
					channel.getRemoteAddress());
			session.activate(link);
			opened = true;
			return link;
		}
		finally {
			if (!opened) {
				channel.close();
			}
		}
	}

	private HardenedSession.Buffers buffers() {
		for (Iterator<HardenedSession> former = this.sessions.iterator(); former.hasNext();) {
			HardenedSession.Buffers free = former.next().releaseBuffers();
			if (free != null) {
				former.remove();
				return free;
			}
		}
		return HardenedSession.Buffers.allocate();
	}

	private HardenedConnector connector() throws IOException {
		HardenedConnector usable = this.connector;
		if (usable == null || !usable.isUsable()) {
			stop();
			usable = new HardenedConnector(this.server.name(), this.server.traffic());
			this.connector = usable;
			usable.start();
		}
		return usable;
	}

	/**
	 * Stop the I/O thread, if there is one, and abort what is open.
	 */
	void stop() {
		HardenedConnector old = this.connector;
		this.connector = null;
		if (old != null) {
			old.stop();
		}
	}

	/**
	 * Break off an attempt to connect, and refuse any other. May be called on any thread.
	 */
	void breakOff() {
		this.dialer.close();
	}

}
