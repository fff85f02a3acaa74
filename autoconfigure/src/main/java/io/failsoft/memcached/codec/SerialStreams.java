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
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Streams of Java serialization without header, in which fingerprint and name stand for a
 * class. They decide, before a class is even loaded, whether it is allowed. Thread-safe;
 * the streams are not, and can be used again after a success.
 */
final class SerialStreams {

	/** Deep enough for chains of entities, and safe on a stack of 512 KB. */
	private static final int MAX_DEPTH = 500;

	/** More than an array or table takes per byte that it is read from. */
	private static final int ROOM_PER_BYTE = 4;

	private static final int ROOM = 1024;

	/** The bytes of the fingerprint, and of the length of the name. */
	private static final int HEADER = Long.BYTES + Short.BYTES;

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

	private final ClassLoader classLoader;

	private final AllowedClasses allowed;

	private final int maximumSize;

	/** The bytes that stand for a class, for those that are allowed. */
	private final ClassValue<byte[]> written = new ClassValue<>() {

		@Override
		protected byte[] computeValue(Class<?> type) {
			if (!SerialStreams.this.allowed.isAllowed(type.getName()) || isFiltered(type)) {
				throw SerialStreams.this.allowed.refusal(type.getName());
			}
			byte[] name = type.getName().getBytes(StandardCharsets.UTF_8);
			return ByteBuffer.allocate(HEADER + name.length)
				.putLong(ClassFingerprint.of(type))
				.putShort((short) name.length)
				.put(name)
				.array();
		}

	};

	private final Map<Long, Known> byFingerprint = new ConcurrentHashMap<>();

	/**
	 * Creates the streams of a codec.
	 * @param maximumSize the most bytes that one value may take on writing, and that its
	 * arrays may take on reading
	 */
	SerialStreams(ClassLoader classLoader, AllowedClasses allowed, int maximumSize) {
		this.classLoader = classLoader;
		this.allowed = allowed;
		this.maximumSize = maximumSize;
	}

	/**
	 * Asks the filter of the JVM, if {@code jdk.serialFilter} sets one, about a class.
	 * Its limits are not asked for, as streams are used more than once.
	 */
	private static boolean isFiltered(Class<?> type) {
		ObjectInputFilter filter = ObjectInputFilter.Config.getSerialFilter();
		return filter != null
				&& filter.checkInput(new Question(type, -1, 1, 1, 0)) == ObjectInputFilter.Status.REJECTED;
	}

	private ObjectStreamClass find(String name, long fingerprint) throws IOException, ClassNotFoundException {
		if (!this.allowed.isAllowed(name)) {
			throw this.allowed.refusal(name);
		}
		Class<?> type = ClassUtils.forName(name, this.classLoader);
		if (!type.getName().equals(name)) {
			throw new ClassNotFoundException(name);
		}
		if (ClassFingerprint.of(type) != fingerprint) {
			throw new ValueCodecException(name + " has changed since it was written", null);
		}
		Known known = new Known(ObjectStreamClass.lookupAny(type), this.written.get(type));
		this.byFingerprint.put(fingerprint, known);
		return known.descriptor();
	}

	@SuppressWarnings("ArrayRecordComponent") // private, never compared
	private record Known(ObjectStreamClass descriptor, byte[] written) {

	}

	/**
	 * A question about a class alone.
	 *
	 * @param serialClass the class
	 * @param arrayLength no length
	 * @param depth the least
	 * @param references the least
	 * @param streamBytes none
	 */
	private record Question(Class<?> serialClass, long arrayLength, long depth, long references,
			long streamBytes) implements ObjectInputFilter.FilterInfo {

	}

	/**
	 * A stream that writes values.
	 */
	final class Output extends ObjectOutputStream {

		private final Sink sink;

		Output() throws IOException {
			this(new Sink(SerialStreams.this.maximumSize));
		}

		private Output(Sink sink) throws IOException {
			super(sink);
			this.sink = sink;
			enableReplaceObject(true);
		}

		byte[] writeValue(int tag, Object value) throws IOException {
			this.sink.write(tag);
			writeObject(value);
			flush();
			byte[] bytes = Arrays.copyOf(this.sink.buffer, this.sink.length);
			this.sink.length = 0;
			reset();
			flush();
			this.sink.length = 0;
			return bytes;
		}

		@Override
		protected void writeStreamHeader() {
		}

		@Override
		protected void writeClassDescriptor(ObjectStreamClass descriptor) throws IOException {
			write(SerialStreams.this.written.get(descriptor.forClass()));
		}

		@Override
		protected void annotateProxyClass(Class<?> type) {
			throw SerialStreams.this.allowed.refusal(type.getName());
		}

		@Override
		protected @Nullable Object replaceObject(@Nullable Object object) {
			if (object instanceof String text) {
				return LongText.of(text);
			}
			Object replacement = (object == null || object instanceof Serializable) ? object : SerialProxy.of(object);
			if (replacement == null || replacement instanceof Serializable) {
				return replacement;
			}
			throw new ValueCodecException(replacement.getClass().getName()
					+ " does not implement java.io.Serializable, so that the value cannot be cached. Let it do so, cache"
					+ " a copy if it is a view of a collection, or, if it is a record or has a constructor without"
					+ " parameters, "
					+ (ClassUtils.isPresent("tools.jackson.databind.ObjectMapper", SerialStreams.this.classLoader) ? ""
							: "add tools.jackson.core:jackson-databind and ")
					+ "set memcached.cache.codec: json", null);
		}

	}

