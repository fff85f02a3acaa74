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

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.StreamCorruptedException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link CompactOutput} wrote. Can be used again after a success. Not
 * thread-safe.
 * <p>
 * Classes enter by {@link #readClassDescriptor()} only, where they are checked by name
 * before they are loaded. The filter does not ask again, as it is also shown what
 * {@code readResolve()} of an allowed class answers, whose class was never written and so
 * could not be refused then. Neither arrays nor the tables of collections become larger
 * than a small multiple of the bytes there are, which bounds the number of references
 * too.
 */
final class CompactInput extends ObjectInputStream {

	/** Deep enough for chains of entities, and safe on a stack of 512 KB. */
	static final int MAX_DEPTH = 500;

	private static final int TABLE_FACTOR = 8;

	private static final int MIN_TABLE = 256;

	private final SerialForms forms;

	private final Source source;

	private long maxArray;

	private CompactInput(SerialForms forms, Source source) throws IOException {
		super(source);
		this.forms = forms;
		this.source = source;
		setObjectInputFilter(this::check);
	}

	static CompactInput create(SerialForms forms) throws IOException {
		return new CompactInput(forms, new Source());
	}

	@Nullable Object readValue(byte[] bytes, int offset, int length) throws IOException, ClassNotFoundException {
		this.maxArray = Math.max(MIN_TABLE, (long) TABLE_FACTOR * length);
		this.source.open(bytes, offset, length);
		Object value = readObject();
		if (this.source.available() > 0) {
			throw new StreamCorruptedException(this.source.available() + " bytes are left over");
		}
		this.source.openNull();
		readObject();
		return value;
	}

	private ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo info) {
		return (info.depth() <= MAX_DEPTH && info.arrayLength() <= this.maxArray) ? ObjectInputFilter.Status.ALLOWED
				: ObjectInputFilter.Status.REJECTED;
	}

	@Override
	protected void readStreamHeader() {
	}

	@Override
	protected ObjectStreamClass readClassDescriptor() throws IOException, ClassNotFoundException {
		return this.forms.read(this);
	}

	@Override
	protected Class<?> resolveClass(ObjectStreamClass descriptor) {
		return descriptor.forClass();
	}

	@Override
	protected Class<?> resolveProxyClass(String[] interfaces) {
		throw new ValueCodecException("A proxy of " + Arrays.toString(interfaces) + " is never deserialized", null,
				true);
	}

}
