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
import java.nio.channels.SelectionKey;

import com.google.code.yanf4j.core.EventType;
import com.google.code.yanf4j.core.WriteMessage;
import com.google.code.yanf4j.nio.NioSessionConfig;
import com.google.code.yanf4j.nio.impl.Reactor;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.command.TextCommandFactory;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a session. Xmemcached's way of writing is not used.
 * <p>
 * When little is under way, a request is written by the thread that makes it if the
 * socket takes it, which saves a change of threads. When much is, the I/O thread writes
 * for all, which saves system calls; it does so too while it is awake anyway. What the
 * socket does not take goes out when there is room ({@link RequestWriter}).
 */
abstract class SendingSession extends MemcachedTCPSession {

	/**
	 * Up to here callers write themselves. At 8 and 32 threads on one processor, writing
	 * by the I/O thread takes a third off the time of an operation; at 2 it adds to it
	 * ({@code docs/performance.md}).
	 */
	private static final int MAX_WRITING_CALLERS = 4;

	private static final TextCommandFactory COMMANDS = new TextCommandFactory();

	private final Reactor reactor;

	private final RequestWriter requests;

	SendingSession(NioSessionConfig config, Reactor reactor, RequestWriter requests) {
		super(config, 1, null, 0, COMMANDS);
		this.reactor = reactor;
		this.requests = requests;
	}

	/**
	 * How many operations are under way, by what is known at the moment.
	 */
	abstract int underWay();

	/**
	 * End the session at once. May be called on any thread.
	 * @param failure how the current operation fails
	 * @param reason why, in words
	 */
	abstract void abort(Failure failure, String reason);

	final Reactor reactor() {
		return this.reactor;
	}

	/**
	 * Send a request, or put it into the queue if that would block. If the session ends,
	 * the operation fails.
	 * @param operation the operation
	 */
	final void send(Operation operation) {
		if (!this.requests.offer(operation)) {
			return;
		}
		if (underWay() <= MAX_WRITING_CALLERS) {
			writeRequests();
		}
		else if (this.requests.attend()) {
			wakeToWrite();
		}
	}

	private void wakeToWrite() {
		boolean requested = false;
		try {
			request(EventType.WRITEABLE);
			requested = true;
		}
		finally {
			// Memory or stack may be exhausted. Others must not wait for an I/O thread
			// that
			// was never woken.
			if (!requested && this.requests.leave()) {
				writeRequests();
			}
		}
	}

	final void withdraw(Operation operation) {
		this.requests.withdraw(operation);
	}

	@Override
	public final void write(Object packet) {
		send((Operation) packet);
	}

	@Override
	public final void writeFromUserCode(WriteMessage message) {
		send((Operation) message);
	}

	/**
	 * The socket has room again, or the I/O thread is to write for others. Called on the
	 * I/O thread.
	 */
	@Override
	protected final void onWrite(@Nullable SelectionKey key) {
		this.requests.takeBack();
		try {
			writeForOthers();
		}
		catch (RuntimeException | Error ex) {
			// It would end the I/O thread, and with it all that is under way.
			abort(Failure.CONNECTION_LOST, ex.toString());
		}
	}

	/**
	 * The I/O thread is awake: what is queued from now on, it writes. It must call
	 * {@link #writeForOthers} in the end.
	 */
	final void attend() {
		this.requests.attend();
	}

	/**
	 * Write what came while the I/O thread was busy, and go on.
	 */
	final void writeMeanwhile() {
		if (this.requests.hasQueued()) {
			writeRequests();
		}
	}

	final void writeForOthers() {
		try {
			writeRequests();
		}
		finally {
			if (this.requests.leave()) {
				writeRequests();
			}
		}
	}

	private void writeRequests() {
		try {
			if (!this.requests.write()) {
				request(EventType.ENABLE_WRITE);
			}
		}
		catch (IOException ex) {
			abort(Failure.CONNECTION_LOST, Reasons.of(ex));
		}
	}

	/**
	 * Take the operation that the next answer belongs to.
	 * @return the operation, or {@code null} if nothing was asked
	 */
	final @Nullable Operation nextAnswered() {
		return this.requests.nextAnswered();
	}

	/**
	 * Fail all requests, and those that will still come.
	 * @param lost how they fail
	 */
	final void failRequests(Outcome lost) {
		this.requests.close(lost);
	}

	/**
	 * Whether nothing is written any more, nor will be.
	 */
	final boolean isSilent() {
		return this.requests.isAtRest();
	}

	@Override
	protected final WriteMessage preprocessWriteMessage(WriteMessage writeMessage) {
		// No merging of commands: it loses errors.
		return writeMessage;
	}

	@Override
	public final void addCommand(Command command) {
		this.requests.expectAnswer((Operation) command);
	}

	/**
	 * Have the I/O thread handle an event. Xmemcached's own wake-up can be lost between
	 * the end of its queue and its next select, which then sleeps for a second.
	 */
	final void request(EventType event) {
		this.selectorManager.registerSession(this, event);
		if (Thread.currentThread() != this.reactor) {
			this.reactor.getSelector().wakeup();
		}
	}

}
