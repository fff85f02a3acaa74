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

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that answers before it was sent all of a value.
 */
class EarlyAnswerTests {

	private final Channel channel = new Channel();

	private final RequestWriter writer = new RequestWriter(this.channel, ByteBuffer.allocate(4096), new LongAdder());

	@Test
	@Timeout(30)
	@SuppressWarnings("NullAway") // an operation does not look at the session
	void whenTheAnswerComesBeforeAllIsSentThenTheRestIsSentAndTheWriterEnds() throws Exception {
		byte[] body = new byte[10_000];
		StoreOperation operation = new StoreOperation(StoreOperation.SET, new Owner(), MemcachedKey.of("books:1"), 0,
				new byte[0], body, 0);
		this.channel.room = 5000;
		assertThat(this.writer.offer(operation)).isTrue();
		assertThat(this.writer.write()).isFalse();
		assertThat(this.writer.nextAnswered()).isSameAs(operation);
		ByteBuffer answer = ByteBuffer
			.wrap("SERVER_ERROR object too large for cache\r\n".getBytes(StandardCharsets.US_ASCII));
		assertThat(operation.decode(null, answer)).isTrue();
		assertThat(operation.failure()).isEqualTo(Failure.TOO_LARGE);
		this.channel.room = Integer.MAX_VALUE;
		this.writer.takeBack();
		assertThat(this.writer.write()).isTrue();
		assertThat(this.channel.written).isGreaterThan(body.length);
	}

	/**
	 * A socket with little room.
	 */
	private static final class Channel implements WritableByteChannel {

		private int room;

		private int written;

		@Override
		public int write(ByteBuffer source) {
			int count = Math.min(this.room, source.remaining());
			source.position(source.position() + count);
			this.room -= count;
			this.written += count;
			return count;
		}

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public void close() {
		}

	}

	/**
	 * A connection that nobody asks.
	 */
	private static final class Owner extends Operation.Owner {

		@Override
		void answered(Operation operation) {
		}

		@Override
		void release(Operation operation) {
		}

		@Override
		void withdraw(Operation operation) {
		}

		@Override
		void check() {
		}

		@Override
		void tell(ObjLongConsumer<Reply> listener, Reply reply, long nanos) {
		}

		@Override
		Future<?> schedule(Runnable task, long delayNanos) {
			throw new UnsupportedOperationException();
		}

	}

}
