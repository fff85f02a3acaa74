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

import java.util.concurrent.TimeUnit;

import io.failsoft.memcached.codec.Compression;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Compression on its own, without a codec and a server.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls setUp
public class CompressionBenchmark {

	/** What is compressed: a {@link CompressibleData}. */
	@Param({ "json", "prose", "noise" })
	String data;

	/** How many bytes it has. */
	@Param({ "1024", "4096", "8192", "16384", "32768", "65536", "262144" })
	int size;

	private byte[] bytes;

	private byte[] compressed;

	/**
	 * Make the bytes and compress them once.
	 */
	@Setup
	public void setUp() {
		this.bytes = CompressibleData.of(this.data).make(this.size);
		byte[] result = Compression.compress(this.bytes);
		this.compressed = (result != null) ? result : new byte[0];
	}

	/**
	 * Compress the bytes.
	 * @return them compressed, or {@code null} if they cannot be
	 */
	@Benchmark
	public byte @Nullable [] compress() {
		return Compression.compress(this.bytes);
	}

	/**
	 * Restore the bytes, if they could be compressed.
	 * @return the bytes
	 */
	@Benchmark
	public byte[] decompress() {
		return (this.compressed.length > 0)
				? Compression.decompress(this.compressed, 0, this.compressed.length, this.size) : this.bytes;
	}

}
