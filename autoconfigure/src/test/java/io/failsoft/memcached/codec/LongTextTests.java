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
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

import io.failsoft.memcached.codec.TextHolders.Alias;
import io.failsoft.memcached.codec.TextHolders.Unshared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the long texts within values of {@link JdkCodec}.
 */
class LongTextTests {

	private static final int MIN = TextWriter.MIN_LENGTH;

	private static final String LONG = "a long text of ISO 8859-1, \u00e9 included. ".repeat(20);

	private static final String CYRILLIC = "\u0434\u043b\u0438\u043d\u043d\u044b\u0439 \u0442\u0435\u043a\u0441\u0442 "
		.repeat(40);

	private static final String CHINESE = "\u5929\u5730\u7384\u9ec4".repeat(100);

	private static final String QUOTE = "it\u2019s " + LONG;

	private static final String POLISH = "Dziękuję bardzo, też mówię ".repeat(20);

	private final ValueCodec codec = Codecs.jdk(LongTextTests.class.getClassLoader(),
			AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));

	private Object roundTrip(Object value) {
		byte[] bytes = this.codec.encode(value);
		byte[] shifted = new byte[bytes.length + 5];
		Arrays.fill(shifted, (byte) 0x70);
		System.arraycopy(bytes, 0, shifted, 3, bytes.length);
		return this.codec.decode(shifted, 3, bytes.length);
	}

	private Object decode(byte[] bytes) {
		return this.codec.decode(bytes, 0, bytes.length);
	}

	static List<String> texts() {
		List<String> texts = new ArrayList<>(List.of(LONG, CYRILLIC, CHINESE, QUOTE, POLISH));
		for (int length : new int[] { 0, 1, MIN - 1, MIN, MIN + 1, 1023, 1024, 1025, 1088, 2048, 70_000 }) {
			texts.add("x".repeat(length));
			texts.add("\u00ff".repeat(length));
			texts.add("\0".repeat(length));
			texts.add("\u0416".repeat(length));
			texts.add("\ud83d\ude00".repeat((length + 1) / 2).substring(0, length));
			texts.add("\ude00".repeat(length));
			for (int other : new int[] { 0, 63, 64, length / 2, length - 1 }) {
				if (other >= 0 && other < length) {
					texts.add("x".repeat(other) + "\u0100" + "x".repeat(length - other - 1));
				}
			}
		}
		return texts;
	}

	@ParameterizedTest
	@MethodSource("texts")
	void anyTextIsReadAsItWasWritten(String text) {
		assertThat(roundTrip(text)).isEqualTo(text);
		assertThat(roundTrip(List.of(text))).isEqualTo(List.of(text));
		assertThat(roundTrip(List.of(text, "a", text + "b", 1, text)))
			.isEqualTo(List.of(text, "a", text + "b", 1, text));
	}

	@Test
	void textsAreFoundWhereverObjectsHoldThem() {
		for (String text : List.of(LONG, CYRILLIC, QUOTE, POLISH, "short")) {
			for (Object holder : TextHolders.all(text)) {
				int count = Math.max(TextHolders.texts(holder).size(), 1);
				assertThat(TextHolders.texts(roundTrip(holder))).as(holder.getClass().getName())
					.hasSizeGreaterThanOrEqualTo(count)
					.allMatch(text::equals);
			}
		}
	}

	@Test
	void oneTextStaysOneAndTwoStayTwo() {
		for (String text : List.of(LONG, CYRILLIC, QUOTE, POLISH)) {
			String equal = String.valueOf(text.toCharArray());
			List<?> copy = (List<?>) roundTrip(new ArrayList<>(List.of(text, equal, text, new Object[] { equal })));
			assertThat(copy.get(2)).isSameAs(copy.get(0));
			assertThat(copy.get(1)).isNotSameAs(copy.get(0));
			assertThat(((Object[]) copy.get(3))[0]).isSameAs(copy.get(1));
		}
	}

	@Test
	void aTextThatAnotherObjectIsWrittenAsStaysOne() {
		Object[] copy = (Object[]) roundTrip(new Object[] { new Alias(LONG), LONG, new Alias(LONG), new Alias(LONG) });
		assertThat(copy).allMatch((text) -> text == copy[0]).contains(LONG);
		Object[] other = (Object[]) roundTrip(
				new Object[] { new Unshared(LONG), new Alias(LONG), LONG, new Unshared(LONG), new Alias(LONG) });
		assertThat(other[1]).isEqualTo(LONG).isSameAs(other[2]).isSameAs(other[4]);
		assertThat(roundTrip(new Alias(LONG))).isEqualTo(LONG);
	}

	@Test
	void aConstantWithALongNameIsRead() {
		Object[] copy = (Object[]) roundTrip(new Object[] { Constant.values()[0].name(), Constant.values()[0],
				Constant.values()[0].name(), Constant.values()[0] });
		assertThat(copy).containsExactly(Constant.values()[0].name(), Constant.values()[0], Constant.values()[0].name(),
				Constant.values()[0]);
		assertThat(Constant.values()[0].name()).hasSizeGreaterThan(MIN);
	}

	@Test
	void aTextTakesLittleMoreThanItsCharacters() {
		String latin = "\u00e9".repeat(10_000);
		assertThat(this.codec.encode(List.of(latin))).hasSizeLessThan(10_100);
		assertThat(this.codec.encode(List.of("\u5929".repeat(10_000)))).hasSizeLessThan(20_200);
		assertThat(this.codec.encode(List.of(latin + "\u2019"))).hasSizeLessThan(10_200);
		assertThat(this.codec.encode(List.of(latin, latin))).hasSizeLessThan(10_150);
		assertThat(this.codec.encode(List.of(POLISH))).hasSizeLessThan(POLISH.length() * 5 / 4);
	}

	@Test
	void aTextIsReadAndWrittenWithoutGarbage() {
		com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		List<String> value = new ArrayList<>(List.of("x".repeat(50_000)));
		byte[] bytes = this.codec.encode(value);
		long least = Long.MAX_VALUE;
		for (int i = 0; i < 20; i++) {
			long before = threads.getCurrentThreadAllocatedBytes();
			this.codec.encode(value);
			decode(bytes);
			least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
		}
		assertThat(least).isBetween(100_000L, 110_000L);
	}

	@Test
	void whatFailedHasNoTextsLeftForTheNext() {
		byte[] bytes = this.codec.encode(List.of(LONG, CYRILLIC, LocalDate.EPOCH));
		byte[] broken = ForgedStream.of(List.of(new LongText(0, 3, 3), new LongText(1, 9, 9)), UnaryOperator.identity(),
				(byte) 'a', (byte) 'b', (byte) 'c');
		for (int i = 0; i < 5; i++) {
			assertThatExceptionOfType(ValueCodecException.class)
				.isThrownBy(() -> this.codec.encode(List.of(LONG, QUOTE, new Samples.Base())));
			assertMiss(broken);
			assertThat(this.codec.encode(List.of(LONG, CYRILLIC, LocalDate.EPOCH))).isEqualTo(bytes);
			assertThat(decode(bytes)).isEqualTo(List.of(LONG, CYRILLIC, LocalDate.EPOCH));
		}
	}

	private void assertMiss(byte[] bytes) {
		assertThatExceptionOfType(ValueCodecException.class).isThrownBy(() -> decode(bytes))
			.satisfies((ex) -> assertThat(ex.getCause() instanceof OutOfMemoryError).isFalse());
	}

	@Test
	void partsOfTextsAreAMiss() {
		byte[] bytes = this.codec.encode(new ArrayList<>(List.of(LONG, 1, QUOTE)));
		for (int length = 0; length < bytes.length; length++) {
			assertMiss(Arrays.copyOf(bytes, length));
		}
		assertMiss(Arrays.copyOf(bytes, bytes.length + 1));
		assertThat(decode(bytes)).isEqualTo(List.of(LONG, 1, QUOTE));
	}

	private static byte[] forged(Object value, String behind) {
		return ForgedStream.of(value, UnaryOperator.identity(), behind.getBytes(StandardCharsets.ISO_8859_1));
	}

	@Test
	void aStandInIsATextOrAMiss() {
		assertThat(decode(forged(new LongText(0, 5, 5), "hello"))).isEqualTo("hello");
		assertThat(decode(forged(List.of(new LongText(0, 2, 2), new LongText(1, 3, 3)), "lloeh")))
			.isEqualTo(List.of("eh", "llo"));
		assertThat(decode(forged(new LongText(0, 0, 0), ""))).isEqualTo("");
		for (LongText standIn : List.of(new LongText(1, 5, 5), new LongText(-1, 5, 5), new LongText(0, 6, 6),
				new LongText(0, 4, 4), new LongText(0, -5, 5), new LongText(0, 5, -5), new LongText(0, -5, -5),
				new LongText(0, 6, 5), new LongText(0, 1, 5), new LongText(0, 0, 5),
				new LongText(0, Integer.MAX_VALUE, Integer.MAX_VALUE), new LongText(0, Integer.MAX_VALUE, 5),
				new LongText(Integer.MAX_VALUE, 5, 5), new LongText(0, 5, Integer.MAX_VALUE),
				new LongText(Integer.MIN_VALUE, 5, 5))) {
			assertMiss(forged(standIn, "hello"));
			assertMiss(forged(List.of(standIn, "after"), "hello"));
		}
		assertMiss(forged(List.of("no text"), "hello"));
		assertMiss(forged(List.of(new LongText(0, 5, 5), new LongText(1, 1, 1)), "hello"));
	}

	@Test
	void aMixedTextThatContradictsItselfIsAMiss() {
		assertThat(decode(forged(new LongText(0, 2, 5), "\u0001a\0\0\u0001"))).isEqualTo("a\u0100");
		assertThat(decode(forged(new LongText(0, 2, 3), "\0ab"))).isEqualTo("ab");
		for (String bytes : List.of("\u0001ab", "\0abc", "\u0001a\0\0", "\u0001a\0\0\u0001x")) {
			assertMiss(forged(new LongText(0, 2, bytes.length()), bytes));
		}
		assertMiss(forged(new LongText(0, 600, 601), "\0".repeat(601)));
		assertThat(decode(forged(new LongText(0, 600, 602), "\0".repeat(602)))).isEqualTo("\0".repeat(600));
	}

	@Test
	void whereNoTextMayBeAStandInIsAMiss() {
		UnaryOperator<Object> replacement = (object) -> (object instanceof LocalDate || object instanceof Integer)
				? new LongText(0, 5, 5) : object;
		byte[] hello = "hello".getBytes(StandardCharsets.ISO_8859_1);
		assertMiss(ForgedStream.of(Samples.City.of(1), replacement, hello));
		assertMiss(ForgedStream.of(new Integer[] { 1 }, replacement, hello));
		assertMiss(ForgedStream.of(Samples.Handmade.of(1, "a", 2), replacement, hello));
		assertThat(decode(ForgedStream.of(new ArrayList<>(List.of(1)), replacement, hello)))
			.isEqualTo(List.of("hello"));
	}

	@Test
	void fewBytesNeverBecomeManyTexts() {
		String behind = "x".repeat(10_000);
		List<Object> same = new ArrayList<>();
		List<Object> others = new ArrayList<>();
		for (int i = 0; i < 5_000; i++) {
			same.add(new LongText(0, behind.length(), behind.length()));
			others.add(new LongText(i, behind.length(), behind.length()));
		}
		com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		for (List<Object> list : List.of(same, others)) {
			byte[] bytes = forged(list, behind);
			long before = threads.getCurrentThreadAllocatedBytes();
			if (list == same) {
				List<?> texts = (List<?>) decode(bytes);
				assertThat(texts).hasSize(5_000).allMatch((text) -> text == texts.get(0));
				assertThat(texts.get(0)).isEqualTo(behind);
			}
			else {
				assertMiss(bytes);
			}
			assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100L * bytes.length);
		}
		assertMiss(forged(Collections.nCopies(3, new LongText(0, 10_000, 10_000)), "x".repeat(9_999)));
	}

	@Test
	void aLongTextWithinTheStreamIsReadAsBefore() throws IOException {
		byte[] old = Files.readAllBytes(Path.of("src", "test", "resources", "serialized", "texts-in-stream.jdk1"));
		assertThat(decode(old)).isEqualTo(List.of("a long text ".repeat(50), "\u0416".repeat(300), "short"));
		assertThat(decode(ForgedStream.of(List.of(LONG, CHINESE)))).isEqualTo(List.of(LONG, CHINESE));
	}

	enum Constant {

		@SuppressWarnings("checkstyle:LineLength")
		NAME_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789

	}

}
