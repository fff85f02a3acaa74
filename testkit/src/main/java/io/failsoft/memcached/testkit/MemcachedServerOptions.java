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

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Options that a {@link MemcachedServer} is started with. Immutable, and so safe for use
 * by many threads: each {@code with} method answers a changed copy.
 */
public final class MemcachedServerOptions {

	private static final MemcachedServerOptions DEFAULTS = new MemcachedServerOptions(64, 1024 * 1024, 1024, 4, 0, null,
			null, List.of());

	private static final Set<String> RESERVED = Set.of("-d", "--daemon", "-p", "--port", "-l", "--listen", "-s",
			"--unix-socket", "-P", "--pidfile");

	private static final int DEFAULT_SLAB_CHUNK_BYTES = 512 * 1024;

	private final int memoryMegabytes;

	private final int maxItemBytes;

	private final int connectionLimit;

	private final int threads;

	private final int port;

	private final @Nullable Credentials credentials;

	private final @Nullable Tls tls;

	private final List<String> extraArguments;

	private MemcachedServerOptions(int memoryMegabytes, int maxItemBytes, int connectionLimit, int threads, int port,
			@Nullable Credentials credentials, @Nullable Tls tls, List<String> extraArguments) {
		this.memoryMegabytes = memoryMegabytes;
		this.maxItemBytes = maxItemBytes;
		this.connectionLimit = connectionLimit;
		this.threads = threads;
		this.port = port;
		this.credentials = credentials;
		this.tls = tls;
		this.extraArguments = List.copyOf(extraArguments);
	}

	/**
	 * Returns memcached's own defaults: 64 megabytes, items up to 1 MiB, 1024
	 * connections, 4 threads, no authentication; on a port that is chosen by the server.
	 * @return the default options
	 */
	public static MemcachedServerOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Returns a copy with another size of memory ({@code -m}). It has to hold twice the
	 * largest item.
	 * @param megabytes the memory for items, in units of 1024 * 1024 bytes, at least 1
	 * @return the changed copy
	 * @throws IllegalArgumentException if it is less than 1
	 */
	public MemcachedServerOptions withMemoryMegabytes(int megabytes) {
		require(megabytes >= 1, "memory of " + megabytes + " MB: give at least 1");
		return new MemcachedServerOptions(megabytes, this.maxItemBytes, this.connectionLimit, this.threads, this.port,
				this.credentials, this.tls, this.extraArguments);
	}

	/**
	 * Returns a copy with another limit of an item's size ({@code -I}), overhead
	 * included. A limit below 512 KiB also lowers {@code slab_chunk_max}, as memcached
	 * demands.
	 * @param bytes the size in bytes, from 1024 to 1 GiB, and at most half of the memory
	 * @return the changed copy
	 * @throws IllegalArgumentException if it is out of range
	 */
	public MemcachedServerOptions withMaxItemBytes(int bytes) {
		require(bytes >= 1024 && bytes <= 1024 * 1024 * 1024,
				"a largest item of " + bytes + " bytes: give 1024 to 1073741824");
		return new MemcachedServerOptions(this.memoryMegabytes, bytes, this.connectionLimit, this.threads, this.port,
				this.credentials, this.tls, this.extraArguments);
	}

	/**
	 * Returns a copy with another limit of concurrent connections ({@code -c}). memcached
	 * lowers its limit of file descriptors to about this number and needs some itself, so
	 * the least that works is 16 and four for each thread, and fewer connections than
	 * this number may be available. A connection over the limit is answered
	 * {@code ERROR Too many open connections} and closed.
	 * @param connections the number of connections
	 * @return the changed copy
	 * @throws IllegalArgumentException if it is less than 20
	 */
	public MemcachedServerOptions withConnectionLimit(int connections) {
		require(connections >= 20, "a limit of " + connections + " connections: memcached needs at least 20");
		return new MemcachedServerOptions(this.memoryMegabytes, this.maxItemBytes, connections, this.threads, this.port,
				this.credentials, this.tls, this.extraArguments);
	}

