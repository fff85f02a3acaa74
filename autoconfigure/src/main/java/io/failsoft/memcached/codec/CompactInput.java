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
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link CompactOutput} wrote. Can be used again after a success. Not
 * thread-safe.
 * <p>
 * Classes enter by {@link #readClassDescriptor()} only, where they are checked by name
 * before they are loaded. The filter does not ask again, as it is also shown the results
 * of {@code readResolve()}, whose classes were never written. It bounds the arrays and
 * the tables of collections before they are allocated, and the depth. Its count of
 * references is never reset and not used. {@link HashWork} bounds the cost of hashes.
 */
final class CompactInput extends ObjectInputStream {

	/** Deep enough for chains of entities, and safe on a stack of 512 KB. */
	static final int MAX_DEPTH = 500;

	/** More than an array or table takes per byte that it is read from. */
	private static final int ROOM_PER_BYTE = 4;

	private static final int ROOM = 1024;

	private final SerialForms forms;

	private final Source source;

	private final int maximumSize;

	private final HashWork hashWork = new HashWork();

	private long arrayBytesLeft;

	private long textBytesLeft;

	CompactInput(SerialForms forms, int maximumSize) throws IOException {
		this(forms, maximumSize, new Source());
	}

	private CompactInput(SerialForms forms, int maximumSize, Source source) throws IOException {
		super(source);
		this.forms = forms;
		this.maximumSize = maximumSize;
		this.source = source;
		setObjectInputFilter(this::check);
		enableResolveObject(true);
	}

	@Nullable Object readValue(byte[] bytes, int offset, int length) throws IOException, ClassNotFoundException {
		this.arrayBytesLeft = Math.min(ROOM + (long) ROOM_PER_BYTE * length, this.maximumSize);
		this.textBytesLeft = this.arrayBytesLeft;
		this.source.open(bytes, offset, length);
		Object value = readObject();
		if (this.source.available() > 0) {
			throw new StreamCorruptedException(this.source.available() + " bytes are left over");
		}
		this.source.open(Source.NULL, 0, 1);
		readObject();
		this.hashWork.clear();
		return value;
	}

	private ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo info) {
		if (info.depth() > MAX_DEPTH) {
			throw new ValueCodecException("More than " + MAX_DEPTH + " objects are within each other", null);
		}
		Class<?> type = info.serialClass();
		if (type != null && type.isArray() && info.arrayLength() > 0) {
			this.arrayBytesLeft -= info.arrayLength() * size(type.getComponentType());
			if (this.arrayBytesLeft < 0) {
				throw new ValueCodecException("Its arrays and tables take more memory than its bytes fill, or than"
						+ " memcached.cache.maximum-value-size allows", null);
			}
		}
		if (!this.hashWork.mayContinue()) {
			throw new ValueCodecException("The hashes of its parts take too long", null);
		}
		return ObjectInputFilter.Status.ALLOWED;
	}

	private static long size(Class<?> element) {
		if (element == long.class || element == double.class) {
			return Long.BYTES;
		}
		if (element == byte.class || element == boolean.class) {
			return 1;
		}
		return (element == char.class || element == short.class) ? Short.BYTES : Integer.BYTES;
	}

	@Override
	protected @Nullable Object resolveObject(@Nullable Object object) throws IOException {
		if (object instanceof LongText text) {
			// Texts may share an array, and few bytes must not become many texts.
			this.textBytesLeft -= text.utf8().length;
			if (this.textBytesLeft < 0) {
				throw new StreamCorruptedException("Its texts take more memory than its bytes fill");
			}
			return new String(text.utf8(), StandardCharsets.UTF_8);
		}
		if (object != null && !(object instanceof String)) {
			this.hashWork.completed(object);
		}
		return object;
	}

	@Override
	protected void readStreamHeader() {
	}

	@Override
	protected ObjectStreamClass readClassDescriptor() throws IOException, ClassNotFoundException {
		// Straight from the bytes, as the stream holds back none here.
		int position = this.source.position;
		int length = SerialForms.length(this.source.bytes, position, this.source.end);
		this.source.position += length;
		return this.forms.read(this.source.bytes, position, length);
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

	/**
	 * Bytes that are being read, after the command to forget what was read before.
	 */
	private static final class Source extends InputStream {

		static final byte[] NULL = { ObjectStreamConstants.TC_NULL };

		private byte[] bytes = NULL;

		private int position;

		private int end;

		private boolean reset;

		void open(byte[] bytes, int offset, int length) {
			this.bytes = bytes;
			this.position = offset;
			this.end = offset + length;
			this.reset = true;
		}

		@Override
		public int read() {
			if (this.reset) {
				this.reset = false;
				return ObjectStreamConstants.TC_RESET;
			}
			return (this.position < this.end) ? this.bytes[this.position++] & 0xff : -1;
		}

		@Override
		public int read(byte[] target, int offset, int length) {
			int count = Math.min(length, this.end - this.position);
			if (count <= 0) {
				return (length == 0) ? 0 : -1;
			}
			System.arraycopy(this.bytes, this.position, target, offset, count);
			this.position += count;
			return count;
		}

		@Override
		public int available() {
			return this.end - this.position;
		}

	}

}
