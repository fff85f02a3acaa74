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
import java.io.ObjectInputFilter;
import java.io.ObjectStreamClass;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.util.ClassUtils;

/**
 * Writes class descriptors as fingerprint and name, and finds the classes again. It
 * decides, before a class is even loaded, whether it is allowed. Thread-safe.
 */
final class SerialForms {

	/** The bytes of the fingerprint, and of the length of the name. */
	private static final int HEADER = Long.BYTES + Short.BYTES;

	private static final int MAX_CACHED = 10_000;

	private final ClassLoader classLoader;

	private final AllowedClasses allowed;

	private final ClassValue<byte[]> written = new ClassValue<>() {

		@Override
		protected byte[] computeValue(Class<?> type) {
			if (!SerialForms.this.allowed.isAllowed(type.getName()) || isFiltered(type)) {
				throw refusal(type);
			}
			byte[] name = type.getName().getBytes(StandardCharsets.UTF_8);
			return ByteBuffer.allocate(HEADER + name.length)
				.putLong(ClassFingerprint.of(type))
				.putShort((short) name.length)
				.put(name)
				.array();
		}

	};

	private final Map<Long, Form> byFingerprint = new ConcurrentHashMap<>();

	SerialForms(ClassLoader classLoader, AllowedClasses allowed) {
		this.classLoader = classLoader;
		this.allowed = allowed;
	}

	ValueCodecException refusal(Class<?> type) {
		return this.allowed.refusal(type.getName());
	}

	/**
	 * Returns what stands for a class in a stream.
	 * @param type the class
	 * @return the bytes, not to be changed
	 * @throws ValueCodecException if the class is not allowed
	 */
	byte[] written(Class<?> type) {
		return this.written.get(type);
	}

	/**
	 * Returns how many bytes stand for a class in a stream.
	 */
	static int length(byte[] bytes, int position, int end) throws StreamCorruptedException {
		if (end - position >= HEADER) {
			int name = ByteBuffer.wrap(bytes).getShort(position + Long.BYTES) & 0xffff;
			if (end - position - HEADER >= name) {
				return HEADER + name;
			}
		}
		throw new StreamCorruptedException("A class without a name");
	}

	ObjectStreamClass read(byte[] bytes, int position, int length) throws IOException, ClassNotFoundException {
		long fingerprint = ByteBuffer.wrap(bytes).getLong(position);
		Form form = this.byFingerprint.get(fingerprint);
		if (form == null
				|| !Arrays.equals(form.written(), 0, form.written().length, bytes, position, position + length)) {
			Class<?> type = load(new String(bytes, position + HEADER, length - HEADER, StandardCharsets.UTF_8));
			if (ClassFingerprint.of(type) != fingerprint) {
				throw new InvalidClassException(type.getName(), "The class has changed since it was written");
			}
			form = new Form(written(type), ObjectStreamClass.lookupAny(type));
			if (this.byFingerprint.size() < MAX_CACHED) {
				this.byFingerprint.put(fingerprint, form);
			}
		}
		return form.descriptor();
	}

	private Class<?> load(String name) throws ClassNotFoundException {
		if (!this.allowed.isAllowed(name)) {
			throw this.allowed.refusal(name);
		}
		Class<?> type = ClassUtils.forName(name, this.classLoader);
		if (!type.getName().equals(name)) {
			throw new ClassNotFoundException(name);
		}
		return type;
	}

	/**
	 * Asks the filter of the JVM, if {@code jdk.serialFilter} sets one, about a class.
	 * Its limits are not asked for, as streams are used more than once.
	 */
	private static boolean isFiltered(Class<?> type) {
		ObjectInputFilter filter = ObjectInputFilter.Config.getSerialFilter();
		return filter != null && filter.checkInput(new Only(type)) == ObjectInputFilter.Status.REJECTED;
	}

	/**
	 * A class that was read.
	 *
	 * @param written what stands for it
	 * @param descriptor the local descriptor
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	private record Form(byte[] written, ObjectStreamClass descriptor) {

	}

	/**
	 * A question about a class alone.
	 *
	 * @param serialClass the class
	 */
	private record Only(Class<?> serialClass) implements ObjectInputFilter.FilterInfo {

		@Override
		public long arrayLength() {
			return -1;
		}

		@Override
		public long depth() {
			return 1;
		}

		@Override
		public long references() {
			return 1;
		}

		@Override
		public long streamBytes() {
			return 0;
		}

	}

}