	/**
	 * A stream that reads values.
	 * <p>
	 * Classes enter by {@link #readClassDescriptor()} only, where they are checked by
	 * name before they are loaded. The filter does not ask again, as it is also shown the
	 * results of {@code readResolve()}, whose classes were never written. It bounds the
	 * arrays and the tables of collections before they are allocated, and the depth. Its
	 * count of references is never reset and not used. {@link HashWork} bounds the cost
	 * of hashes.
	 */
	final class Input extends ObjectInputStream {

		private final Source source;

		private final HashWork hashWork = new HashWork();

		private long arrayBytesLeft;

		private long textBytesLeft;

		Input() throws IOException {
			this(new Source());
		}

		private Input(Source source) throws IOException {
			super(source);
			this.source = source;
			setObjectInputFilter(this::check);
			enableResolveObject(true);
		}

		Object readValue(byte[] bytes, int offset, int length) throws IOException, ClassNotFoundException {
			this.arrayBytesLeft = Math.min(ROOM + (long) ROOM_PER_BYTE * length, SerialStreams.this.maximumSize);
			this.textBytesLeft = this.arrayBytesLeft;
			this.source.open(bytes, offset, length);
			Object value = readObject();
			if (value == null || this.source.available() > 0) {
				throw new StreamCorruptedException("It is null, or bytes are left over");
			}
			this.source.open(Source.RESET, 0, Source.RESET.length);
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
				this.arrayBytesLeft -= info.arrayLength() * switch (type.getName().charAt(1)) {
					case 'J', 'D' -> Long.BYTES;
					case 'C', 'S' -> Short.BYTES;
					case 'B', 'Z' -> 1;
					default -> Integer.BYTES;
				};
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

		@Override
		protected @Nullable Object resolveObject(@Nullable Object object) throws IOException {
			if (object == null || object instanceof String) {
				return object;
			}
			if (object instanceof LongText text) {
				// Texts may share an array, and few bytes must not become many texts.
				this.textBytesLeft -= text.utf8().length;
				if (this.textBytesLeft < 0) {
					throw new ValueCodecException("Its texts take more memory than its bytes fill", null);
				}
				return new String(text.utf8(), StandardCharsets.UTF_8);
			}
			this.hashWork.completed(object);
			return object;
		}

		@Override
		protected void readStreamHeader() {
		}

		@Override
		protected ObjectStreamClass readClassDescriptor() throws IOException, ClassNotFoundException {
			// Straight from the bytes, as the stream holds back none here.
			byte[] bytes = this.source.bytes;
			int start = this.source.position;
			int left = this.source.available() - HEADER;
			int length = (left >= 0) ? (short) SHORT.get(bytes, start + Long.BYTES) & 0xffff : 0;
			if (length > left) {
				throw new StreamCorruptedException("A class without a name");
			}
			long fingerprint = (long) LONG.get(bytes, start);
			this.source.position += HEADER + length;
			Known known = SerialStreams.this.byFingerprint.get(fingerprint);
			if (known != null
					&& Arrays.equals(known.written(), 0, known.written().length, bytes, start, this.source.position)) {
				return known.descriptor();
			}
			return find(new String(bytes, start + HEADER, length, StandardCharsets.UTF_8), fingerprint);
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

	/**
	 * Bytes in memory, up to a bound. Unlike {@link java.io.ByteArrayOutputStream} it
	 * takes no lock, which is worth a tenth of the time.
	 */
	private static final class Sink extends OutputStream {

		private final int maximumSize;

		private byte[] buffer = new byte[512];

		private int length;

		Sink(int maximumSize) {
			this.maximumSize = maximumSize;
		}

		@Override
		public void write(int b) {
			write(new byte[] { (byte) b }, 0, 1);
		}

		@Override
		public void write(byte[] bytes, int offset, int count) {
			if (count > this.maximumSize - this.length) {
				throw new ValueCodecException("A value of more than " + this.maximumSize
						+ " bytes is not cached. Cache less at once, or raise memcached.cache.maximum-value-size",
						null);
			}
			int needed = this.length + count;
			if (needed > this.buffer.length) {
				this.buffer = Arrays.copyOf(this.buffer, (int) Math.min(this.maximumSize, 2L * needed));
			}
			System.arraycopy(bytes, offset, this.buffer, this.length, count);
			this.length = needed;
		}

	}

	/**
	 * Bytes that are being read.
	 */
	private static final class Source extends InputStream {

		/** Makes a stream forget what was read before. */
		static final byte[] RESET = { ObjectStreamConstants.TC_RESET, ObjectStreamConstants.TC_NULL };

		private byte[] bytes = RESET;

		private int position;

		private int end;

		void open(byte[] bytes, int offset, int length) {
			this.bytes = bytes;
			this.position = offset;
			this.end = offset + length;
		}

		@Override
		public int read() {
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
