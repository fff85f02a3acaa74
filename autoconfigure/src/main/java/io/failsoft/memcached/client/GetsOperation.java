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
 * The command {@code gets <key> [<key>]}.
 */
final class GetsOperation extends RetrievalOperation {

	private final MemcachedKey firstKey;

	private final @Nullable MemcachedKey secondKey;

	private @Nullable Item first;

	private @Nullable Item second;

	GetsOperation(Owner owner, MemcachedKey firstKey, @Nullable MemcachedKey secondKey) {
		super(owner, 8L + firstKey.bytes().length + ((secondKey != null) ? secondKey.bytes().length : 0));
		this.firstKey = firstKey;
		this.secondKey = secondKey;
	}

	@Override
	boolean encode(ByteBuffer out) {
		if (out.remaining() < size()) {
			return false;
		}
		out.put(GETS).put(this.firstKey.bytes());
		if (this.secondKey != null) {
			out.put((byte) ' ').put(this.secondKey.bytes());
		}
		out.put((byte) '\r').put((byte) '\n');
		return true;
	}

	@Override
	int indexOf(ByteBuffer in, int start, int end) {
		if (isKey(in, start, end, this.firstKey) && this.first == null) {
			return 0;
		}
		MemcachedKey other = this.secondKey;
		return (other != null && isKey(in, start, end, other) && this.second == null) ? 1 : -1;
	}

	@Override
	void take(int asked, Item item) {
		if (asked == 0) {
			this.first = item;
		}
		else {
			this.second = item;
		}
	}

	@Override
	public @Nullable Item first() {
		return isAnswered() ? this.first : null;
	}

	@Override
	public String outcome() {
		return !isAnswered() ? super.outcome() : (this.first != null) ? "hit" : "miss";
	}

	@Override
	public @Nullable Item second() {
		return isAnswered() ? this.second : null;
	}

}
