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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import io.failsoft.memcached.codec.Compression;
import io.failsoft.memcached.codec.ValueCodec;
import io.failsoft.memcached.codec.ValueCodecException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import tools.jackson.core.JacksonException;

/**
 * Compares codecs with each other, and compression with none, and prints tables.
 */
final class MicroComparison {

	/** A Gbit/s is so many bytes in a nanosecond. */
	private static final double BYTES_PER_NANO = 0.125;

	private static final List<Integer> SIZES = List.of(1, 4, 8, 16, 32, 64, 256);

	private final StringBuilder report = new StringBuilder();

	private final Micro micro;

	private MicroComparison(Micro micro) {
		this.micro = micro;
	}

	/**
	 * Run a comparison.
	 * @param arguments see {@code run-benchmarks --help}
	 * @throws Exception if a benchmark fails
	 */
	public static void main(String[] arguments) throws Exception {
		List<CodecType> codecs = List.of();
		List<CodecValue> values = List.of(CodecValue.values());
		List<CompressibleData> data = List.of();
		int rounds = 1;
		int warmup = 3;
		int measure = 3;
		Path output = null;
		for (String argument : arguments) {
			String value = argument.substring(argument.indexOf('=') + 1);
			switch (argument.substring(0, argument.length() - value.length())) {
				case "--codecs=" -> codecs = parse(value, CodecType.values(), CodecType::of);
				case "--values=" -> values = parse(value, CodecValue.values(), CodecValue::of);
				case "--compression=" -> data = parse(value, CompressibleData.values(), CompressibleData::of);
				case "--rounds=" -> rounds = Integer.parseInt(value);
				case "--warmup=" -> warmup = Integer.parseInt(value);
				case "--measure=" -> measure = Integer.parseInt(value);
				case "--output=" -> output = Path.of(value);
				default -> throw new IllegalArgumentException("Unknown: " + argument);
			}
		}
		MicroComparison comparison = new MicroComparison(new Micro(rounds, warmup, measure));
		comparison.report.append(Machine.describeJvm()).append('\n');
		if (!codecs.isEmpty()) {
			comparison.codecs(codecs, values);
		}
		if (!data.isEmpty()) {
			comparison.compression(data);
		}
		print(comparison.report.toString());
		if (output != null) {
			Files.writeString(output, comparison.report);
		}
	}

	private static <T> List<T> parse(String names, T[] all, Function<String, T> parser) {
		return names.equals("all") ? List.of(all) : Arrays.stream(names.split(",")).map(parser).toList();
	}

	@SuppressWarnings("SystemOut")
	private static void print(String report) {
		System.out.println(report);
	}

	private void line(String format, Object... arguments) {
		this.report.append(String.format(Locale.ROOT, format, arguments)).append('\n');
	}

	private void codecs(List<CodecType> codecs, List<CodecValue> values) throws RunnerException {
		line("");
		line("| value | codec | bytes | ns to write | ns to read | garbage to write | garbage to read |");
		line("|---|---|---|---|---|---|---|");
		for (CodecValue value : values) {
			for (CodecType codec : codecs) {
				int size = size(codec.create(), value.make());
				if (size == -1) {
					line("| %s | %s | refused | | | | |", value.title(), codec.title());
					continue;
				}
				Map<String, String> parameters = Map.of("codec", codec.parameter(), "value", value.parameter());
				Micro.Figures write = this.micro.measure(CodecBenchmark.class, "write", parameters);
				Micro.Figures read = this.micro.measure(CodecBenchmark.class, "read", parameters);
				line("| %s | %s | %,d | %,.0f | %,.0f | %,.0f | %,.0f |", value.title(), codec.title(), size,
						write.nanos(), read.nanos(), write.bytes(), read.bytes());
			}
		}
	}

	/**
	 * How many bytes a value takes.
	 * @return the bytes, or -1 if the codec does not take it
	 */
	static int size(ValueCodec codec, Object value) {
		try {
			byte[] bytes = codec.encode(value);
			if (!codec.decode(bytes, 0, bytes.length).equals(value)) {
				throw new IllegalStateException(codec + " reads something else than it wrote");
			}
			return bytes.length;
		}
		catch (ValueCodecException | JacksonException ex) {
			return -1;
		}
	}

	private void compression(List<CompressibleData> data) throws RunnerException {
		line("");
		line("| data | KB | of its size | µs to compress | µs to decompress | µs saved at 1 Gbit/s, each way |");
		line("|---|---|---|---|---|---|");
		for (CompressibleData type : data) {
			for (int kilobytes : SIZES) {
				int size = kilobytes * 1024;
				byte @Nullable [] compressed = Compression.compress(type.make(size));
				Map<String, String> parameters = Map.of("data", type.parameter(), "size", String.valueOf(size));
				Micro.Figures in = this.micro.measure(CompressionBenchmark.class, "compress", parameters);
				if (compressed == null) {
					line("| %s | %d | stored as it is | %.1f | | |", type.title(), kilobytes, in.nanos() / 1000);
					continue;
				}
				Micro.Figures out = this.micro.measure(CompressionBenchmark.class, "decompress", parameters);
				line("| %s | %d | %.0f %% | %.1f | %.1f | %.1f |", type.title(), kilobytes,
						100.0 * compressed.length / size, in.nanos() / 1000, out.nanos() / 1000,
						(size - compressed.length) / BYTES_PER_NANO / 1000);
			}
		}
	}

}
