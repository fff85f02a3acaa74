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
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

	private static final Pattern ANSWER = Pattern.compile("CONFIG cluster [0-9]{1,10} ([0-9]{1,6})\r\n(.*)\r\nEND\r\n",
			Pattern.DOTALL);

	private static final Pattern NODE = Pattern
		.compile("([A-Za-z0-9._:-]{0,255})\\|([A-Za-z0-9._:-]{0,255})\\|([0-9]{1,5})");

	private static final int MAX_SIZE = 64 * 1024;

	private static final int MAX_NODES = 1000;

	private final List<ServerAddress> endpoints;

	private final Dialer dialer;

	private final Duration connectTimeout;

	private final Duration timeout;

	private final @Nullable TlsSettings tls;

	private final Dialer.Resolver resolver;

	private List<ServerAddress> nodes = List.of();

	/** The version of the configuration that the nodes are of, or -1 for none. */
	private long version = -1;

	/**
	 * Creates a discovery.
	 * @param endpoints the endpoints
	 * @param connectTimeout bound on connecting to one address of an endpoint
	 * @param timeout bound on question and answer once connected
	 * @param tls how the question is encrypted, or {@code null} if it is not
	 * @param resolver resolves the name of an endpoint at each question
	 */
	ElastiCacheDiscovery(List<ServerAddress> endpoints, Duration connectTimeout, Duration timeout,
			@Nullable TlsSettings tls, Dialer.Resolver resolver) {
		this.endpoints = List.copyOf(endpoints);
		this.dialer = new Dialer(connectTimeout);
		this.connectTimeout = connectTimeout;
		this.timeout = timeout;
		this.tls = tls;
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
		for (String entry : lines.get(1).split(" +")) {
			read.add(node(entry));
		}
		if (read.stream().map((node) -> node.name().toLowerCase(Locale.ROOT)).distinct().count() < read.size()) {
			throw new IOException("a node is listed twice in the cluster configuration");
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
		return this.dialer.dial(this.resolver.resolve(endpoint.host()), endpoint, (channel) -> {
			try (channel) {
				return configuration(channel, endpoint);
			}
			catch (SocketTimeoutException ex) {
				throw new IOException("no answer in time", ex);
			}
		});
	}

	private String configuration(SocketChannel channel, ServerAddress endpoint) throws IOException {
		Socket socket = channel.socket();
		InputStream in = socket.getInputStream();
		if (this.tls != null) {
			TlsChannel encrypted = TlsChannel.open(channel, this.tls.engine(endpoint.host(), endpoint.port()),
					this.connectTimeout);
			encrypted.waitAtMost(this.timeout);
			encrypted.write(ByteBuffer.wrap(QUESTION));
			in = Channels.newInputStream(encrypted);
		}
		else {
			socket.getOutputStream().write(QUESTION);
		}
		long deadline = System.nanoTime() + this.timeout.toNanos();
		ByteArrayOutputStream received = new ByteArrayOutputStream();
		byte[] buffer = new byte[4096];
		while (received.size() <= MAX_SIZE) {
			long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
			if (left <= 0) {
				throw new SocketTimeoutException();
			}
			socket.setSoTimeout((int) left);
			int count = in.read(buffer);
			if (count < 0) {
				throw new IOException("closed before the end of the answer");
			}
			received.write(buffer, 0, count);
			String answer = received.toString(StandardCharsets.ISO_8859_1);
			Matcher whole = ANSWER.matcher(answer);
			if (whole.matches() && Integer.parseInt(whole.group(1)) == whole.group(2).length()) {
				return whole.group(2);
			}
			int end = answer.indexOf("\r\n");
			if (end >= 0 && !answer.startsWith("CONFIG cluster ")) {
				throw new IOException(
						"unexpected answer: " + TextLine.show(ByteBuffer.wrap(received.toByteArray()), end));
			}
		}
		throw new IOException("answer of more than " + MAX_SIZE + " bytes");
	}

	/**
	 * Breaks off a question under way, and answers no more.
	 */
	@Override
	public void close() {
		this.dialer.breakOff();
	}

}