	/**
	 * Returns a copy with another number of worker threads ({@code -t}). With one thread
	 * the server executes commands of all connections one at a time.
	 * @param threads the number of threads, 1 to 64
	 * @return the changed copy
	 * @throws IllegalArgumentException if it is out of range
	 */
	public MemcachedServerOptions withThreads(int threads) {
		require(threads >= 1 && threads <= 64, threads + " threads: give 1 to 64");
		return new MemcachedServerOptions(this.memoryMegabytes, this.maxItemBytes, this.connectionLimit, threads,
				this.port, this.credentials, this.tls, this.extraArguments);
	}

	/**
	 * Returns a copy with a fixed port. Prefer the default: two builds on one machine
	 * then never meet.
	 * @param port the port to listen on, 1 to 65535, or 0 for one that is free
	 * @return the changed copy
	 * @throws IllegalArgumentException if it is out of range
	 */
	public MemcachedServerOptions withPort(int port) {
		require(port >= 0 && port <= 65535, "port " + port + ": give 1 to 65535, or 0 for one that is free");
		return new MemcachedServerOptions(this.memoryMegabytes, this.maxItemBytes, this.connectionLimit, this.threads,
				port, this.credentials, this.tls, this.extraArguments);
	}

	/**
	 * Returns a copy that demands authentication in the text protocol ({@code -Y}): a
	 * client's first command has to be a {@code set} of any key with the value
	 * {@code username password}.
	 * @param username the user's name
	 * @param password the password
	 * @return the changed copy
	 * @throws IllegalArgumentException if either is empty or has characters that
	 * memcached's password file cannot hold (only printable ASCII without space and colon
	 * is accepted), or if both together are longer than 200
	 */
	public MemcachedServerOptions withAuthentication(String username, String password) {
		return new MemcachedServerOptions(this.memoryMegabytes, this.maxItemBytes, this.connectionLimit, this.threads,
				this.port, new Credentials(username, password), this.tls, this.extraArguments);
	}

	/**
	 * Returns a copy that speaks TLS only ({@code -Z}), which needs an installed
	 * memcached that was built with it, as Debian's is.
	 * @param identity the server's certificate and key
	 * @return the changed copy
	 */
	public MemcachedServerOptions withTls(TestIdentity identity) {
		return withTls(new Tls(identity, false));
	}

	/**
	 * Returns a copy that speaks TLS only, and only with clients that present a
	 * certificate of the same authority as the server's.
	 * @param identity the server's certificate and key
	 * @return the changed copy
	 */
	public MemcachedServerOptions withMutualTls(TestIdentity identity) {
		return withTls(new Tls(identity, true));
	}

	private MemcachedServerOptions withTls(Tls demanded) {
		return new MemcachedServerOptions(this.memoryMegabytes, this.maxItemBytes, this.connectionLimit, this.threads,
				this.port, this.credentials, demanded, this.extraArguments);
	}

	/**
	 * Returns a copy with arguments that are appended to memcached's command line as they
	 * are, for instance {@code "-o", "no_lru_crawler"}; they replace those given before.
	 * @param arguments the arguments
	 * @return the changed copy
	 * @throws IllegalArgumentException if among them is one that would take the server
	 * out of this library's hands: {@code -d}, {@code -p}, {@code -l}, {@code -s},
	 * {@code -P}, or their long forms
	 */
	public MemcachedServerOptions withExtraArguments(String... arguments) {
		for (String argument : arguments) {
			String name = argument.startsWith("--") ? argument.replaceFirst("=.*", "") : argument;
			require(!RESERVED.contains(name), "the argument " + argument
					+ ": where it listens and whether it runs in the background are this library's to decide");
		}
		return new MemcachedServerOptions(this.memoryMegabytes, this.maxItemBytes, this.connectionLimit, this.threads,
				this.port, this.credentials, this.tls, List.of(arguments));
	}

	/**
	 * Returns the memory for items.
	 * @return the memory in megabytes
	 */
	public int memoryMegabytes() {
		return this.memoryMegabytes;
	}

