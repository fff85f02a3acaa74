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
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The default codec: Java serialization in a compact form, and simple values as they are.
 * Takes every {@link java.io.Serializable} whose classes are allowed, and
 * {@link java.util.Optional} within one. Thread-safe.
 * <p>
 * The first byte says what follows. It belongs to the format: a byte never changes its
 * meaning.
 */
final class JdkCodec implements ValueCodec {

	private static final int ID = 1;

	private static final int OBJECT = 1;

	private static final int LATIN1 = 2;

	private static final int UTF16 = 3;

	private static final int BYTES = 4;

	private static final int LONG = 5;

	private static final int INTEGER = 6;

	private static final int SHORT = 7;

	private static final int BYTE = 8;

	private static final int CHARACTER = 9;

	private static final int FALSE = 10;

	private static final int TRUE = 11;

	private static final int DOUBLE = 12;

	private static final int FLOAT = 13;

	/** Streams that held more keep large tables, which would have to be cleared. */
	private static final int MAX_POOLED = 64 << 10;

	private final SerialForms forms;

	private final StreamPool<CompactOutput> outputs = new StreamPool<>();

	private final StreamPool<Latin1> scanners = new StreamPool<>();

	private final StreamPool<CompactInput> inputs = new StreamPool<>();

	JdkCodec(ClassLoader classLoader, AllowedClasses allowed) {
		this.forms = new SerialForms(classLoader, allowed);
	}

	@Override
	public int id() {
		return ID;
	}

	@Override
	public byte[] encode(Object value) {
		byte[] simple = encodeSimple(value);
		return (simple != null) ? simple : encodeObject(value);
	}

	private byte @Nullable [] encodeSimple(Object value) {
		if (value instanceof String text) {
			return encodeText(text);
		}
		if (value instanceof byte[] bytes) {
			byte[] result = room(BYTES, bytes.length);
			System.arraycopy(bytes, 0, result, 1, bytes.length);
			return result;
		}
		if (value instanceof Long number) {
			return number(LONG, Long.BYTES, number);
		}
		if (value instanceof Integer number) {
			return number(INTEGER, Integer.BYTES, number);
		}
		if (value instanceof Boolean bool) {
			return room(bool ? TRUE : FALSE, 0);
		}
		if (value instanceof Double number) {
			return number(DOUBLE, Double.BYTES, Double.doubleToRawLongBits(number));
		}
		if (value instanceof Float number) {
			return number(FLOAT, Float.BYTES, Float.floatToRawIntBits(number));
		}
		if (value instanceof Short number) {
			return number(SHORT, Short.BYTES, number);
		}
		if (value instanceof Byte number) {
			return number(BYTE, 1, number);
		}
		if (value instanceof Character character) {
			return number(CHARACTER, Character.BYTES, character);
		}
		return null;
	}

	private static byte[] room(int tag, long length) {
		if (length > Integer.MAX_VALUE - 16) {
			throw new ValueCodecException("A value of " + length + " bytes cannot be cached", null);
		}
		byte[] bytes = new byte[1 + (int) length];
		bytes[0] = (byte) tag;
		return bytes;
	}

	private static byte[] number(int tag, int length, long value) {
		byte[] bytes = room(tag, length);
		for (int i = length; i > 0; i--) {
			bytes[i] = (byte) (value >>> (8 * (length - i)));
		}
		return bytes;
	}

	private byte[] encodeText(String text) {
		int length = text.length();
		if (isLatin1(text)) {
			byte[] bytes = room(LATIN1, length);
			Latin1.copy(text, bytes, 1);
			return bytes;
		}
		byte[] bytes = room(UTF16, 2L * length);
		// An array is copied at once, a text character by character.
		ByteBuffer.wrap(bytes, 1, 2 * length).asCharBuffer().put(text.toCharArray());
		return bytes;
	}

	private boolean isLatin1(String text) {
		Latin1 latin1 = this.scanners.take();
		if (latin1 == null) {
			latin1 = new Latin1();
		}
		boolean all = latin1.indexOfOther(text, 0) == text.length();
		this.scanners.give(latin1);
		return all;
	}

