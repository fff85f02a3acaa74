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

/**
 * The memory off the heap that a session reads into and writes from. Taken over from one
 * session to the next, as a server that can be connected to but not used would otherwise
 * leave a pair of them behind at each attempt.
 *
 * @param in what was received
 * @param out what is to be sent
 */
record WireBuffers(ByteBuffer in, ByteBuffer out) {

	private static final int SIZE = 64 * 1024;

	static WireBuffers allocate() {
		return new WireBuffers(ByteBuffer.allocateDirect(SIZE), ByteBuffer.allocateDirect(SIZE));
	}

	WireBuffers cleared() {
		this.in.clear();
		this.out.clear();
		return this;
	}

}