	/**
	 * Returns the largest size of an item.
	 * @return the size in bytes
	 */
	public int maxItemBytes() {
		return this.maxItemBytes;
	}

	/**
	 * Returns the limit of concurrent connections.
	 * @return the number of connections
	 */
	public int connectionLimit() {
		return this.connectionLimit;
	}

	/**
	 * Returns the number of worker threads.
	 * @return the number of threads
	 */
	public int threads() {
		return this.threads;
	}

	/**
	 * Returns the port that was asked for.
	 * @return the port, 0 if the server is to choose
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Returns the name that a client has to authenticate with.
	 * @return the user's name, or null if the server demands no authentication
	 */
	public @Nullable String username() {
		return (this.credentials != null) ? this.credentials.username() : null;
	}

	/**
	 * Returns the password that a client has to authenticate with.
	 * @return the password, or null if the server demands no authentication
	 */
	public @Nullable String password() {
		return (this.credentials != null) ? this.credentials.password() : null;
	}

	/**
	 * Returns the arguments that are appended to the command line.
	 * @return the arguments, unmodifiable
	 */
	public List<String> extraArguments() {
		return this.extraArguments;
	}

	/**
	 * Returns memcached's arguments for limits and threads.
	 * @return the arguments
	 */
	List<String> arguments() {
		List<String> arguments = new ArrayList<>(
				List.of("-m", Integer.toString(this.memoryMegabytes), "-I", Integer.toString(this.maxItemBytes), "-c",
						Integer.toString(this.connectionLimit), "-t", Integer.toString(this.threads)));
		if (this.maxItemBytes < DEFAULT_SLAB_CHUNK_BYTES) {
			arguments.addAll(List.of("-o", "slab_chunk_max=" + this.maxItemBytes));
		}
		return arguments;
	}

	@Nullable Tls tls() {
		return this.tls;
	}

	@Nullable Credentials credentials() {
		return this.credentials;
	}

	/**
	 * Checks what only the options taken together can tell.
	 * @throws IllegalArgumentException if memcached would refuse the combination
	 */
	void validate() {
		require(this.maxItemBytes <= this.memoryMegabytes * 512L * 1024,
				"items of up to " + this.maxItemBytes + " bytes in " + this.memoryMegabytes
						+ " MB: memcached wants at least twice the largest item, so give more memory or a lower limit");
		int least = 16 + 4 * this.threads;
		require(this.connectionLimit >= least, "a limit of " + this.connectionLimit + " connections with "
				+ this.threads + " threads: give at least " + least + ", or fewer threads");
	}

	@Override
	public String toString() {
		return "MemcachedServerOptions[memoryMegabytes=" + this.memoryMegabytes + ", maxItemBytes=" + this.maxItemBytes
				+ ", connectionLimit=" + this.connectionLimit + ", threads=" + this.threads + ", port=" + this.port
				+ ", username=" + username() + ", extraArguments=" + this.extraArguments + "]";
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException("memcached cannot be started with " + message);
		}
	}

	/**
	 * The use of TLS.
	 *
	 * @param identity the server's certificate and key
	 * @param mutual whether clients have to present a certificate
	 */
	record Tls(TestIdentity identity, boolean mutual) {

	}

	/**
	 * A user of the text protocol.
	 *
	 * @param username the name
	 * @param password the password
	 */
	record Credentials(String username, String password) {

		private static final int LONGEST = 200;

		Credentials {
			check("username", username);
			check("password", password);
			require(username.length() + password.length() <= LONGEST,
					"a username and password of together more than " + LONGEST + " characters");
		}

		private static void check(String what, String value) {
			Objects.requireNonNull(value, what);
			require(!value.isEmpty() && value.chars().allMatch((c) -> c > ' ' && c < 127 && c != ':'), "a " + what
					+ " that is empty or has other characters than printable ASCII without space and colon");
		}

		@Override
		public String toString() {
			return "Credentials[username=" + this.username + "]";
		}

	}

}
