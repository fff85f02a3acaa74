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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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

	private final SerialStreams streams;

	private final StreamPool<SerialStreams.Output> outputs = new StreamPool<>();

	private final StreamPool<SerialStreams.Input> inputs = new StreamPool<>();

	/**
	 * Creates a codec.
	 * @param maximumSize the most bytes that one value may take on writing, and that its
	 * arrays may take on reading
	 */
	JdkCodec(ClassLoader classLoader, AllowedClasses allowed, int maximumSize) {
		this.streams = new SerialStreams(classLoader, allowed, maximumSize);
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
		return ByteBuffer.allocate(1 + bytes.length).put((byte) tag).put(bytes).array();
	}

	private byte[] encodeObject(Object value) {
		try {
			SerialStreams.Output output = this.outputs.take();
			if (output == null) {
				output = this.streams.new Output();
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
		catch (Exception | LinkageError | StackOverflowError ex) {
			// A stack overflows where objects refer to each other in too long a chain.
			throw new ValueCodecException(
					value.getClass().getName() + " could not be serialized: " + ex.getClass().getName(), ex);
		}
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
		try {
			SerialStreams.Input input = this.inputs.take();
			if (input == null) {
				input = this.streams.new Input();
			}
			Object value = input.readValue(bytes, offset, length);
			if (length <= MAX_POOLED) {
				this.inputs.give(input);
			}
			return value;
		}
		catch (Throwable ex) {
			// Errors too: constructors of the value's classes see bytes that nobody
			// checked. The stream hides the reason of a refusal in the cause.
			if ((ex instanceof ValueCodecException ? ex : ex.getCause()) instanceof ValueCodecException reason) {
				throw reason;
			}
			throw new ValueCodecException("The value cannot be deserialized: " + ex.getClass().getName(), ex);
		}
	}

}
