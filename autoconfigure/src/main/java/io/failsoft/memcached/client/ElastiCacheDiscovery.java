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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A discovery that asks a configuration endpoint of Amazon ElastiCache for the nodes of
 * its cluster. If several endpoints are configured, the first that answers counts. Only a
 * newer configuration than the one that is known is taken, so that an endpoint that lags
 * does not bring back an old one.
 * <p>
 * Each question goes over a connection of its own, and is bounded in time and size,
 * whatever the endpoint does. A configuration is a line with its version, which grows
 * with each change, and one with its nodes as {@code host|ip|port}, separated by spaces.
 */
final class ElastiCacheDiscovery implements Discovery {

	/**
	 * No request waits for an exchange; an endpoint that is merely slow should be heard.
	 */
	static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(2);

	private static final byte[] QUESTION = TextLine.bytes("config get cluster\r\n");

	private static final Pattern HEAD = Pattern.compile("CONFIG cluster [0-9]{1,10} ([0-9]{1,6})\r\n.*",
			Pattern.DOTALL);

	private static final Pattern NODE = Pattern
		.compile("([A-Za-z0-9._:-]{0,255})\\|([A-Za-z0-9._:-]{0,255})\\|([0-9]{1,5})");

	private static final String TAIL = "\r\nEND\r\n";

	private static final int MAX_SIZE = 64 * 1024;

	private static final int MAX_NODES = 1000;

	private final List<ServerAddress> endpoints;

	private final int connectMillis;

	private final long timeoutNanos;

	private final LinkOpener.Resolver resolver;

	private List<ServerAddress> nodes = List.of();

	/** The version of the configuration that the nodes are of, or -1 for none. */
	private long version = -1;

	private volatile boolean closed;

	private volatile @Nullable Socket current;

	/**
	 * Creates a discovery.
	 * @param endpoints the endpoints
	 * @param connectTimeout bound on connecting to one address of an endpoint
	 * @param timeout bound on question and answer once connected
	 * @param resolver resolves the name of an endpoint at each question
	 */
	ElastiCacheDiscovery(List<ServerAddress> endpoints, Duration connectTimeout, Duration timeout,
			LinkOpener.Resolver resolver) {
		this.endpoints = List.copyOf(endpoints);
		this.connectMillis = (int) Math.max(1, connectTimeout.toMillis());
		this.timeoutNanos = timeout.toNanos();
		this.resolver = resolver;
	}

	@Override
	public Found look() {
		Map<ServerAddress, String> failures = new LinkedHashMap<>();
		for (ServerAddress endpoint : this.endpoints) {
			try {
				String lagging = take(ask(endpoint));
				failures.clear();
				if (lagging != null) {
					failures.put(endpoint, lagging);
				}
				break;
			}
			catch (IOException ex) {
				failures.put(endpoint, Failure.reason(ex));
			}
		}
		return new Found(this.nodes, failures);
	}

	/**
	 * Takes a configuration, unless it is older than the one that is known.
	 * @param text the configuration
	 * @return why it is not taken, or {@code null}
	 * @throws IOException if the text is no configuration
	 */
	private @Nullable String take(String text) throws IOException {
		List<String> lines = text.lines().map(String::strip).filter((line) -> !line.isEmpty()).toList();
		if (lines.size() != 2 || !lines.get(0).matches("[0-9]{1,18}")) {
			throw new IOException("not a cluster configuration");
		}
		List<ServerAddress> read = new ArrayList<>();
		Set<String> names = new HashSet<>();
		for (String entry : lines.get(1).split(" +")) {
			ServerAddress node = node(entry);
			if (!names.add(node.name().toLowerCase(Locale.ROOT))) {
				throw new IOException("a node is listed twice in the cluster configuration");
			}
			read.add(node);
		}
		if (read.size() > MAX_NODES) {
			throw new IOException("more than " + MAX_NODES + " nodes in the cluster configuration");
		}
		long answered = Long.parseLong(lines.get(0));
		if (answered < this.version) {
			return "version " + answered + " of the configuration after " + this.version;
		}
		if (answered > this.version) {
			this.version = answered;
			this.nodes = List.copyOf(read);
		}
		return null;
	}

	private static ServerAddress node(String text) throws IOException {
		Matcher parts = NODE.matcher(text);
		if (parts.matches()) {
			String host = parts.group(1).isEmpty() ? parts.group(2) : parts.group(1);
			try {
				return new ServerAddress(host, Integer.parseInt(parts.group(3)), 1);
			}
			catch (IllegalArgumentException ex) {
				// Ignore: the exception below says it.
			}
		}
		throw new IOException("a malformed node in the cluster configuration");
	}

	/**
	 * Asks for the configuration.
	 * @param endpoint the endpoint to ask
	 * @return the configuration
	 * @throws IOException if there was no answer in time, or one that is none
	 */
	private String ask(ServerAddress endpoint) throws IOException {
		IOException failure = null;
		for (InetAddress address : this.resolver.resolve(endpoint.host())) {
			try (Socket socket = new Socket()) {
				this.current = socket;
				if (this.closed) {
					throw new IOException("client closed");
				}
				socket.setTcpNoDelay(true);
				socket.setSoLinger(true, 0);
				socket.connect(new InetSocketAddress(address, endpoint.port()), this.connectMillis);
				return configuration(socket, System.nanoTime() + this.timeoutNanos);
			}
			catch (IOException ex) {
				failure = ex;
			}
			finally {
				this.current = null;
			}
		}
		throw (failure != null) ? failure : new UnknownHostException(endpoint.host());
	}

	private static String configuration(Socket socket, long deadline) throws IOException {
		socket.getOutputStream().write(QUESTION);
		InputStream in = socket.getInputStream();
		ByteArrayOutputStream received = new ByteArrayOutputStream();
		byte[] buffer = new byte[4096];
		while (true) {
			long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
			if (left <= 0) {
				throw new IOException("no answer in time");
			}
			socket.setSoTimeout((int) left);
			int count = read(in, buffer);
			if (count < 0) {
				throw new IOException("closed before the end of the answer");
			}
			received.write(buffer, 0, count);
			String answer = received.toString(StandardCharsets.ISO_8859_1);
			Matcher head = HEAD.matcher(answer);
			if (head.matches()) {
				int length = Integer.parseInt(head.group(1));
				int start = head.end(1) + 2;
				int end = start + length + TAIL.length();
				if (length > MAX_SIZE || (answer.length() >= end && !answer.substring(start + length).equals(TAIL))) {
					throw new IOException("a cluster configuration of another length than announced");
				}
				if (answer.length() == end) {
					return answer.substring(start, start + length);
				}
			}
			else if (answer.contains("\r\n")) {
				throw new IOException("unexpected answer: " + TextLine.show(answer.lines().findFirst().orElse("")));
			}
			if (received.size() > MAX_SIZE) {
				throw new IOException("answer of more than " + MAX_SIZE + " bytes");
			}
		}
	}

	private static int read(InputStream in, byte[] buffer) throws IOException {
		try {
			return in.read(buffer);
		}
		catch (SocketTimeoutException ex) {
			throw new IOException("no answer in time", ex);
		}
	}

	/**
	 * Breaks off a question under way, and answers no more.
	 */
	@Override
	public void close() {
		this.closed = true;
		Socket socket = this.current;
		if (socket != null) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// Ignore: closing is best effort.
			}
		}
	}

}
