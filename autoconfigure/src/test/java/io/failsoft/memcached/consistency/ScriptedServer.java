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

package io.failsoft.memcached.consistency;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.failsoft.memcached.client.Failure;
import io.failsoft.memcached.client.Link;
import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.client.Reply;
import io.failsoft.memcached.client.Reply.Item;
import io.failsoft.memcached.client.RecoveryGate;
import io.failsoft.memcached.client.Server;
import io.failsoft.memcached.client.ServerSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A memcached server in memory whose connections are scripted: commands can be held, lost
 * from the client's sight, and executed late, after those of a newer connection.
 */
final class ScriptedServer implements Server {

	private final String name;

	private final Clock clock;

	private final Store store;

	private @Nullable ScriptedLink link;

	private @Nullable RecoveryGate gate;

	/** Called with each connection before the gate is asked. */
	Consumer<ScriptedLink> onConnect = (fresh) -> {
	};

	/** The address that connections lead to. */
	SocketAddress peer = InetSocketAddress.createUnresolved("one", 11211);

	/** How often its healer was woken. */
	int wakes;

	/** What other threads do just before the connection is asked for. */
	@Nullable Runnable beforeLink;

	ScriptedServer(String name, Clock clock, Store store) {
		this.name = name;
		this.clock = clock;
		this.store = store;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public @Nullable Link link() {
		Runnable action = this.beforeLink;
		this.beforeLink = null;
		if (action != null) {
			action.run();
		}
		return this.link;
	}

	@Override
	public ServerSnapshot snapshot() {
		return new ServerSnapshot(this.name, (this.link != null) ? ServerSnapshot.State.UP : ServerSnapshot.State.DOWN,
				Instant.EPOCH, null, 0, null, null, null, 0, 0, 0, 0);
	}

	@Override
	public void wake() {
		this.wakes++;
	}

	void gate(RecoveryGate gate) {
		this.gate = gate;
	}

	RecoveryGate gate() {
		if (this.gate == null) {
			throw new IllegalStateException("Not started");
		}
		return this.gate;
	}

	/**
	 * Connect as a healer does.
	 * @return the new connection, or {@code null} if the gate did not let it in
	 */
	@Nullable ScriptedLink connect() {
		ScriptedLink fresh = new ScriptedLink();
		this.onConnect.accept(fresh);
		RecoveryGate guard = this.gate;
		if (guard == null || !guard.catchUp(fresh) || !guard.openIfUpToDate(() -> this.link = fresh)) {
			fresh.close();
			return null;
		}
		return fresh;
	}

	/**
	 * Lose the connection in use. What was held on it may still be executed later.
	 */
	void disconnect() {
		ScriptedLink lost = this.link;
		this.link = null;
		if (lost != null) {
			if (this.gate != null) {
				this.gate.connectionLost(lost);
			}
			lost.close();
		}
	}

	/**
	 * What a memcached process holds, which several instances may be connected to.
	 */
	static final class Store {

		private final Clock clock;

		private final Map<MemcachedKey, Stored> items = new HashMap<>();

		private long nextCas = 1;

		int commands;

		Store(Clock clock) {
			this.clock = clock;
		}

		@Nullable Item peek(MemcachedKey key) {
			Stored stored = this.items.get(key);
			if (stored == null || (stored.expiresAt != 0 && this.clock.nanos >= stored.expiresAt)) {
				return null;
			}
			return new Item(stored.bytes, 0, stored.cas);
		}

		void lose(MemcachedKey key) {
			this.items.remove(key);
		}

		void plant(MemcachedKey key, byte[] bytes) {
			store(key, 0, bytes, new byte[0]);
		}

		private void store(MemcachedKey key, int expiry, byte[] header, byte[] body) {
			byte[] bytes = new byte[header.length + body.length];
			System.arraycopy(header, 0, bytes, 0, header.length);
			System.arraycopy(body, 0, bytes, header.length, body.length);
			this.items.put(key, new Stored(bytes, this.nextCas++, expiresAt(expiry)));
		}

		private boolean touch(MemcachedKey key, int expiry) {
			if (peek(key) == null) {
				return false;
			}
			this.items.computeIfPresent(key, (same, old) -> new Stored(old.bytes, old.cas, expiresAt(expiry)));
			return true;
		}

		private long expiresAt(int expiry) {
			return (expiry > 0) ? this.clock.nanos + expiry * 1_000_000_000L : 0;
		}

		@SuppressWarnings("ArrayRecordComponent")
		private record Stored(byte[] bytes, long cas, long expiresAt) {

		}

	}

	/**
	 * Time that stands still until it is moved.
	 */
	static final class Clock {

		long nanos = 1_000_000_000_000L;

		void advanceSeconds(double seconds) {
			this.nanos += (long) (seconds * 1e9);
		}

		long secondsSinceEpoch() {
			return 1_800_000_000L + this.nanos / 1_000_000_000L;
		}

	}

	/**
	 * A scripted connection.
	 */
	final class ScriptedLink implements Link {

		private final Deque<ScriptedPending> held = new ArrayDeque<>();

		private final Deque<Runnable> heldReplies = new ArrayDeque<>();

		private final List<ScriptedPending> unanswered = new ArrayList<>();

		private boolean open = true;

		private long answeredUntil = ScriptedServer.this.clock.nanos;

		/** Commands reach the server but are not executed until {@link #release}. */
		boolean holdCommands;

		/** Commands are executed but their answers do not come back. */
		boolean holdReplies;

		/** What every command is answered with instead of being executed. */
		@Nullable Failure answer;

		/** Called after each command was executed. */
		Runnable afterEach = () -> {
		};

		@Override
		public boolean isOpen() {
			return this.open;
		}

		@Override
		public SocketAddress peer() {
			return ScriptedServer.this.peer;
		}

		@Override
		public long answeredUntil() {
			return this.answeredUntil;
		}

		void close() {
			this.open = false;
			List.copyOf(this.unanswered).forEach(ScriptedPending::lose);
		}

		/**
		 * Execute what was held, whether the connection is closed by now or not.
		 */
		void release() {
			this.holdCommands = false;
			while (!this.held.isEmpty()) {
				this.held.remove().execute();
			}
		}

		/**
		 * Let the answers that were held come back.
		 */
		void releaseReplies() {
			this.holdReplies = false;
			while (!this.heldReplies.isEmpty()) {
				this.heldReplies.remove().run();
			}
		}

		private Reply send(Supplier<ScriptedReply> command) {
			ScriptedPending pending = new ScriptedPending(command, this);
			this.unanswered.add(pending);
			if (!this.open) {
				pending.lose();
			}
			else if (this.answer != null) {
				pending.settle(ScriptedReply.failed(this.answer));
			}
			else if (this.holdCommands) {
				this.held.add(pending);
			}
			else {
				pending.execute();
			}
			return pending;
		}

		@Override
		public Reply gets(MemcachedKey... keys) {
			return send(() -> new ScriptedReply(null, false,
					Arrays.stream(keys).map(ScriptedServer.this.store::peek).toList()));
		}

		@Override
		public Reply set(MemcachedKey key, int expiry, byte[] header, byte[] body) {
			return send(() -> {
				ScriptedServer.this.store.store(key, expiry, header, body);
				return ScriptedReply.STORED;
			});
		}

		@Override
		public Reply add(MemcachedKey key, int expiry, byte[] header, byte[] body) {
			return send(() -> {
				if (ScriptedServer.this.store.peek(key) != null) {
					return ScriptedReply.NOT_STORED;
				}
				ScriptedServer.this.store.store(key, expiry, header, body);
				return ScriptedReply.STORED;
			});
		}

		@Override
		public Reply cas(MemcachedKey key, int expiry, byte[] header, byte[] body, long cas) {
			return send(() -> {
				Item present = ScriptedServer.this.store.peek(key);
				if (present == null || present.cas() != cas) {
					return ScriptedReply.NOT_STORED;
				}
				ScriptedServer.this.store.store(key, expiry, header, body);
				return ScriptedReply.STORED;
			});
		}

		@Override
		public Reply touch(MemcachedKey key, int expiry) {
			return send(() -> ScriptedServer.this.store.touch(key, expiry) ? ScriptedReply.STORED
					: ScriptedReply.NOT_STORED);
		}

	}

	private final class ScriptedPending implements Reply {

		private final Supplier<ScriptedReply> command;

		private final ScriptedLink link;

		private final long sentAt = ScriptedServer.this.clock.nanos;

		private @Nullable ScriptedReply reply;

		private final List<CompletableFuture<Reply>> futures = new ArrayList<>();

		private Consumer<? super Reply> action = (settled) -> {
		};

		ScriptedPending(Supplier<ScriptedReply> command, ScriptedLink link) {
			this.command = command;
			this.link = link;
		}

		void execute() {
			ScriptedServer.this.store.commands++;
			ScriptedReply answer = this.command.get();
			if (this.link.holdReplies) {
				this.link.heldReplies.add(() -> deliver(answer));
			}
			else {
				deliver(answer);
			}
			this.link.afterEach.run();
		}

		private void deliver(ScriptedReply answer) {
			this.link.answeredUntil = this.sentAt;
			settle(answer);
		}

		void lose() {
			settle(ScriptedReply.failed(Failure.CONNECTION_LOST));
		}

		private void settle(ScriptedReply answer) {
			this.link.unanswered.remove(this);
			if (this.reply == null) {
				this.reply = answer;
				this.action.accept(answer);
				for (CompletableFuture<Reply> future : this.futures) {
					future.complete(answer);
				}
			}
		}

		@Override
		public @Nullable Failure failure() {
			return (this.reply != null) ? this.reply.failure() : Failure.TIMEOUT;
		}

		@Override
		public void onCompletion(Consumer<? super Reply> action) {
			this.action = action;
			if (this.reply != null) {
				action.accept(this.reply);
			}
		}

		@Override
		public Reply await(long timeoutNanos) {
			ScriptedReply answer = this.reply;
			if (answer == null) {
				ScriptedServer.this.clock.nanos += Math.max(0, timeoutNanos);
				answer = ScriptedReply.failed(Failure.TIMEOUT);
				settle(answer);
			}
			return answer;
		}

		@Override
		public boolean isAnsweredWithin(long nanos) {
			if (this.reply == null) {
				ScriptedServer.this.clock.nanos += Math.max(0, nanos);
			}
			return this.reply != null;
		}

		@Override
		public CompletableFuture<Reply> toFuture(long timeoutNanos, Executor executor) {
			CompletableFuture<Reply> future = new CompletableFuture<>();
			if (this.reply != null) {
				future.complete(this.reply);
			}
			else {
				this.futures.add(future);
			}
			return future;
		}

	}

	private record ScriptedReply(@Nullable Failure failure, boolean stored,
			List<@Nullable Item> items) implements Reply {

		static final ScriptedReply STORED = new ScriptedReply(null, true, List.of());

		static final ScriptedReply NOT_STORED = new ScriptedReply(null, false, List.of());

		static ScriptedReply failed(Failure failure) {
			return new ScriptedReply(failure, false, List.of());
		}

		@Override
		public @Nullable Item first() {
			return item(0);
		}

		@Override
		public @Nullable Item second() {
			return item(1);
		}

		@Override
		public @Nullable Item item(int index) {
			return (index < this.items.size()) ? this.items.get(index) : null;
		}

	}

}
