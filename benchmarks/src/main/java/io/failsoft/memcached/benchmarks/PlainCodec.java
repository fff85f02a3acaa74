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

package io.failsoft.memcached.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;

import io.failsoft.memcached.codec.ValueCodec;

/**
 * Plain Java serialization, as a cache without care would use it.
 */
final class PlainCodec implements ValueCodec {

	@Override
	public int id() {
		return 4712;
	}

	@Override
	public byte[] encode(Object value) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
		try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
			output.writeObject(value);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	@Override
	@SuppressWarnings("BanSerializableRead") // what is compared with
	public Object decode(byte[] bytes, int offset, int length) {
		try (ObjectInputStream input = new ObjectInputStream(new ByteArrayInputStream(bytes, offset, length))) {
			return input.readObject();
		}
		catch (IOException | ClassNotFoundException ex) {
			throw new IllegalStateException("Not what was written", ex);
		}
	}

}
