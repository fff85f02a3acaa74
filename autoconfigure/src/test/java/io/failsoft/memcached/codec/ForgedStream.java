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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Writes the compact form as an attacker would: of any class, allowed or not.
 */
final class ForgedStream extends ObjectOutputStream {

	private final UnaryOperator<Object> replacement;

	private ForgedStream(ByteArrayOutputStream sink, UnaryOperator<Object> replacement) throws IOException {
		super(sink);
		this.replacement = replacement;
		enableReplaceObject(true);
	}

	static byte[] of(Object value) {
		return of(value, UnaryOperator.identity());
	}

	/**
	 * Write something that no program writes.
	 * @param value what is replaced in part
	 * @param replacement what to write in place of each object
	 * @param behind bytes that follow the stream
	 * @return the bytes
	 */
	static byte[] of(Object value, UnaryOperator<Object> replacement, byte... behind) {
		ByteArrayOutputStream sink = new ByteArrayOutputStream();
		sink.write(1);
		try (ForgedStream stream = new ForgedStream(sink, replacement)) {
			stream.writeObject(value);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		sink.write(behind, 0, behind.length);
		return sink.toByteArray();
	}

	/**
	 * Change the first occurrence of some text, to another of the same length.
	 * @param bytes where it occurs
	 * @param from the text
	 * @param to what it becomes
	 * @return a changed copy
	 */
	static byte[] replace(byte[] bytes, String from, String to) {
		byte[] result = bytes.clone();
		byte[] searched = from.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
		for (int i = 0; i <= bytes.length - searched.length; i++) {
			if (Arrays.equals(bytes, i, i + searched.length, searched, 0, searched.length)) {
				System.arraycopy(to.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), 0, result, i,
						searched.length);
				return result;
			}
		}
		throw new IllegalArgumentException(from + " does not occur");
	}

	@Override
	protected @Nullable Object replaceObject(@Nullable Object object) {
		return (object != null) ? this.replacement.apply(object) : null;
	}

	@Override
	protected void writeStreamHeader() {
	}

	@Override
	protected void writeClassDescriptor(ObjectStreamClass descriptor) throws IOException {
		byte[] name = descriptor.getName().getBytes(java.nio.charset.StandardCharsets.UTF_8);
		writeLong(ClassFingerprint.of(descriptor.forClass()));
		writeShort(name.length);
		write(name);
	}

}
