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
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamException;
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
 * could not be refused then. All arrays and tables of collections together have no more
 * elements than a small multiple of the bytes there are. {@link HashWork} bounds what
 * their hashes cost.
 */
final class CompactInput extends ObjectInputStream {

	/**
	 * Whatever was written, with some room as references count here only, and safe on a
	 * stack of 512 KB.
	 */
	static final int MAX_DEPTH = CompactOutput.MAX_DEPTH + 5;

	private static final int ELEMENTS_PER_BYTE = 4;

	private static final int MIN_ELEMENTS = 256;

	private final SerialForms forms;

	private final Source source;

	/** Only once there is a long text, as most values have none. */
	private @Nullable TextReader texts;

	private final HashWork hashWork = new HashWork();

	private long elementsLeft;

	/** Why the filter rejects, of which the stream would not tell. */
	private @Nullable String exceeded;

	private CompactInput(SerialForms forms, Source source) throws IOException {
		super(source);
		this.forms = forms;
		this.source = source;
		setObjectInputFilter(this::check);
		enableResolveObject(true);
	}

	static CompactInput create(SerialForms forms) throws IOException {
		return new CompactInput(forms, new Source());
	}

	@Nullable Object readValue(byte[] bytes, int offset, int length) throws IOException, ClassNotFoundException {
		this.elementsLeft = Math.max(MIN_ELEMENTS, (long) ELEMENTS_PER_BYTE * length);
		this.source.open(bytes, offset, length);
		Object value = readChecked();
		if (this.source.available() > 0) {
			throw new StreamCorruptedException(this.source.available() + " bytes are left over");
		}
		this.source.openNull();
		readObject();
		this.hashWork.clear();
		if (this.texts != null) {
			this.texts.clear();
		}
		return value;
	}

	private @Nullable Object readChecked() throws IOException, ClassNotFoundException {
		try {
			return readObject();
		}
		catch (InvalidClassException ex) {
			String exceeded = this.exceeded;
			if (exceeded == null) {
				throw ex;
			}
			InvalidObjectException explained = new InvalidObjectException(exceeded);
			explained.initCause(ex);
			throw explained;
		}
	}

	private ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo info) {
		this.elementsLeft -= Math.max(0, info.arrayLength());
		if (info.depth() <= MAX_DEPTH && this.elementsLeft >= 0 && this.hashWork.mayContinue()) {
			return ObjectInputFilter.Status.ALLOWED;
		}
		if (this.exceeded == null) {
			this.exceeded = (info.depth() > MAX_DEPTH)
					? "More than " + CompactOutput.MAX_DEPTH + " objects are within each other"
					: (this.elementsLeft < 0) ? "Its arrays and tables have more than " + ELEMENTS_PER_BYTE
							+ " elements per byte there is" : "The hashes of its parts take too long";
		}
		return ObjectInputFilter.Status.REJECTED;
	}

	@Override
	protected @Nullable Object resolveObject(@Nullable Object object) throws ObjectStreamException {
		if (object == null) {
			// What a readResolve() answered.
			return null;
		}
		if (object instanceof LongText text) {
			return texts().read(text);
		}
		if (!(object instanceof String text)) {
			this.hashWork.completed(object);
		}
		else if (text.isEmpty() && this.source.isAtLongLength()) {
			// The JDK takes a negative length for none.
			throw new StreamCorruptedException("A long text without a character");
		}
		return object;
	}

	private TextReader texts() {
		TextReader texts = this.texts;
		if (texts == null) {
			texts = new TextReader(this.source);
			this.texts = texts;
		}
		return texts;
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
