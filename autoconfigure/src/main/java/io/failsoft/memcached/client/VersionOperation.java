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

import org.jspecify.annotations.Nullable;

/**
 * The command {@code version\r\n}, answered by {@code VERSION <version>\r\n}.
 */
final class VersionOperation extends Operation {

	private static final byte[] REQUEST = TextLine.bytes("version\r\n");

	private static final byte[] VERSION = TextLine.bytes("VERSION ");

	private @Nullable String version;

	VersionOperation(Owner owner) {
		super(owner, REQUEST.length);
	}

	@Override
	boolean encode(ByteBuffer out) {
		if (out.remaining() < REQUEST.length) {
			return false;
		}
		out.put(REQUEST);
		return true;
	}

	@Override
	boolean decode(ByteBuffer in) {
		int end = TextLine.end(in);
		if (end < 0) {
			return false;
		}
		if (TextLine.startsWith(in, end, VERSION)) {
			this.version = TextLine.show(in, end).substring(VERSION.length);
			TextLine.skip(in, end);
		}
		else {
			decodeError(in, end);
		}
		return true;
	}

	@Nullable String version() {
		return isAnswered() ? this.version : null;
	}

}
