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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.Future;

import net.rubyeye.xmemcached.command.CommandType;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.jspecify.annotations.Nullable;

/**
 * A command, the operation that waits for its reply, and the reply, in one object.
 * <p>
 * Two things are told apart: the <em>outcome</em> ({@link PendingReply}), which is what
 * the caller learns, and the <em>place</em>, which is where the command is on its way. A
 * command whose caller gave up stays in its place until its answer has come, as answers
 * are matched to commands by their order alone.
 */
abstract class Operation extends PendingReply {

	private static final int QUEUED = 0;

	private static final int SENT = 1;

	private static final int GONE = 2;

	private static final byte[] ERROR = TextLine.bytes("ERROR");

	private static final byte[] CLIENT_ERROR = TextLine.bytes("CLIENT_ERROR");

	private static final byte[] SERVER_ERROR = TextLine.bytes("SERVER_ERROR");

	private static final byte[] TOO_LARGE = TextLine.bytes("SERVER_ERROR object too large");

	private static final VarHandle PLACE;
	static {
		try {
			PLACE = MethodHandles.lookup().findVarHandle(Operation.class, "place", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final ServerLink link;

	private final int size;

	private final long start;

	@SuppressWarnings("UnusedVariable") // changed by its handle only
	private volatile int place = QUEUED;

	/** Set before the operation is handed to the session, by the thread that asks. */
	private @Nullable OperationWatch watch;

	private @Nullable Outcome rejection;

	private boolean desynchronized;

	Operation(CommandType type, ServerLink link, int size, long start) {
		super(type);
		this.link = link;
		this.size = size;
		this.start = start;
	}

	/**
	 * Bytes that the operation counts for in the limit of queued bytes.
	 * @return the number
	 */
	final int size() {
		return this.size;
	}

	final long start() {
		return this.start;
	}

	final void watch(@Nullable OperationWatch told) {
		this.watch = told;
	}

	/**
	 * Claim the command for sending.
	 * @return {@code false} if it was withdrawn
	 */
	final boolean claim() {
		return PLACE.compareAndSet(this, QUEUED, SENT);
	}

	/**
	 * Write as much of the request as there is room for. Called repeatedly with an
	 * emptied buffer until everything is written.
	 * @param out where to; has at least 1 KB of room on the second call
	 * @return whether everything has been written
	 */
	abstract boolean encode(ByteBuffer out);

	/**
	 * Read as much of the answer as is there.
	 * @param in the bytes received
	 * @return whether the answer is complete
	 * @throws ProtocolViolation if it is no answer to this command
	 */
	abstract boolean decode(ByteBuffer in);

	/**
	 * Let go of what is only needed for sending.
	 */
	void dropPayload() {
	}

	@Override
	public final void encode() {
		// Encoded when there is room on the wire.
	}

	@Override
	public final boolean decode(MemcachedTCPSession session, ByteBuffer buffer) {
		if (!decode(buffer)) {
			return false;
		}
		Outcome answer = this.rejection;
		this.link.answered(this);
		leave();
		complete((answer != null) ? answer : Outcome.ANSWERED);
		if (this.desynchronized) {
			throw new ProtocolViolation("the server took data for a command: " + detail());
		}
		return true;
	}

	/**
	 * Take an error line for the answer.
	 * @param in the bytes received, at the begin of the line
	 * @param end the end of the line
	 * @throws ProtocolViolation if the line is no error line either
	 */
	final void decodeError(ByteBuffer in, int end) {
		Failure failure;
		if (TextLine.startsWith(in, end, TOO_LARGE)) {
			failure = Failure.TOO_LARGE;
		}
		else if (TextLine.startsWith(in, end, SERVER_ERROR) || TextLine.startsWith(in, end, CLIENT_ERROR)
				|| TextLine.startsWith(in, end, ERROR)) {
			failure = Failure.SERVER_ERROR;
		}
		else {
			throw new ProtocolViolation("unexpected answer: " + TextLine.show(in, end));
		}
		String detail = TextLine.show(in, end);
		this.rejection = new Outcome(failure,
				(failure != Failure.TOO_LARGE) ? detail : detail + ": " + dataLength() + " bytes");
		this.desynchronized = carriesData() && TextLine.startsWith(in, end, ERROR);
		TextLine.skip(in, end);
	}

	/**
	 * Whether a data block follows the command line. If the server does not understand
	 * the line of such a command, it goes on to read the data as commands.
	 * @return {@code false} unless overridden
	 */
	boolean carriesData() {
		return false;
	}

	/**
	 * Length of the data block that follows the command line.
	 * @return the number of bytes, 0 unless overridden
	 */
	int dataLength() {
		return 0;
	}

	/**
	 * End the operation without an answer. Idempotent.
	 * @param failed how it ended
	 */
	final void fail(Outcome failed) {
		leave();
		complete(failed);
	}

	private void leave() {
		if ((int) PLACE.getAndSet(this, GONE) != GONE) {
			this.link.release(this);
			dropPayload();
		}
	}

	@Override
	final void settled() {
		OperationWatch told = this.watch;
		if (told != null) {
			this.link.settled(this, told);
		}
	}

	@Override
	final void abandoned(Outcome reason) {
		if (PLACE.compareAndSet(this, QUEUED, GONE)) {
			this.link.withdraw(this);
			dropPayload();
		}
		if (reason.failure() == Failure.TIMEOUT) {
			this.link.timedOut();
		}
	}

	@Override
	final Future<?> schedule(Runnable task, long delayNanos) {
		return this.link.schedule(task, delayNanos);
	}

}
