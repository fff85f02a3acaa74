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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;

/**
 * Compares codecs by time, garbage and size. Run by hand; it asserts nothing.
 */
final class CodecBenchmark {

	private static volatile Object sink = "";

	private CodecBenchmark() {
	}

	@SuppressWarnings("SystemOut")
	public static void main(String[] arguments) {
		List<Samples.City> cities = new ArrayList<>(LongStream.range(0, 20).mapToObj(Samples.City::of).toList());
		Samples.Employee employee = new Samples.Employee();
		employee.name = "Ada";
		employee.children.add(new Samples.Person());
		Map<String, Object> values = new LinkedHashMap<>();
		values.put("record", Samples.City.of(4711));
		values.put("entity", employee);
		values.put("list of 20", cities);
		values.put("page of 20", new PageImpl<>(cities, PageRequest.of(3, 20), 135_233));
		values.put("String", "City of number 4711");
		values.put("10,000 characters of Latin", new ArrayList<>(List.of("text ".repeat(2_000))));
		values.put("10,000 of Cyrillic", new ArrayList<>(List.of("\u0442\u0435\u043a\u0441\u0442 ".repeat(1_667))));
		AllowedClasses allowed = AllowedClasses.of(List.of("io.failsoft.memcached.**"));
		ClassLoader classLoader = CodecBenchmark.class.getClassLoader();
		Map<String, ValueCodec> codecs = new LinkedHashMap<>();
		codecs.put("plain", new Plain());
		codecs.put("jdk", Codecs.jdk(classLoader, allowed));
		codecs.put("json", Codecs.json(classLoader, allowed));
		System.out.println("| value | codec | bytes | encode ns | decode ns | encode B | decode B |");
		System.out.println("|---|---|---|---|---|---|---|");
		for (Map.Entry<String, Object> value : values.entrySet()) {
			for (Map.Entry<String, ValueCodec> codec : codecs.entrySet()) {
				if (codec.getKey().equals("json") && value.getKey().startsWith("page")) {
					continue;
				}
				byte[] bytes = codec.getValue().encode(value.getValue());
				long[] encode = measure(() -> sink = codec.getValue().encode(value.getValue()));
				long[] decode = measure(() -> sink = codec.getValue().decode(bytes, 0, bytes.length));
				System.out.printf("| %s | %s | %d | %d | %d | %d | %d |%n", value.getKey(), codec.getKey(),
						bytes.length, encode[0], decode[0], encode[1], decode[1]);
			}
		}
	}

	private static long[] measure(Runnable task) {
		com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		long best = Long.MAX_VALUE;
		long allocated = 0;
		int count = 20_000;
		for (int round = 0; round < 15; round++) {
			long before = threads.getCurrentThreadAllocatedBytes();
			long start = System.nanoTime();
			for (int i = 0; i < count; i++) {
				task.run();
			}
			best = Math.min(best, (System.nanoTime() - start) / count);
			allocated = (threads.getCurrentThreadAllocatedBytes() - before) / count;
		}
		return new long[] { best, allocated };
	}

	/**
	 * Plain Java serialization, to compare with.
	 */
	private static final class Plain implements ValueCodec {

		@Override
		public int id() {
			return 0;
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
		public Object decode(byte[] bytes, int offset, int length) {
			try (ObjectInputStream input = new ObjectInputStream(new ByteArrayInputStream(bytes, offset, length))) {
				return input.readObject();
			}
			catch (IOException | ClassNotFoundException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
