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

package io.failsoft.memcached.codec;

import java.io.Serial;
import java.io.Serializable;

/**
 * Stands in a stream for a text whose characters are kept behind the stream. Nobody gets
 * to see it: a {@link String} becomes one as it is written, and one becomes a
 * {@link String} as it is read. Immutable. Its serial form belongs to the format.
 */
final class LongText implements Serializable {

	@Serial
	private static final long serialVersionUID = 1;

	private final int index;

	private final int length;

	private final int size;

	/**
	 * A text.
	 * @param index how many texts the stream has before this one
	 * @param length its length in characters
	 * @param size how many bytes are kept: as many as characters for ISO 8859-1, more for
	 * {@link MixedText}
	 */
	LongText(int index, int length, int size) {
		this.index = index;
		this.length = length;
		this.size = size;
	}

	int index() {
		return this.index;
	}

	int length() {
		return this.length;
	}

	int size() {
		return this.size;
	}

}
