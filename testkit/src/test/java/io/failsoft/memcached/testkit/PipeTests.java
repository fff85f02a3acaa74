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

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link Pipe}.
 */
class PipeTests {

	private final CountDownLatch writing = new CountDownLatch(1);

	private final CountDownLatch mayFinish = new CountDownLatch(1);

	private final AtomicBoolean written = new AtomicBoolean();

	@AfterEach
	void finish() {
		this.mayFinish.countDown();
	}

	@Test
	void whenAChunkIsBeingWrittenThenHoldWaitsForIt() throws Exception {
		Pipe pipe = writingPipe(Duration.ofMinutes(5));
		AtomicBoolean writtenBeforeHoldReturned = new AtomicBoolean();
		Thread holder = new Thread(() -> {
			pipe.hold();
			writtenBeforeHoldReturned.set(this.written.get());
		});
		holder.start();
		assertThat(Waiting.until(Duration.ofSeconds(30), () -> holder.getState() == Thread.State.TIMED_WAITING))
			.as("hold() waits")
			.isTrue();
		this.mayFinish.countDown();
		holder.join();
		assertThat(writtenBeforeHoldReturned).isTrue();
		pipe.close();
	}

	@Test
	void whenTheReceiverDoesNotReadThenHoldGivesUpWaiting() throws Exception {
		Pipe pipe = writingPipe(Duration.ofMillis(1));
		pipe.hold();
		assertThat(this.written).isFalse();
		pipe.close();
	}

	private Pipe writingPipe(Duration settleLimit) throws InterruptedException {
		Pipe pipe = new Pipe(new BlockedSink(), new ByteMeter(new LongAdder()), new ByteMeter(new LongAdder()),
				settleLimit);
		pipe.startWriter("writer");
		pipe.startReader(new ByteArrayInputStream(new byte[] { 1 }), "reader");
		assertThat(this.writing.await(30, TimeUnit.SECONDS)).isTrue();
		return pipe;
	}

	private final class BlockedSink implements Pipe.Sink {

		@Override
		public void open() {
		}

		@Override
		public boolean write(byte[] bytes) {
			PipeTests.this.writing.countDown();
			try {
				PipeTests.this.mayFinish.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			PipeTests.this.written.set(true);
			return true;
		}

		@Override
		public void end(boolean reset) {
		}

	}

}
