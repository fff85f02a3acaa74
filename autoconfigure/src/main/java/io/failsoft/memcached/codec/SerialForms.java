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

import java.io.DataOutput;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInput;
import java.io.ObjectStreamClass;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Writes class descriptors as name, or number, and fingerprint, and finds the classes
 * again. It decides, before a class is even loaded, whether it is allowed. Thread-safe.
 */
final class SerialForms {

	private static final int MAX_CACHED = 10_000;

	private final ClassLoader classLoader;

	private final AllowedClasses allowed;

	private final ClassValue<Boolean> verdicts = new ClassValue<>() {

		@Override
		protected Boolean computeValue(Class<?> type) {
			return SerialForms.this.allowed.isAllowed(type.getName());
		}

	};

	private final ClassValue<byte[]> written = new ClassValue<>() {

		@Override
		protected byte[] computeValue(Class<?> type) {
			return encode(type);
		}

	};

	private final Map<Long, SerialForm> byFingerprint = new ConcurrentHashMap<>();

	private final @Nullable SerialForm[] byNumber = new @Nullable SerialForm[256];

	SerialForms(ClassLoader classLoader, AllowedClasses allowed) {
		this.classLoader = classLoader;
		this.allowed = allowed;
	}

	boolean isAllowed(Class<?> type) {
		return this.verdicts.get(type);
	}

	ValueCodecException refusal(Class<?> type) {
		return this.allowed.refusal(type.getName());
	}

	private static byte[] encode(Class<?> type) {
		SerialForm form = SerialForm.of(type);
		Sink sink = new Sink(form.name().length + 16);
		int number = KnownClasses.number(type.getName());
		sink.write(number);
		if (number != 0) {
			sink.writeInt((int) form.fingerprint());
		}
		else {
			sink.writeInt((int) (form.fingerprint() >>> 32));
			sink.writeInt((int) form.fingerprint());
			sink.write(form.name().length >>> 8);
			sink.write(form.name().length);
			sink.write(form.name(), 0, form.name().length);
		}
		return sink.toByteArray();
	}

	void write(Class<?> type, DataOutput output) throws IOException {
		if (!isAllowed(type)) {
			throw refusal(type);
		}
		output.write(this.written.get(type));
	}

	ObjectStreamClass read(ObjectInput input) throws IOException, ClassNotFoundException {
		int number = input.readUnsignedByte();
		if (number != 0) {
			return known(number, input.readInt());
		}
		long fingerprint = input.readLong();
		byte[] name = new byte[input.readUnsignedShort()];
		input.readFully(name);
		SerialForm form = this.byFingerprint.get(fingerprint);
		if (form == null || !Arrays.equals(form.name(), name)) {
			form = load(new String(name, StandardCharsets.UTF_8));
			check(form, fingerprint == form.fingerprint());
			if (this.byFingerprint.size() < MAX_CACHED) {
				this.byFingerprint.put(fingerprint, form);
			}
		}
		return form.descriptor();
	}

	private ObjectStreamClass known(int number, int fingerprint) throws IOException, ClassNotFoundException {
		SerialForm form = this.byNumber[number];
		if (form == null) {
			String name = KnownClasses.name(number);
			if (name == null) {
				throw new StreamCorruptedException("No class has the number " + number);
			}
			form = load(name);
			this.byNumber[number] = form;
		}
		check(form, fingerprint == (int) form.fingerprint());
		return form.descriptor();
	}

	private static void check(SerialForm form, boolean same) throws InvalidClassException {
		if (!same) {
			throw new InvalidClassException(form.descriptor().getName(), "The class has changed since it was written");
		}
	}

	private SerialForm load(String name) throws ClassNotFoundException {
		if (!this.allowed.isAllowed(name)) {
			throw this.allowed.refusal(name);
		}
		Class<?> type = PrimitiveTypes.named(name);
		return SerialForm.of((type != null) ? type : Class.forName(name, false, this.classLoader));
	}

}
