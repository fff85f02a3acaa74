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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Asks a configuration endpoint one question over a connection of its own. Bounded in
 * time and size, whatever the endpoint does. Used by one thread, except {@link #close()}.
 */
final class ConfigurationExchange {

	private static final byte[] CONFIG = TextLine.bytes("config get cluster\r\n");

	/** Of ElastiCache before memcached 1.4.14. */
	private static final byte[] OLDER = TextLine.bytes("get AmazonElastiCache:cluster\r\n");

	private static final Pattern HEAD = Pattern
		.compile("(?:CONFIG cluster|VALUE AmazonElastiCache:cluster) [0-9]{1,10} ([0-9]{1,6})\r\n.*", Pattern.DOTALL);

	private static final String TAIL = "\r\nEND\r\n";

	private static final int MAX_SIZE = 64 * 1024;

	private final int connectMillis;

	private final long timeoutNanos;

	private final Dialer.Resolver resolver;

	private volatile boolean closed;

	private volatile @Nullable Socket current;

	/**
	 * An exchange.
	 * @param connectTimeout bound on connecting to one address of the endpoint
	 * @param timeout bound on question and answer once connected
	 * @param resolver resolves the endpoint's name at each question
	 */
	ConfigurationExchange(Duration connectTimeout, Duration timeout, Dialer.Resolver resolver) {
		this.connectMillis = (int) Math.max(1, connectTimeout.toMillis());
		this.timeoutNanos = timeout.toNanos();
		this.resolver = resolver;
	}

	/**
	 * Ask for the configuration.
	 * @param endpoint whom to ask
	 * @return the configuration
	 * @throws IOException if there was no answer in time, or one that is none
	 */
	ClusterConfiguration ask(ServerAddress endpoint) throws IOException {
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
				return ask(socket, System.nanoTime() + this.timeoutNanos);
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

	private ClusterConfiguration ask(Socket socket, long deadline) throws IOException {
		String answer = ask(socket, CONFIG, deadline);
		if (isError(answer)) {
			answer = ask(socket, OLDER, deadline);
		}
		Matcher head = HEAD.matcher(answer);
		if (!head.matches()) {
			throw new IOException("unexpected answer: " + show(answer));
		}
		int from = head.start(1) + head.group(1).length() + 2;
		return ClusterConfiguration.parse(answer.substring(from, answer.length() - TAIL.length()));
	}

	private static String ask(Socket socket, byte[] question, long deadline) throws IOException {
		socket.getOutputStream().write(question);
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
			if (isComplete(answer)) {
				return answer;
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
	 * Whether an answer has come to its end, or can never come to one.
	 */
	private static boolean isComplete(String answer) throws IOException {
		Matcher head = HEAD.matcher(answer);
		if (!head.matches()) {
			return answer.indexOf("\r\n") >= 0;
		}
		int length = Integer.parseInt(head.group(1));
		int end = head.start(1) + head.group(1).length() + 2 + length;
		if (length > MAX_SIZE || (answer.length() >= end + TAIL.length() && !answer.substring(end).equals(TAIL))) {
			throw new IOException("a cluster configuration of another length than announced");
		}
		return answer.length() == end + TAIL.length();
	}

	private static boolean isError(String answer) {
		return answer.startsWith("ERROR") || answer.startsWith("CLIENT_ERROR");
	}

	private static String show(String answer) {
		return TextLine.show(answer.lines().findFirst().orElse(""));
	}

	/**
	 * Break off a question under way, and answer no more.
	 */
	void close() {
		this.closed = true;
		Socket socket = this.current;
		if (socket != null) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// Closed is all it should be.
			}
		}
	}

}