	private byte[] encodeObject(Object value) {
		try {
			CompactOutput output = this.outputs.take();
			if (output == null) {
				output = CompactOutput.create(this.forms);
			}
			byte[] bytes = output.writeValue(OBJECT, value);
			if (output.mayBeTooDeep()) {
				requireReadable(value, bytes);
			}
			if (bytes.length <= MAX_POOLED) {
				this.outputs.give(output);
			}
			return bytes;
		}
		catch (ValueCodecException ex) {
			throw ex;
		}
		catch (CompactOutput.TooDeep ex) {
			throw tooDeep(value, ex);
		}
		catch (CompactOutput.Failed ex) {
			throw notWritten(value, ex.failure());
		}
		catch (IOException | RuntimeException | LinkageError | StackOverflowError ex) {
			throw notWritten(value, ex);
		}
	}

	private void requireReadable(Object value, byte[] bytes) {
		try {
			decode(bytes, 0, bytes.length);
		}
		catch (ValueCodecException ex) {
			throw new ValueCodecException(
					value.getClass().getName() + " cannot be cached, as it could not be read again: " + ex.getMessage()
							+ ". Cache a list of them in its place",
					ex, true);
		}
	}

	private static ValueCodecException tooDeep(Object value, RuntimeException cause) {
		return new ValueCodecException(value.getClass().getName() + " cannot be cached, as more than "
				+ CompactOutput.MAX_DEPTH + " of its objects are within each other (a linked list of that many, for"
				+ " instance), which would not be read again. Cache a list of them in its place", cause, true);
	}

	private static ValueCodecException notWritten(Object value, Throwable cause) {
		if (cause instanceof NotSerializableException) {
			return new ValueCodecException(
					value.getClass().getName() + " cannot be cached, as " + cause.getMessage()
							+ " does not implement java.io.Serializable. " + remedy(String.valueOf(cause.getMessage())),
					cause);
		}
		if (cause instanceof StackOverflowError) {
			return new ValueCodecException(value.getClass().getName()
					+ " cannot be cached, as its objects refer to each other in too long a chain", cause);
		}
		return new ValueCodecException(value.getClass().getName() + " could not be serialized: " + cause, cause);
	}

	/** Nobody lets a class of the JDK be serializable, but its views have copies. */
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
		int size = length - 1;
		return switch (tag) {
			case OBJECT -> decodeObject(bytes, start, size);
			case LATIN1 -> new String(bytes, start, size, StandardCharsets.ISO_8859_1);
			case UTF16 -> decodeText(bytes, start, size);
			case BYTES -> Arrays.copyOfRange(bytes, start, start + size);
			case LONG -> number(bytes, start, size, Long.BYTES);
			case INTEGER -> (int) number(bytes, start, size, Integer.BYTES);
			case SHORT -> (short) number(bytes, start, size, Short.BYTES);
			case BYTE -> (byte) number(bytes, start, size, 1);
			case CHARACTER -> (char) number(bytes, start, size, Character.BYTES);
			case TRUE -> number(bytes, start, size, 0) == 0;
			case FALSE -> number(bytes, start, size, 0) != 0;
			case DOUBLE -> Double.longBitsToDouble(number(bytes, start, size, Double.BYTES));
			case FLOAT -> Float.intBitsToFloat((int) number(bytes, start, size, Float.BYTES));
			default -> throw new ValueCodecException("No value begins with the byte " + tag, null);
		};
	}

	private static long number(byte[] bytes, int start, int size, int expected) {
		if (size != expected) {
			throw new ValueCodecException(size + " bytes in place of " + expected, null);
		}
		long value = 0;
		for (int i = 0; i < size; i++) {
			value = (value << 8) | (bytes[start + i] & 0xff);
		}
		return value;
	}

	private static String decodeText(byte[] bytes, int start, int size) {
		if ((size & 1) != 0) {
			throw new ValueCodecException("Half a character is missing", null);
		}
		return ByteBuffer.wrap(bytes, start, size).asCharBuffer().toString();
	}

	private Object decodeObject(byte[] bytes, int offset, int length) {
		Object value;
		try {
			CompactInput input = this.inputs.take();
			if (input == null) {
				input = CompactInput.create(this.forms);
			}
			value = input.readValue(bytes, offset, length);
			if (length <= MAX_POOLED) {
				this.inputs.give(input);
			}
		}
		catch (ValueCodecException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			// Errors too: constructors of the value's classes see bytes that nobody
			// checked.
			throw new ValueCodecException("The value cannot be deserialized: " + ex, ex);
		}
		if (value == null) {
			throw new ValueCodecException("The value is null", null);
		}
		return value;
	}

}
