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

package io.failsoft.memcached.consistency;

/**
 * The moment at which an invocation that will put began, in the sequence of this JVM's
 * writes and in time. Immutable.
 *
 * @param sequence the number of the last write before it
 * @param time the ticker's time
 */
public record PutMark(long sequence, long time) {

	/**
	 * Marks this moment for any region, without asking a server.
	 * @return the mark; a put with it stores its value only if the generation was known
	 * by then
	 */
	public static PutMark now() {
		return new PutMark(WriteStripes.current(), System.nanoTime());
	}

}
