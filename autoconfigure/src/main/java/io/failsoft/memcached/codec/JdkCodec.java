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

import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The default codec: Java serialization in a compact form, and texts and bytes as they
 * are. Takes every {@link java.io.Serializable} whose classes are allowed, and
 * {@link java.util.Optional} within one. Thread-safe.
 * <p>
 * The first byte says what follows.
 */
final class JdkCodec implements ValueCodec {

	private static final int ID = 1;

	private static final int OBJECT = 1;

	private static final int TEXT = 2;

	private static final int BYTES = 3;

	/** Streams that held more keep large tables, which would have to be cleared. */
	private static final int MAX_POOLED = 64 << 10;

	private final SerialForms forms;

	private final int maximumSize;

	private final StreamPool<CompactOutput> outputs = new StreamPool<>();

	private final StreamPool<CompactInput> inputs = new StreamPool<>();

	/**
	 * Creates a codec.
	 * @param maximumSize the most bytes that one value may take on writing, and that its
	 * arrays may take on reading
	 */
	JdkCodec(ClassLoader classLoader, AllowedClasses allowed, int maximumSize) {
		this.forms = new SerialForms(classLoader, allowed);
		this.maximumSize = maximumSize;
	}

	@Override
	public int id() {
		return ID;
	}

	@Override
	public byte[] encode(Object value) {
		if (value instanceof byte[] bytes) {
			return tagged(BYTES, bytes);
		}
		byte[] utf8 = (value instanceof String text) ? LongText.utf8(text) : null;
		return (utf8 != null) ? tagged(TEXT, utf8) : encodeObject(value);
	}

	private static byte[] tagged(int tag, byte[] bytes) {
		byte[] result = new byte[1 + bytes.length];
		result[0] = (byte) tag;
		System.arraycopy(bytes, 0, result, 1, bytes.length);
		return result;
	}

	private byte[] encodeObject(Object value) {
		try {
			CompactOutput output = this.outputs.take();
			if (output == null) {
				output = new CompactOutput(this.forms, this.maximumSize);
			}
			byte[] bytes = output.writeValue(OBJECT, value);
			if (bytes.length <= MAX_POOLED) {
				this.outputs.give(output);
			}
			return bytes;
		}
		catch (ValueCodecException ex) {
			throw ex;
		}
		catch (NotSerializableException ex) {
			throw new ValueCodecException(
					value.getClass().getName() + " cannot be cached, as " + ex.getMessage()
							+ " does not implement java.io.Serializable. " + remedy(String.valueOf(ex.getMessage())),
					ex);
		}
		catch (StackOverflowError ex) {
			throw new ValueCodecException(value.getClass().getName()
					+ " cannot be cached, as its objects refer to each other in too long a chain", ex);
		}
		catch (Exception | LinkageError ex) {
			throw new ValueCodecException(value.getClass().getName() + " could not be serialized: " + ex, ex);
		}
	}

	/** A class of the JDK cannot be made serializable, but its views have copies. */
	private static String remedy(String className) {
		if (!className.startsWith("java.")) {
			return "Let it do so, or set memcached.cache.codec: json";
		}
		boolean view = (className.startsWith("java.util.") && className.contains("$"))
				|| className.equals("java.util.KeyValueHolder");
		return view
				? "It is a part or a view of another collection: cache a copy, by new ArrayList<>(...), List.copyOf or"
						+ " Map.copyOf (of an entry: new AbstractMap.SimpleEntry<>(...)), or set memcached.cache.codec: json"
				: "Cache a value without it";
	}

	@Override
	public Object decode(byte[] bytes, int offset, int length) {
		if (length < 1) {
			throw new ValueCodecException("No bytes to read", null);
		}
		int tag = bytes[offset];
		int start = offset + 1;
		return switch (tag) {
			case OBJECT -> decodeObject(bytes, start, length - 1);
			case TEXT -> new String(bytes, start, length - 1, StandardCharsets.UTF_8);
			case BYTES -> Arrays.copyOfRange(bytes, start, offset + length);
			default -> throw new ValueCodecException("No value begins with the byte " + tag, null);
		};
	}

	private Object decodeObject(byte[] bytes, int offset, int length) {
		@Nullable Object value;
		try {
			CompactInput input = this.inputs.take();
			if (input == null) {
				input = new CompactInput(this.forms, this.maximumSize);
			}
			value = input.readValue(bytes, offset, length);
			if (length <= MAX_POOLED) {
				this.inputs.give(input);
			}
		}
		catch (Throwable ex) {
			// Errors too: constructors of the value's classes see bytes that nobody
			// checked. The stream hides the reason of a refusal in the cause.
			if (ex instanceof ValueCodecException || ex.getCause() instanceof ValueCodecException) {
				throw (ValueCodecException) ((ex instanceof ValueCodecException) ? ex : ex.getCause());
			}
			throw new ValueCodecException("The value cannot be deserialized: " + ex, ex);
		}
		if (value == null) {
			throw new ValueCodecException("The value is null", null);
		}
		return value;
	}

}
