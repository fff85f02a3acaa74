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

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
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

	private static final int MIN = LongText.MIN_LENGTH;

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
	void aConstantWithALongNameIsRead() {
		Object[] copy = (Object[]) roundTrip(new Object[] { Constant.values()[0].name(), Constant.values()[0],
				Constant.values()[0].name(), Constant.values()[0] });
		assertThat(copy).containsExactly(Constant.values()[0].name(), Constant.values()[0], Constant.values()[0].name(),
				Constant.values()[0]);
		assertThat(Constant.values()[0].name()).hasSizeGreaterThan(MIN);
	}

	@Test
	void whatFailedHasNoTextsLeftForTheNext() {
		byte[] bytes = this.codec.encode(List.of(LONG, CYRILLIC, LocalDate.EPOCH));
		byte[] broken = Arrays.copyOf(bytes, bytes.length - 1);
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

	@Test
	void aTextThatAnotherObjectIsWrittenAsIsRead() {
		Object[] copy = (Object[]) roundTrip(
				new Object[] { new Alias(LONG), LONG, new Unshared(LONG), new Alias(LONG), new Alias(LONG) });
		assertThat(copy[0]).isEqualTo(LONG);
		assertThat(copy[1]).isEqualTo(LONG);
		assertThat(copy[4]).isEqualTo(LONG);
		assertThat(roundTrip(new Alias(LONG))).isEqualTo(LONG);
	}

	@Test
	void aTextTakesLittleMoreThanItsBytes() {
		for (String text : List.of(LONG, CYRILLIC, CHINESE, QUOTE, POLISH, "\u00e9".repeat(10_000))) {
			int length = text.getBytes(StandardCharsets.UTF_8).length;
			assertThat(this.codec.encode(text)).hasSize(1 + length);
			assertThat(this.codec.encode(List.of(text))).hasSizeLessThan(length + 200);
			assertThat(this.codec.encode(List.of(text, text))).hasSizeLessThan(length + 220);
		}
	}

	@Test
	void aTextWhoseSurrogatesHaveNoPartnerIsReadAsItIs() {
		for (String text : List.of("\ud83d", "a\ude00", "\ude00\ud83d", "x".repeat(1000) + "\ud83d", "?\ud83d?")) {
			assertThat(roundTrip(text)).isEqualTo(text);
			assertThat(roundTrip(List.of(text, text + LONG))).isEqualTo(List.of(text, text + LONG));
		}
	}

	@Test
	void whereNoTextMayBeALongTextIsAMiss() {
		UnaryOperator<Object> replacement = (
				object) -> (object instanceof Integer || object.getClass().getName().equals("java.time.Ser"))
						? new LongText("hello".getBytes(StandardCharsets.UTF_8)) : object;
		assertMiss(ForgedStream.of(Samples.City.of(1), replacement));
		assertMiss(ForgedStream.of(new Integer[] { 1 }, replacement));
		assertMiss(ForgedStream.of(Samples.Handmade.of(1, "a", 2), replacement));
		assertThat(decode(ForgedStream.of(new ArrayList<>(List.of(1)), replacement))).isEqualTo(List.of("hello"));
	}

	@Test
	void fewBytesNeverBecomeManyTexts() {
		byte[] shared = "x".repeat(10_000).getBytes(StandardCharsets.UTF_8);
		List<Object> many = new ArrayList<>();
		for (int i = 0; i < 5_000; i++) {
			many.add(new LongText(shared));
		}
		byte[] bytes = ForgedStream.of(many);
		com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();
		assertMiss(bytes);
		assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100L * bytes.length);
		LongText one = new LongText(shared);
		assertThat(decode(ForgedStream.of(List.of(one, one))))
			.isEqualTo(List.of("x".repeat(10_000), "x".repeat(10_000)));
	}

	enum Constant {

		@SuppressWarnings("checkstyle:LineLength")
		NAME_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_0123456789

	}

}
