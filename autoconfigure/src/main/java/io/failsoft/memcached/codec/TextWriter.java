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

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The long texts of a value that is being written. Java serialization writes and reads
 * texts character by character; these go behind the stream instead, each copied at once.
 * Not thread-safe.
 * <p>
 * They stand there in reverse order: the first at the very end, the second before it, and
 * so on, so that whoever reads needs to know nothing but where the bytes end.
 */
final class TextWriter {

	/** With less characters, what stands for a text costs more than it saves. */
	static final int MIN_LENGTH = 256;

	private final Latin1 latin1 = new Latin1();

	private final MixedText mixed = new MixedText(this.latin1);

	private final IdentityHashMap<String, LongText> known = new IdentityHashMap<>();

	private final List<Kept> texts = new ArrayList<>();

	private long size;

	/**
	 * What to write in place of a text. A text keeps its stand-in wherever it is met
	 * again, be it written unshared or in place of another object, so that it stays one
	 * object to whoever reads.
	 * @param text a text of at least {@link #MIN_LENGTH} characters
	 * @return the text itself, or what stands for it
	 */
	Object replace(String text) {
		LongText standIn = this.known.get(text);
		if (standIn == null) {
			standIn = keep(text);
		}
		return (standIn != null) ? standIn : text;
	}

	private @Nullable LongText keep(String text) {
		int length = text.length();
		int other = this.latin1.indexOfOther(text, 0);
		if (other == length) {
			return keep(text, length, null);
		}
		byte[] map = this.mixed.map(text, other);
		return (map != null) ? keep(text, MixedText.size(map, length), map) : null;
	}

	private LongText keep(String text, long size, byte @Nullable [] map) {
		this.size = Sink.checked(this.size + size);
		LongText standIn = new LongText(this.texts.size(), text.length(), (int) size);
		this.known.put(text, standIn);
		this.texts.add(new Kept(text, (int) size, map));
		return standIn;
	}

	/**
	 * How many bytes the texts take.
	 * @return their number
	 */
	long size() {
		return this.size;
	}

	/**
	 * Copy the texts to the end of an array.
	 * @param target the array
	 */
	void copyTo(byte[] target) {
		int position = target.length;
		for (Kept kept : this.texts) {
			position -= kept.size();
			if (kept.map() != null) {
				this.mixed.write(kept.text(), kept.map(), target, position);
			}
			else {
				Latin1.copy(kept.text(), target, position);
			}
		}
	}

	void clear() {
		if (!this.texts.isEmpty()) {
			this.texts.clear();
			this.known.clear();
			this.size = 0;
		}
	}

	/**
	 * A text behind the stream.
	 *
	 * @param text the text
	 * @param size how many bytes it takes
	 * @param map which blocks are UTF-16, {@code null} if all is ISO 8859-1
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	private record Kept(String text, int size, byte @Nullable [] map) {

	}

}
