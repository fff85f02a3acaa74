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
import java.io.Serial;
import java.io.Serializable;
import java.util.Iterator;

import org.jspecify.annotations.Nullable;

/**
 * Java serialization without stream header, with class descriptors of a few bytes, and
 * with long texts behind it. Can be used again after a success. Not thread-safe.
 * <p>
 * What is deeper than {@link CompactInput} reads is refused. How deep the stream is shows
 * on the stack alone, which is expensive to look at; but each object leads at most one
 * deeper, so it is looked at only after as many objects as were left to the bound, and
 * not many times where much is left to do deep down: such a value has to be read to know.
 */
final class CompactOutput extends ObjectOutputStream {

	/** Deep enough for chains of entities. */
	static final int MAX_DEPTH = 500;

	/** A look takes as long as to write some hundred objects if it goes this deep. */
	private static final int DEEP = MAX_DEPTH / 10;

	private static final int DEEP_LOOKS = 3;

	private static final StackWalker STACK = StackWalker.getInstance();

	private final SerialForms forms;

	private final Sink sink;

	/** How many objects may follow before the depth has to be looked at. */
	private int objectsLeft = MAX_DEPTH;

	private int deepLooksLeft = DEEP_LOOKS;

	/** Only once there is a long text, as most values have none. */
	private @Nullable TextWriter texts;

	private CompactOutput(SerialForms forms, Sink sink) throws IOException {
		super(sink);
		this.forms = forms;
		this.sink = sink;
		enableReplaceObject(true);
	}

	static CompactOutput create(SerialForms forms) throws IOException {
		return new CompactOutput(forms, new Sink(512));
	}

	byte[] writeValue(int tag, Object value) throws IOException {
		this.sink.write(tag);
		this.objectsLeft = MAX_DEPTH;
		this.deepLooksLeft = DEEP_LOOKS;
		writeObject(value);
		flush();
		byte[] bytes = takeBytes();
		reset();
		flush();
		this.sink.clear();
		return bytes;
	}

	private byte[] takeBytes() {
		TextWriter texts = this.texts;
		if (texts == null) {
			return this.sink.toByteArray(0);
		}
		byte[] bytes = this.sink.toByteArray(texts.size());
		texts.copyTo(bytes);
		texts.clear();
		return bytes;
	}

	@Override
	protected void writeStreamHeader() {
	}

	@Override
	protected void writeClassDescriptor(ObjectStreamClass descriptor) throws IOException {
		this.forms.write(descriptor.forClass(), this);
	}

	@Override
	protected void annotateProxyClass(Class<?> type) {
		throw this.forms.refusal(type);
	}

	@Override
	protected @Nullable Object replaceObject(@Nullable Object object) {
		if (object instanceof String text) {
			return (text.length() < TextWriter.MIN_LENGTH) ? text : texts().replace(text);
		}
		if (--this.objectsLeft < 0) {
			lookAtDepth();
		}
		if (object instanceof IOException ex) {
			// The stream is about to write why it failed, in place of saying so.
			throw new Failed(ex);
		}
		return (object != null && !(object instanceof Serializable)) ? StandIns.of(object) : object;
	}

	private void lookAtDepth() {
		int depth = STACK.walk((frames) -> {
			int count = 0;
			for (Iterator<StackWalker.StackFrame> i = frames.iterator(); i.hasNext();) {
				StackWalker.StackFrame frame = i.next();
				// A class that is written may have a method of this name.
				if (frame.getMethodName().equals("writeValue")
						&& frame.getClassName().equals(CompactOutput.class.getName())) {
					break;
				}
				if (frame.getMethodName().equals("writeObject0")) {
					count++;
				}
			}
			return count;
		});
		if (depth > MAX_DEPTH) {
			throw new TooDeep();
		}
		this.objectsLeft = MAX_DEPTH - depth;
		if (depth > DEEP && --this.deepLooksLeft == 0) {
			this.objectsLeft = Integer.MAX_VALUE;
		}
	}

	/**
	 * Whether the value that was written last may be deeper than what is read.
	 */
	boolean mayBeTooDeep() {
		return this.deepLooksLeft == 0;
	}

	private TextWriter texts() {
		TextWriter texts = this.texts;
		if (texts == null) {
			texts = new TextWriter();
			this.texts = texts;
		}
		return texts;
	}

	/**
	 * More objects are within each other than are read again.
	 */
	@SuppressWarnings("serial")
	static final class TooDeep extends RuntimeException {

		@Serial
		private static final long serialVersionUID = 1;

		private TooDeep() {
			super(null, null, false, false);
		}

	}

	/**
	 * Carries out why a value cannot be written.
	 */
	@SuppressWarnings("serial")
	static final class Failed extends RuntimeException {

		@Serial
		private static final long serialVersionUID = 1;

		private final transient IOException failure;

		Failed(IOException failure) {
			super(null, failure, false, false);
			this.failure = failure;
		}

		IOException failure() {
			return this.failure;
		}

	}

}
