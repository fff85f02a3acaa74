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
 * A command that changes an item and is answered by one line: {@code set}, {@code add}
 * and {@code cas},
 * {@code <command> <key> <flags> <expiry> <bytes> [<cas>]\r\n<data>\r\n}, with flags that
 * are always 0; and {@code touch <key> <expiry>\r\n}.
 */
final class StoreOperation extends Operation {

	static final byte[] SET = TextLine.bytes("set ");

	static final byte[] ADD = TextLine.bytes("add ");

	static final byte[] CAS = TextLine.bytes("cas ");

	static final byte[] TOUCH = TextLine.bytes("touch ");

	private static final byte[] SPACE = { ' ' };

	private static final byte[] NO_FLAGS = TextLine.bytes(" 0 ");

	private static final byte[] STORED = TextLine.bytes("STORED");

	private static final byte[] TOUCHED = TextLine.bytes("TOUCHED");

	private static final byte[] NOT_STORED = TextLine.bytes("NOT_STORED");

	private static final byte[] EXISTS = TextLine.bytes("EXISTS");

	private static final byte[] NOT_FOUND = TextLine.bytes("NOT_FOUND");

	/**
	 * What memcached itself makes of a negative expiry: a time in 1970. Twemproxy closes
	 * the connection on a minus sign.
	 */
	private static final int IN_THE_PAST = 30 * 24 * 3600 + 1;

	private static final byte[] CRLF = { '\r', '\n' };

	/** The longest command line: a key and three numbers of up to 20 digits. */
	private static final int MAX_LINE = MemcachedKey.MAX_LENGTH + 80;

	private final byte[] command;

	private final MemcachedKey target;

	private final int expiry;

	private final long cas;

	private byte[] header;

	private byte[] body;

	private final int length;

	private boolean lineWritten;

	private int written;

	private boolean stored;

	StoreOperation(byte[] command, Owner owner, MemcachedKey key, int expiry, byte[] header, byte[] body, long cas) {
		super(owner, 80L + key.bytes().length + header.length + body.length);
		this.command = command;
		this.target = key;
		this.expiry = expiry;
		this.header = header;
		this.body = body;
		this.length = header.length + body.length;
		this.cas = cas;
	}

	@Override
	boolean encode(ByteBuffer out) {
		if (!this.lineWritten) {
			if (out.remaining() < MAX_LINE) {
				return false;
			}
			encodeLine(out);
			this.lineWritten = true;
		}
		if (!carriesData()) {
			return true;
		}
		copy(this.header, 0, out);
		copy(this.body, this.header.length, out);
		copy(CRLF, this.length, out);
		if (this.written < this.length + CRLF.length) {
			return false;
		}
		dropPayload();
		return true;
	}

	private void encodeLine(ByteBuffer out) {
		out.put(this.command).put(this.target.bytes()).put(carriesData() ? NO_FLAGS : SPACE);
		TextLine.putUnsigned(out, (this.expiry < 0) ? IN_THE_PAST : this.expiry);
		if (carriesData()) {
			out.put(SPACE);
			TextLine.putUnsigned(out, this.length);
		}
		if (this.command == CAS) {
			out.put(SPACE);
			TextLine.putUnsigned(out, this.cas);
		}
		out.put(CRLF);
	}

	private void copy(byte[] part, int offset, ByteBuffer out) {
		int from = this.written - offset;
		if (from >= 0 && from < part.length) {
			int count = Math.min(part.length - from, out.remaining());
			out.put(part, from, count);
			this.written += count;
		}
	}

	@Override
	void dropPayload() {
		this.header = TextLine.NOTHING;
		this.body = TextLine.NOTHING;
	}

	private boolean carriesData() {
		return this.command != TOUCH;
	}

	@Override
	int dataLength() {
		return carriesData() ? this.length : -1;
	}

	@Override
	boolean decode(ByteBuffer in) {
		int end = TextLine.end(in);
		if (end < 0) {
			return false;
		}
		boolean touch = this.command == TOUCH;
		this.stored = TextLine.is(in, end, touch ? TOUCHED : STORED);
		if (this.stored || TextLine.is(in, end, touch ? NOT_FOUND : NOT_STORED)
				|| (this.command == CAS && (TextLine.is(in, end, EXISTS) || TextLine.is(in, end, NOT_FOUND)))) {
			TextLine.skip(in, end);
		}
		else {
			decodeError(in, end);
		}
		return true;
	}

	@Override
	public boolean stored() {
		return this.stored && isAnswered();
	}

}
