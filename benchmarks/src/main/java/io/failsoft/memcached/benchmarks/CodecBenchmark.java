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

import io.failsoft.memcached.codec.ValueCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A codec on its own, without a server.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls setUp
public class CodecBenchmark {

	/** Which codec: a {@link CodecType}. */
	@Param({ "plain", "jdk", "json", "smile", "cbor", "kryo" })
	String codec;

	/** What it is given: a {@link CodecValue}. */
	@Param({ "record", "bean", "list", "page", "text" })
	String value;

	private ValueCodec subject;

	private Object object;

	private byte[] bytes;

	/**
	 * Make the value and write it once.
	 */
	@Setup
	public void setUp() {
		this.subject = CodecType.of(this.codec).create();
		this.object = CodecValue.of(this.value).make();
		this.bytes = this.subject.encode(this.object);
	}

	/**
	 * Write the value.
	 * @return its bytes
	 */
	@Benchmark
	public byte[] write() {
		return this.subject.encode(this.object);
	}

	/**
	 * Read the value.
	 * @return the value
	 */
	@Benchmark
	public Object read() {
		return this.subject.decode(this.bytes, 0, this.bytes.length);
	}

}
