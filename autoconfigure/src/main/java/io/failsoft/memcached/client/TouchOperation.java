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

import net.rubyeye.xmemcached.command.CommandType;

/**
 * {@code touch <key> <expiry>\r\n}, answered by one line.
 */
final class TouchOperation extends Operation {

	private static final byte[] TOUCH = TextLine.bytes("touch ");

	private static final byte[] TOUCHED = TextLine.bytes("TOUCHED");

	private static final byte[] NOT_FOUND = TextLine.bytes("NOT_FOUND");

	private final MemcachedKey target;

	private final int expiry;

	private boolean touched;

	TouchOperation(ServerLink link, MemcachedKey key, int expiry, int size, long start) {
		super(CommandType.TOUCH, link, size, start);
		this.target = key;
		this.expiry = expiry;
	}

	static int size(MemcachedKey key) {
		return 32 + key.bytes().length;
	}

	@Override
	boolean encode(ByteBuffer out) {
		if (out.remaining() < size()) {
			return false;
		}
		out.put(TOUCH).put(this.target.bytes()).put((byte) ' ');
		TextLine.putExpiry(out, this.expiry);
		out.put((byte) '\r').put((byte) '\n');
		return true;
	}

	@Override
	boolean decode(ByteBuffer in) {
		int end = TextLine.end(in);
		if (end < 0) {
			return false;
		}
		if (TextLine.is(in, end, TOUCHED)) {
			this.touched = true;
			TextLine.skip(in, end);
		}
		else if (TextLine.is(in, end, NOT_FOUND)) {
			TextLine.skip(in, end);
		}
		else {
			decodeError(in, end);
		}
		return true;
	}

	@Override
	public boolean stored() {
		return this.touched && isAnswered();
	}

}
