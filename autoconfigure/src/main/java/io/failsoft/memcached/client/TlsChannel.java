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
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * A channel that encrypts what goes over a socket. It blocks during the handshake and, as
 * long as the socket blocks, within a time that is given; otherwise it never blocks. One
 * thread reads while another, one at a time, writes.
 * <p>
 * A write may take bytes whose ciphertext the socket does not take yet; a further write,
 * be it of nothing, sends it ({@link #hasUnsent()}). A read ends early only when all that
 * has arrived is decrypted, as the selector does not know of what waits here.
 */
final class TlsChannel implements ByteChannel {

	/** The most that a record holds. */
	static final int RECORD = 16 * 1024;

	private static final int SIZE = 64 * 1024;

	/** Of a record; it ends with the length of the rest. */
	private static final int HEADER = 5;

	private static final int FIRST_TYPE = 20;

	private static final int LAST_TYPE = 23;

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final SocketChannel socket;

	private final SSLEngine engine;

	/** Ciphertext that is not decrypted yet. Used by the reader, like the next two. */
	private final ByteBuffer received = ByteBuffer.allocate(SIZE);

	/** What was decrypted and not read yet. */
	private final ByteBuffer decrypted = ByteBuffer.allocate(SIZE).flip();

	private boolean ended;

	/** Ciphertext that is not sent yet. Used by the writer. */
	private final ByteBuffer unsent = ByteBuffer.allocate(SIZE);

	/** True while a record is made. If it stays so, memory or stack was exhausted. */
	private boolean encrypting;

	/** True if the engine has to answer the other side, which changed its keys. */
	private volatile boolean answering;

	/** The time left to wait for the other side while the socket blocks. */
	private long patience;

	private TlsChannel(SocketChannel socket, SSLEngine engine) {
		this.socket = socket;
		this.engine = engine;
	}

	/**
	 * Makes the handshake over a connected socket.
	 * @param socket the socket, in blocking mode
	 * @param engine an engine that was not used before
	 * @param timeout bound on the time in which the other side is waited for; the time
	 * that this JVM takes itself does not count, as the first handshake loads classes
	 * @return a channel whose other side is verified
	 * @throws IOException if the handshake fails or takes too long; the message says why
	 */
	static TlsChannel open(SocketChannel socket, SSLEngine engine, Duration timeout) throws IOException {
		TlsChannel channel = new TlsChannel(socket, engine);
		channel.waitAtMost(timeout);
		try {
			engine.beginHandshake();
			channel.shakeHands();
			return channel;
		}
		catch (SocketTimeoutException ex) {
			throw new IOException("no answer to the TLS handshake in time", ex);
		}
		catch (SSLException ex) {
			throw new IOException(reason(ex, engine.getPeerHost()), ex);
		}
	}

	/**
	 * Sets how long reads wait from now on, all together, while the socket blocks.
	 * @param timeout the time
	 */
	void waitAtMost(Duration timeout) {
		this.patience = timeout.toNanos();
	}

	private void shakeHands() throws IOException {
		HandshakeStatus next = this.engine.getHandshakeStatus();
		while (next != HandshakeStatus.NOT_HANDSHAKING) {
			Status status = Status.OK;
			if (next == HandshakeStatus.NEED_TASK) {
				this.engine.getDelegatedTask().run();
			}
			else if (next == HandshakeStatus.NEED_WRAP) {
				status = encrypt(NOTHING);
				flush();
			}
			else {
				status = decryptApart().getStatus();
			}
			if (status == Status.CLOSED || (status == Status.BUFFER_UNDERFLOW && receive() < 0)) {
				throw new IOException("closed by the server during the TLS handshake");
			}
			next = this.engine.getHandshakeStatus();
		}
	}

	private static String reason(SSLException failure, String host) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			String message = String.valueOf(cause.getMessage());
			if (cause instanceof CertificateExpiredException) {
				return "its certificate has expired";
			}
			if (cause instanceof CertificateNotYetValidException) {
				return "its certificate is not valid yet";
			}
			if (cause instanceof CertPathBuilderException || (cause instanceof CertPathValidatorException invalid
					&& invalid.getReason() == BasicReason.INVALID_SIGNATURE)) {
				return "its certificate is of no authority that is trusted; check memcached.ssl.bundle";
			}
			if (cause instanceof CertificateException && message.startsWith("No ")) {
				return "its certificate is not for " + host;
			}
			if (message.contains("nrecognized SSL message")) {
				return "it does not speak TLS; check memcached.ssl.enabled";
			}
		}
		return "TLS handshake failed: " + failure.getMessage();
	}

	@Override
	public int read(ByteBuffer to) throws IOException {
		int before = to.position();
		boolean more = true;
		while (to.hasRemaining() && !this.ended) {
			if (this.decrypted.hasRemaining()) {
				int count = Math.min(to.remaining(), this.decrypted.remaining());
				to.put(this.decrypted.slice().limit(count));
				this.decrypted.position(this.decrypted.position() + count);
				continue;
			}
			if (!hasRecord()) {
				int room = this.received.remaining();
				int count = more ? receive() : 0;
				if (count == 0) {
					break;
				}
				more = count == room;
				this.ended = count < 0;
				continue;
			}
			SSLEngineResult result = decrypt(to);
			if (result.getStatus() == Status.BUFFER_OVERFLOW) {
				result = decryptApart();
			}
			this.ended = result.getStatus() == Status.CLOSED;
			heed(result.getHandshakeStatus());
		}
		return (to.position() > before || !this.ended) ? to.position() - before : -1;
	}

	/**
	 * Spares a call of the engine, which makes garbage, and takes any bytes for the
	 * beginning of a record once it has seen one.
	 */
	private boolean hasRecord() throws SSLException {
		if (this.received.position() < HEADER) {
			return false;
		}
		if (this.received.get(0) < FIRST_TYPE || this.received.get(0) > LAST_TYPE) {
			throw new SSLException("the server sent what is no TLS record");
		}
		return this.received.position() >= HEADER + (this.received.getShort(HEADER - 2) & 0xFFFF);
	}

	private void heed(HandshakeStatus status) throws SSLException {
		if (status == HandshakeStatus.NEED_WRAP) {
			this.answering = true;
		}
		else if (status == HandshakeStatus.NEED_TASK || status == HandshakeStatus.NEED_UNWRAP) {
			throw new SSLException("the server asks for another TLS handshake");
		}
	}

	/**
	 * Returns whether a read that was ended by its buffer's size left something here, so
	 * that the selector does not tell of it. For the reader.
	 */
	boolean hasReceived() {
		return this.decrypted.hasRemaining() || this.received.position() > 0;
	}

	private SSLEngineResult decryptApart() throws SSLException {
		this.decrypted.clear();
		try {
			return decrypt(this.decrypted);
		}
		finally {
			this.decrypted.flip();
		}
	}

	private SSLEngineResult decrypt(ByteBuffer to) throws SSLException {
		this.received.flip();
		try {
			return this.engine.unwrap(this.received, to);
		}
		finally {
			this.received.compact();
		}
	}

	/** Reads ciphertext, as much as fits. */
	private int receive() throws IOException {
		if (!this.socket.isBlocking()) {
			return this.socket.read(this.received);
		}
		long start = System.nanoTime();
		if (this.patience <= 0) {
			throw new SocketTimeoutException();
		}
		this.socket.socket().setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(this.patience) + 1);
		int count = this.socket.socket()
			.getInputStream()
			.read(this.received.array(), this.received.position(), this.received.remaining());
		this.patience -= System.nanoTime() - start;
		this.received.position(this.received.position() + Math.max(count, 0));
		return count;
	}

	@Override
	public int write(ByteBuffer from) throws IOException {
		int before = from.position();
		while (flush() && (from.hasRemaining() || this.answering)) {
			Status status;
			do {
				this.answering = false;
				status = encrypt(from);
			}
			while (status == Status.OK && from.hasRemaining());
			if (status == Status.CLOSED) {
				throw new IOException("closed by the server");
			}
		}
		return from.position() - before;
	}

	/**
	 * Returns whether a further write is needed when the socket has room. For the writer.
	 */
	boolean hasUnsent() {
		return this.unsent.position() > 0 || this.answering;
	}

	private Status encrypt(ByteBuffer from) throws IOException {
		if (this.encrypting) {
			throw new IOException("encryption was broken off");
		}
		this.encrypting = true;
		Status status = this.engine.wrap(from, this.unsent).getStatus();
		this.encrypting = false;
		return status;
	}

	private boolean flush() throws IOException {
		this.unsent.flip();
		try {
			if (this.unsent.hasRemaining()) {
				this.socket.write(this.unsent);
			}
			return !this.unsent.hasRemaining();
		}
		finally {
			this.unsent.compact();
		}
	}

	@Override
	public boolean isOpen() {
		return this.socket.isOpen();
	}

	/** Closes the socket, without a word. */
	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
