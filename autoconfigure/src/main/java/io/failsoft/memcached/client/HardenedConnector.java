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
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import com.google.code.yanf4j.config.Configuration;
import com.google.code.yanf4j.core.impl.HandlerAdapter;
import com.google.code.yanf4j.nio.impl.Reactor;
import net.rubyeye.xmemcached.codec.MemcachedCodecFactory;
import net.rubyeye.xmemcached.command.TextCommandFactory;
import net.rubyeye.xmemcached.impl.ArrayMemcachedSessionLocator;
import net.rubyeye.xmemcached.impl.IndexMemcachedSessionComparator;
import net.rubyeye.xmemcached.impl.MemcachedConnector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A connector of xmemcached for one server, with one I/O thread, that only makes a
 * session of a channel that is connected already: no heal thread, no reconnection, no
 * shutdown hook, no dispatcher threads.
 */
final class HardenedConnector extends MemcachedConnector {

	private static final Log logger = LogFactory.getLog(HardenedConnector.class);

	private static final long JOIN_TIMEOUT = TimeUnit.MILLISECONDS.toNanos(200);

	private final String name;

	private final HardenedSession.Traffic traffic;

	/** The latest session; the one before has ended when it is opened. */
	private volatile @Nullable HardenedSession session;

	/**
	 * Creates a connector and starts its I/O thread. Leaves the inherited {@code start()}
	 * alone, which starts dispatchers, logs, and registers a shutdown hook if a system
	 * property asks for it.
	 * @param name the server's name
	 * @param traffic counts the bytes
	 * @throws IOException if no selector can be opened
	 */
	HardenedConnector(String name, HardenedSession.Traffic traffic) throws IOException {
		super(configuration(), new ArrayMemcachedSessionLocator(), new IndexMemcachedSessionComparator(), null,
				new TextCommandFactory(), 1, 1);
		this.name = name;
		this.traffic = traffic;
		// The listener that the superclass registers starts its heal thread.
		this.stateListeners.clear();
		setHandler(new HandlerAdapter());
		setCodecFactory(new MemcachedCodecFactory());
		this.started = true;
		initialSelectorManager();
		Reactor reactor = reactor();
		reactor.setName("failsoft-memcached-io-" + name);
		reactor.setUncaughtExceptionHandler((thread, ex) -> reactorDied(reactor, ex));
	}

	private static Configuration configuration() {
		Configuration configuration = new Configuration();
		configuration.setSelectorPoolSize(1);
		configuration.setSessionIdleTimeout(0);
		configuration.setCheckSessionTimeoutInterval(0);
		return configuration;
	}

	private void reactorDied(Reactor reactor, Throwable ex) {
		logger.debug("I/O thread of memcached " + this.name + " ended and will be replaced", ex);
		try {
			// Channels that are closed but registered are freed by their selector only.
			reactor.getSelector().close();
		}
		catch (IOException closing) {
			logger.debug("Cannot close a selector", closing);
		}
		abort("I/O thread ended: " + ex);
	}

	/**
	 * Stops the I/O thread and aborts the session if it is still open. Takes 200 ms at
	 * most.
	 */
	@Override
	public void stop() {
		this.started = false;
		this.selectorManager.stop();
		ClientThread.awaitEnd(reactor(), System.nanoTime() + JOIN_TIMEOUT);
		abort("client closed");
	}

	private void abort(String reason) {
		HardenedSession open = this.session;
		if (open != null) {
			open.abort(reason);
		}
	}

	/**
	 * Returns whether sessions can be opened.
	 * @return {@code false} if the I/O thread died
	 */
	boolean isUsable() {
		return reactor().isAlive();
	}

	private Reactor reactor() {
		return this.selectorManager.getReactorByIndex(0);
	}

	/**
	 * Makes a session of a connected channel; it reads from when it is activated. It
	 * takes over the buffers of the session before, unless a thread still uses them.
	 * @param socket a connected socket in non-blocking mode, to wait for
	 * @param channel the channel over it, to read and write
	 * @return the session
	 */
	HardenedSession open(SocketChannel socket, ByteChannel channel) {
		HardenedSession former = this.session;
		HardenedSession.Buffers free = (former != null) ? former.releaseBuffers() : null;
		HardenedSession opened = new HardenedSession(buildSessionConfig(socket, new ConcurrentLinkedQueue<>()),
				reactor(), channel, (free != null) ? free : HardenedSession.Buffers.allocate(), this.traffic);
		this.session = opened;
		return opened;
	}

}
