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
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Java serialization without stream header and with class descriptors of a few bytes. Can
 * be used again after a success. Not thread-safe.
 */
final class CompactOutput extends ObjectOutputStream {

	private static final StackWalker STACK = StackWalker.getInstance();

	private final SerialForms forms;

	private final Sink sink;

	CompactOutput(SerialForms forms, int maximumSize) throws IOException {
		this(forms, new Sink(maximumSize));
	}

	private CompactOutput(SerialForms forms, Sink sink) throws IOException {
		super(sink);
		this.forms = forms;
		this.sink = sink;
		enableReplaceObject(true);
	}

	byte[] writeValue(int tag, Object value) throws IOException {
		this.sink.write(tag);
		writeObject(value);
		flush();
		byte[] bytes = Arrays.copyOf(this.sink.buffer, this.sink.length);
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
		write(this.forms.written(descriptor.forClass()));
	}

	@Override
	protected void annotateProxyClass(Class<?> type) {
		throw this.forms.refusal(type);
	}

	@Override
	protected @Nullable Object replaceObject(@Nullable Object object) {
		if (object instanceof String text) {
			return LongText.of(text);
		}
		if (object instanceof IOException && isAboutToFail()) {
			return null;
		}
		return (object != null && !(object instanceof Serializable)) ? SerialProxy.of(object) : object;
	}

	/** Tells the exception that the stream ends with from one that is cached. */
	private static boolean isAboutToFail() {
		return STACK.walk((frames) -> frames.anyMatch((frame) -> frame.getMethodName().equals("writeFatalException")));
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

}
