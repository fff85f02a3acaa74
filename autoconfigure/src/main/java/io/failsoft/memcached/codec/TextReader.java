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

import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The long texts of a value that is being read, which {@link TextWriter} put behind the
 * stream. A byte belongs to one text at most, and what belongs to a text is nothing else:
 * few bytes never become many texts. Not thread-safe.
 */
final class TextReader {

	private final Source source;

	private final MixedText mixed = new MixedText(new Latin1());

	private final List<String> texts = new ArrayList<>();

	TextReader(Source source) {
		this.source = source;
	}

	/**
	 * The text that something stands for.
	 * @param standIn what was read
	 * @return the text, the same object each time
	 * @throws StreamCorruptedException if there is no such text
	 */
	String read(LongText standIn) throws StreamCorruptedException {
		int index = standIn.index();
		if (index == this.texts.size()) {
			this.texts.add(next(standIn.length(), standIn.size()));
		}
		else if (index < 0 || index > this.texts.size()) {
			throw new StreamCorruptedException("There is no text " + index);
		}
		return this.texts.get(index);
	}

	private String next(int length, int size) throws StreamCorruptedException {
		if (length < 0 || length > size) {
			throw new StreamCorruptedException("A text of " + length + " characters and " + size + " bytes");
		}
		int position = this.source.takeFromEnd(size);
		byte[] bytes = this.source.bytes();
		return (size == length) ? new String(bytes, position, size, StandardCharsets.ISO_8859_1)
				: this.mixed.read(bytes, position, size, length);
	}

	void clear() {
		this.texts.clear();
	}

}
