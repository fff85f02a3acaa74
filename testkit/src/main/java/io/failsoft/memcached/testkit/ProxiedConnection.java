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
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * One client's connection through a {@link FaultProxy}. All methods may be called by any
 * thread. What is said here holds for this connection until the proxy is told otherwise
 * for all connections.
 *
 * <p>
 * The connection lasts until both sides are closed: when the client closes it, what it
 * has sent before is still delivered to the server, be it after a hold. Closing revokes
 * nothing.
 */
public final class ProxiedConnection {

	private final int number;

	private final ConnectionTable table;

	private final Downstream downstream;

	private final Upstream upstream;

	private final ByteMeter requestBytes;

	private final ByteMeter replyBytes;

	private final Pipe requests;

	private final Pipe replies;

	private volatile boolean clientCut;

	ProxiedConnection(int number, ConnectionTable table, Socket client) {
		this.number = number;
		this.table = table;
		this.downstream = new Downstream(client, table, this::cut);
		this.upstream = new Upstream(this, table, this.downstream);
		Traffic traffic = table.traffic();
		this.requestBytes = new ByteMeter(traffic.requestBytes());
		this.replyBytes = new ByteMeter(traffic.replyBytes());
		this.requests = new Pipe(this.upstream, this.requestBytes, new ByteMeter(traffic.forwardedRequestBytes()),
				Pipe.SETTLE_LIMIT);
		this.replies = new Pipe(this.downstream, this.replyBytes, new ByteMeter(traffic.forwardedReplyBytes()),
				Pipe.SETTLE_LIMIT);
	}

	Pipe requests() {
		return this.requests;
	}

	Pipe replies() {
		return this.replies;
	}

	void start() {
		try {
			InputStream in = this.downstream.requests();
			this.replies.startWriter(threadName("replies out"));
			this.requests.startWriter(threadName("requests out"));
			this.requests.startReader(in, threadName("requests in"));
		}
		catch (IOException ex) {
			// The client was gone before it was accepted.
			cut(FaultProxy.Cut.FIN);
		}
	}

	void startReplies(InputStream in) {
		this.replies.startReader(in, threadName("replies in"));
	}

	void split(int bytes) {
		this.requests.split(bytes);
		this.replies.split(bytes);
	}

	private String threadName(String part) {
		return "fault-proxy-" + this.downstream.localPort() + "-" + this.number + " " + part;
	}

	/**
	 * Returns the connection's place in the order in which the proxy accepted them.
	 * @return the number, from 1
	 */
	public int number() {
		return this.number;
	}

	/**
	 * Returns where the client connected from.
	 * @return the client's address
	 */
	public InetSocketAddress clientAddress() {
		return this.downstream.address();
	}

	/**
	 * Holds what the client sends. Once this method has returned, nothing more reaches
	 * the server until {@link #releaseRequests()}.
	 */
	public void holdRequests() {
		this.requests.hold();
	}

	/**
	 * Holds what the server answers, the end of the stream included. Once this method has
	 * returned, nothing more reaches the client until {@link #releaseReplies()}.
	 */
	public void holdReplies() {
		this.replies.hold();
	}

	/**
	 * Delivers the held requests in order, and lets further ones pass.
	 */
	public void releaseRequests() {
		this.requests.release();
	}

	/**
	 * Delivers the held replies in order, and lets further ones pass.
	 */
	public void releaseReplies() {
		this.replies.release();
	}

	/**
	 * Delivers what is held in both directions, and lets everything pass.
	 */
	public void release() {
		releaseRequests();
		releaseReplies();
	}

	/**
	 * Sends bytes to the client that the server never sent, at once and past any hold.
	 * @param bytes the bytes
	 * @return whether they could be sent
	 */
	public boolean inject(byte[] bytes) {
		return this.downstream.write(bytes.clone());
	}

	/**
	 * Closes the connection on both sides at once. What is held is lost. Does nothing if
	 * it is closed.
	 * @param how how the client learns of it
	 */
	public void cut(FaultProxy.Cut how) {
		if (!this.upstream.seal()) {
			return;
		}
		// First, so that they do not take the sockets' end for one that came from
		// outside.
		this.requests.close();
		this.replies.close();
		this.downstream.close(how);
		this.upstream.close(how);
		this.clientCut = true;
		this.table.remove(this);
	}

	/**
	 * Closes the connection to the client only, as a fault in the network between them
	 * does. What the client has sent stays held, if it is, and still reaches the server
	 * when it is released.
	 * @param how how the client learns of it
	 */
	public void cutClient(FaultProxy.Cut how) {
		this.clientCut = true;
		this.downstream.close(how);
	}

	/**
	 * Says if the client has closed the connection, or was cut off, as far as the bytes
	 * that were read tell.
	 * @return true if no more requests can come
	 */
	public boolean isClientClosed() {
		return this.clientCut || this.requests.isEnded();
	}

	/**
	 * Returns how many bytes came from the client.
	 * @return the number of bytes
	 */
	public long requestBytes() {
		return this.requestBytes.sum();
	}

	/**
	 * Returns how many bytes came from the client and have not been passed on yet.
	 * @return the number of bytes
	 */
	public long heldRequestBytes() {
		return this.requests.queuedBytes();
	}

	/**
	 * Returns how many bytes came from the server.
	 * @return the number of bytes
	 */
	public long replyBytes() {
		return this.replyBytes.sum();
	}

	/**
	 * Returns how many bytes came from the server and have not been passed on yet.
	 * @return the number of bytes
	 */
	public long heldReplyBytes() {
		return this.replies.queuedBytes();
	}

	@Override
	public String toString() {
		return "connection " + this.number + " from " + clientAddress() + " (" + heldRequestBytes()
				+ " request bytes and " + heldReplyBytes() + " reply bytes held)";
	}

}
