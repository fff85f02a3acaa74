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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is answered in a server's place, one after the other, the last one for ever.
 */
final class Answers {

	private final List<byte[]> all = new ArrayList<>();

	private final AtomicInteger next = new AtomicInteger();

	Answers(byte[]... answers) {
		if (answers.length == 0) {
			throw new IllegalArgumentException("Give at least one answer, which may be empty");
		}
		for (byte[] answer : answers) {
			this.all.add(answer.clone());
		}
	}

	byte[] next() {
		int last = this.all.size() - 1;
		return this.all.get(this.next.getAndUpdate((index) -> Math.min(index + 1, last)));
	}

}
