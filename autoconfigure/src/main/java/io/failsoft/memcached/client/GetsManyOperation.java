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
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The command {@code gets <key>*} for many keys.
 */
final class GetsManyOperation extends RetrievalOperation {

	private final List<MemcachedKey> keys;

	private final @Nullable Item[] items;

	/** Keys that were written. */
	private int written;

	/** The key whose item comes next if the server answers in order. */
	private int expected;

	GetsManyOperation(Owner owner, List<MemcachedKey> keys) {
		super(owner, GETS.length + 1 + keys.stream().mapToLong((key) -> key.bytes().length + 1L).sum());
		this.keys = keys;
		this.items = new Item[keys.size()];
	}

	@Override
	boolean encode(ByteBuffer out) {
		for (; this.written < this.keys.size(); this.written++) {
			byte[] key = this.keys.get(this.written).bytes();
			// The room that the end of the line takes, too.
			if (out.remaining() < GETS.length + key.length + 2) {
				return false;
			}
			if (this.written == 0) {
				out.put(GETS);
			}
			else {
				out.put((byte) ' ');
			}
			out.put(key);
		}
		out.put((byte) '\r').put((byte) '\n');
		return true;
	}

	/**
	 * Looks from the expected key on, as a proxy may answer in another order.
	 */
	@Override
	int indexOf(ByteBuffer in, int start, int end) {
		int count = this.keys.size();
		for (int i = 0; i < count; i++) {
			int candidate = (this.expected + i) % count;
			if (this.items[candidate] == null && isKey(in, start, end, this.keys.get(candidate))) {
				return candidate;
			}
		}
		return -1;
	}

	@Override
	void take(int asked, Item item) {
		this.items[asked] = item;
		this.expected = asked + 1;
	}

	@Override
	public @Nullable Item item(int index) {
		return isAnswered() ? this.items[index] : null;
	}

	@Override
	public String outcome() {
		return !isAnswered() ? super.outcome() : Arrays.asList(this.items).contains(null) ? "miss" : "hit";
	}

}
