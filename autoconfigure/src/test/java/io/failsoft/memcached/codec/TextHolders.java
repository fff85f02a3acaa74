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

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamField;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The ways in which objects hold texts.
 */
@SuppressWarnings({ "serial", "UnusedVariable" }) // it is streams that read them
final class TextHolders {

	private TextHolders() {
	}

	/**
	 * Put a text into each kind of holder.
	 * @param text the text
	 * @return a holder for each kind; all hold the text itself
	 */
	static List<Object> all(String text) {
		return List.of(List.of(text), new ArrayList<>(List.of(text, text)), Map.of(text, text), Optional.of(text),
				new String[] { text, text }, new Object[] { text, 1 }, new CharSequence[] { text },
				new Comparable<?>[] { text }, new Article<>(1, text, text, text, text, text), new Fields(text),
				new Outside(text), new ByHand(text), new PutFields(text), new Unshared(text), new UnsharedField(text),
				new Blocks(text), new Object[] { new Alias(text), text },
				new Object[] { text, new Alias(text), new Alias(text) }, new Object[] { new Heir(text) });
	}

	/**
	 * What a holder holds.
	 * @param holder one of those above
	 * @return all texts within it, each as often as it occurs
	 */
	static List<String> texts(@Nullable Object holder) {
		List<String> texts = new ArrayList<>();
		collect(holder, texts);
		return texts;
	}

	private static void collect(@Nullable Object holder, List<String> texts) {
		if (holder instanceof String text) {
			texts.add(text);
		}
		else if (holder instanceof Iterable<?> list) {
			list.forEach((element) -> collect(element, texts));
		}
		else if (holder instanceof Map<?, ?> map) {
			collect(map.keySet(), texts);
			collect(map.values(), texts);
		}
		else if (holder instanceof Object[] array) {
			for (Object element : array) {
				collect(element, texts);
			}
		}
		else if (holder instanceof Optional<?> optional) {
			collect(optional.orElse(null), texts);
		}
		else if (holder instanceof Holder held) {
			collect(held.held(), texts);
		}
	}

	/**
	 * Holds texts.
	 */
	interface Holder extends Serializable {

		Object[] held();

	}

	record Article<T extends Serializable>(long id, String title, CharSequence lead, Comparable<String> key, T any,
			Object text) implements Holder {

		@Override
		public Object[] held() {
			return new Object[] { this.title, this.lead, this.key, this.any, this.text };
		}

	}

	static class Fields implements Holder {

		@Serial
		private static final long serialVersionUID = 1;

		private final int before = 1;

		private final String text;

		private final List<Object> list = new ArrayList<>();

		Fields(String text) {
			this.text = text;
			this.list.add(text);
			this.list.add(this);
		}

		@Override
		public Object[] held() {
			return new Object[] { this.text, this.list.get(0), this.before };
		}

	}

	static class Heir extends Fields {

		@Serial
		private static final long serialVersionUID = 1;

		private final Object mine;

		Heir(String text) {
			super(text);
			this.mine = text;
		}

		@Override
		public Object[] held() {
			return new Object[] { super.held(), this.mine };
		}

	}

	public static final class Outside implements Externalizable, Holder {

		@Serial
		private static final long serialVersionUID = 1;

		private String utf = "";

		private Object text = "";

		public Outside() {
		}

		Outside(String text) {
			this.utf = text;
			this.text = text;
		}

		@Override
		public void writeExternal(ObjectOutput out) throws IOException {
			out.writeUTF(this.utf);
			out.writeObject(this.text);
			out.writeInt(1);
		}

		@Override
		public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
			this.utf = in.readUTF();
			this.text = in.readObject();
			if (in.readInt() != 1 || in.read() != -1) {
				throw new IOException("There is something else");
			}
		}

		@Override
		public Object[] held() {
			return new Object[] { this.utf, this.text };
		}

	}

	static final class ByHand implements Holder {

		@Serial
		private static final long serialVersionUID = 1;

		private final String first;

		private transient Object second;

		ByHand(String text) {
			this.first = text;
			this.second = text;
		}

		@Serial
		private void writeObject(ObjectOutputStream out) throws IOException {
			out.defaultWriteObject();
			out.writeLong(2);
			out.writeObject(this.second);
		}

		@Serial
		private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
			in.defaultReadObject();
			if (in.readLong() != 2) {
				throw new IOException("There is something else");
			}
			this.second = in.readObject();
		}

		@Override
		public Object[] held() {
			return new Object[] { this.first, this.second };
		}

	}

	static final class PutFields implements Holder {

		@Serial
		private static final long serialVersionUID = 1;

		@Serial
		private static final ObjectStreamField[] serialPersistentFields = {
				new ObjectStreamField("text", String.class) };

		private transient Object held;

		PutFields(String text) {
			this.held = text;
		}

		@Serial
		private void writeObject(ObjectOutputStream out) throws IOException {
			out.putFields().put("text", this.held);
			out.writeFields();
		}

		@Serial
		private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
			this.held = in.readFields().get("text", null);
		}

		@Override
		public Object[] held() {
			return new Object[] { this.held };
		}

	}

	/** Writes a text twice in full, whatever was written before. */
	static final class Unshared implements Holder {

		@Serial
		private static final long serialVersionUID = 1;

		private transient Object[] held;

		Unshared(String text) {
			this.held = new Object[] { text, text, text, text };
		}

		@Serial
		private void writeObject(ObjectOutputStream out) throws IOException {
			out.writeUnshared(this.held[0]);
			out.writeObject(this.held[1]);
			out.writeObject(this.held[2]);
			out.writeUnshared(this.held[3]);
		}

		@Serial
		private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
			this.held = new Object[] { in.readUnshared(), in.readObject(), in.readObject(), in.readUnshared() };
		}

		@Override
		public Object[] held() {
			return this.held;
		}

	}

	static final class UnsharedField implements Holder {

		@Serial
		private static final long serialVersionUID = 1;

		@Serial
		private static final ObjectStreamField[] serialPersistentFields = {
				new ObjectStreamField("one", String.class, true), new ObjectStreamField("other", Object.class, true) };

		private final String one;

		private final Object other;

		UnsharedField(String text) {
			this.one = text;
			this.other = text;
		}

		@Override
		public Object[] held() {
			return new Object[] { this.one, this.other };
		}

	}

	/** Asks how much there is, which has the stream look ahead. */
	static final class Blocks implements Holder {

		@Serial
		private static final long serialVersionUID = 1;

		private transient Object text;

		Blocks(String text) {
			this.text = text;
		}

		@Serial
		private void writeObject(ObjectOutputStream out) throws IOException {
			out.write(new byte[1500]);
			out.writeObject(this.text);
			out.write(7);
		}

		@Serial
		private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
			while (in.available() > 0) {
				in.read();
			}
			this.text = in.readObject();
			if (in.available() != 1 || in.read() != 7 || in.available() != 0 || in.read() != -1) {
				throw new IOException("There is something else");
			}
		}

		@Override
		public Object[] held() {
			return new Object[] { this.text };
		}

	}

	/** Is read as the text that it stands for. */
	static final class Alias implements Serializable {

		@Serial
		private static final long serialVersionUID = 1;

		private final transient String text;

		Alias(String text) {
			this.text = text;
		}

		@Serial
		private Object writeReplace() {
			return this.text;
		}

	}

}
