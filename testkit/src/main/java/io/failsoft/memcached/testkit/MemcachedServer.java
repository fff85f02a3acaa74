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
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * A real memcached, for tests: started on 127.0.0.1, killed, paused, resumed and
 * restarted at will.
 *
 * <p>
 * It runs, in this order, what the system property {@code memcached.binary} names (a
 * program, or the folder that holds it), the {@code memcached} on the {@code PATH}, one
 * in Homebrew's and the system's usual places, or a container if a docker engine answers.
 * If there is none of these, starting fails with the line that installs it.
 *
 * <p>
 * The server ends with {@link #close()}, and at the latest with this JVM, even if that is
 * killed. While a server that was started here is down, its port stays reserved: connects
 * are refused, and nobody else gets the port.
 *
 * <p>
 * All methods may be called by any thread. Those that change the server's state do so one
 * after the other.
 */
public final class MemcachedServer implements AutoCloseable {

	private final ServerLauncher launcher;

	private final MemcachedServerOptions options;

	private final Object lock = new Object();

	private final PortReservation reservation = new PortReservation();

	private volatile RunningServer running;

	private volatile boolean paused;

	private boolean closed;

	private MemcachedServer(Engine engine, MemcachedServerOptions options) {
		this.launcher = new ServerLauncher(engine, options);
		this.options = options;
		this.running = launch(options.port());
	}

	/**
	 * Starts a memcached with the default options on a port that is free, and returns as
	 * soon as it answers, which takes some tens of milliseconds.
	 * @return the running server
	 * @throws MemcachedStartException if there is no memcached on this machine, or it
	 * does not start
	 */
	public static MemcachedServer start() {
		return start(MemcachedServerOptions.defaults());
	}

	/**
	 * Starts a memcached and returns as soon as it answers.
	 * @param options what to start it with
	 * @return the running server
	 * @throws MemcachedStartException if there is no memcached on this machine, or it
	 * does not start, for instance because the port that the options name is in use; the
	 * message has the remedy and the last lines that memcached printed
	 * @throws IllegalArgumentException if memcached would refuse the options
	 */
	public static MemcachedServer start(MemcachedServerOptions options) {
		return start(Engine.choose(), options);
	}

	static MemcachedServer start(Engine engine, MemcachedServerOptions options) {
		options.validate();
		return new MemcachedServer(engine, options);
	}

	private RunningServer launch(int port) {
		RunningServer server = this.launcher.launch(port);
		server.onExit().whenComplete((status, failure) -> reserve(server));
		return server;
	}

	private void reserve(RunningServer ended) {
		synchronized (this.lock) {
			if (!this.closed && this.running == ended) {
				this.reservation.reserve(ended.port());
			}
		}
	}

	/**
	 * Returns where the server listens. It stays the same when the server is restarted.
	 * @return the address, on 127.0.0.1
	 */
	public InetSocketAddress address() {
		return ServerLauncher.address(port());
	}

	/**
	 * Returns the host to connect to.
	 * @return {@code 127.0.0.1}
	 */
	public String host() {
		return "127.0.0.1";
	}

	/**
	 * Returns the port to connect to. It stays the same when the server is restarted.
	 * @return the port
	 */
	public int port() {
		return this.running.port();
	}

	/**
	 * Returns what the server was started with.
	 * @return the options
	 */
	public MemcachedServerOptions options() {
		return this.options;
	}

	/**
	 * Returns the id of the process that is, or was last, the server; of a container, as
	 * its engine knows it.
	 * @return the process id
	 */
	public long pid() {
		return this.running.pid();
	}

	/**
	 * Says if there is a process, be it paused or not.
	 * @return false after {@link #kill()}, {@link #stop()} and {@link #close()}, and if
	 * somebody else ended it
	 */
	public boolean isRunning() {
		return !this.running.onExit().isDone();
	}

	/**
	 * Says if the server is paused.
	 * @return true between {@link #pause()} and what ends the pause
	 */
	public boolean isPaused() {
		return this.paused && isRunning();
	}

	/**
	 * Kills the server with SIGKILL, paused or not, and returns when it is gone: its
	 * connections are closed by the kernel, and connects are refused. What it had
	 * received but not executed never is. Does nothing if it is not running.
	 * @throws IllegalStateException if it is not gone within ten seconds
	 */
	public void kill() {
		synchronized (this.lock) {
			RunningServer server = this.running;
			server.killAndWait();
			this.paused = false;
			reserve(server);
		}
	}

	/**
	 * Ends the server with SIGTERM and returns when it is gone. A paused server wakes
	 * first. Does nothing if it is not running.
	 * @throws IllegalStateException if it is not gone within ten seconds
	 */
	public void stop() {
		synchronized (this.lock) {
			RunningServer server = this.running;
			server.terminateAndWait();
			this.paused = false;
			reserve(server);
		}
	}

	/**
	 * Pauses the server with SIGSTOP: from when this method returns it executes nothing,
	 * while the kernel still accepts connections and bytes for it. Does nothing if it is
	 * paused.
	 * @throws IllegalStateException if the server is not running
	 */
	public void pause() {
		synchronized (this.lock) {
			requireRunning();
			this.running.pause();
			this.paused = true;
		}
	}

	/**
	 * Ends a pause with SIGCONT: the server executes what arrived meanwhile. Does nothing
	 * if it is not paused.
	 * @throws IllegalStateException if the server is not running
	 */
	public void resume() {
		synchronized (this.lock) {
			requireRunning();
			this.running.resume();
			this.paused = false;
		}
	}

	/**
	 * Starts the server anew, empty and on the same port; one that is still running is
	 * killed first.
	 * @throws MemcachedStartException if it does not start
	 * @throws IllegalStateException if the server was closed
	 */
	public void restart() {
		synchronized (this.lock) {
			if (this.closed) {
				throw new IllegalStateException("A closed memcached cannot be restarted: start another one");
			}
			kill();
			int port = port();
			this.reservation.admitListener();
			this.running = launch(port);
			this.reservation.close();
		}
	}

	/**
	 * Returns the server's general statistics. Asking for them takes a connection of its
	 * own, which the statistics count.
	 * @return the statistics by name, in the server's order
	 * @throws UncheckedIOException if the server cannot be reached, or is silent for five
	 * seconds
	 */
	public Map<String, String> stats() {
		return stats("");
	}

	/**
	 * Returns statistics of one kind.
	 * @param kind the kind: {@code items}, {@code slabs}, {@code settings}, {@code sizes}
	 * or {@code conns}; empty for the general ones; {@code reset} sets the counters to
	 * zero and answers nothing
	 * @return the statistics by name, in the server's order
	 * @throws UncheckedIOException if the server cannot be reached, or is silent for five
	 * seconds
	 */
	public Map<String, String> stats(String kind) {
		return TextClient.statistics(command(("stats " + kind).strip()));
	}

	/**
	 * Sends one command of the text protocol over a connection of its own, after
	 * authentication if the server demands it, and returns the reply as it came.
	 * @param command the command without its line end; a data block follows after
	 * {@code \r\n}, as in {@code "set key 0 0 5\r\nvalue"}. One character is one byte
	 * (ISO 8859-1)
	 * @return the reply's lines without line ends, a value's data block as one line;
	 * empty if the server closed the connection without a reply
	 * @throws UncheckedIOException if the server cannot be reached, or is silent for five
	 * seconds
	 */
	public List<String> command(String command) {
		try {
			return this.launcher.client(port()).send(command);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(
					this + " did not answer \"" + command.lines().findFirst().orElse("") + "\": " + ex.getMessage(),
					ex);
		}
	}

	/**
	 * Returns the last lines that the server printed, at most 50.
	 * @return standard output and standard error, oldest line first
	 */
	public List<String> output() {
		return this.running.output();
	}

	/**
	 * Kills the server and gives its port back. It cannot be restarted. Does nothing if
	 * it is closed.
	 */
	@Override
	public void close() {
		synchronized (this.lock) {
			this.closed = true;
			kill();
			this.reservation.close();
		}
	}

	boolean isPortReserved() {
		synchronized (this.lock) {
			return this.reservation.isHeld();
		}
	}

	private void requireRunning() {
		if (!isRunning()) {
			throw new IllegalStateException(this + ": restart() it first");
		}
	}

	@Override
	public String toString() {
		String state = isPaused() ? "paused" : isRunning() ? "running" : "not running";
		return "memcached on 127.0.0.1:" + port() + " (" + state + ")";
	}

}
