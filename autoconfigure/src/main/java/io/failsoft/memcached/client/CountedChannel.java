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
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Counts what is written to a channel.
 */
final class CountedChannel implements WritableByteChannel {

	private final WritableByteChannel channel;

	private final Traffic traffic;

	CountedChannel(WritableByteChannel channel, Traffic traffic) {
		this.channel = channel;
		this.traffic = traffic;
	}

	@Override
	public int write(ByteBuffer source) throws IOException {
		int count = this.channel.write(source);
		this.traffic.sent(count);
		return count;
	}

	@Override
	public boolean isOpen() {
		return this.channel.isOpen();
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
