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

import java.io.File;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A filter that whoever runs the JVM sets by {@code jdk.serialFilter}: it is asked about
 * classes, while its limits, which count over all uses of a stream, are not.
 */
class SerialFilterTests {

	@Test
	void theFilterOfTheJvmIsAskedAboutClassesOnly() throws Exception {
		Process process = new ProcessBuilder(
				System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
				"-Djdk.serialFilter=!" + Samples.Circle.class.getName() + ";maxrefs=10;maxdepth=2;maxbytes=100", "-cp",
				System.getProperty("java.class.path"), SerialFilterTests.class.getName())
			.inheritIO()
			.start();
		assertThat(process.waitFor()).isZero();
	}

	/**
	 * Runs with the filter.
	 * @param arguments none
	 */
	public static void main(String[] arguments) {
		ValueCodec codec = Codecs.jdk(SerialFilterTests.class.getClassLoader(),
				AllowedClasses.of(List.of("io.failsoft.memcached.codec.*")));
		List<Object> value = new ArrayList<>(Collections.nCopies(100, Samples.City.of(1)));
		for (int i = 0; i < 100; i++) {
			byte[] bytes = codec.encode(value);
			assertThat(codec.decode(bytes, 0, bytes.length)).isEqualTo(value);
		}
		byte[] forged = ForgedStream.of(new Samples.Circle(1));
		for (Runnable refused : List.<Runnable>of(() -> codec.encode(new Samples.Circle(1)),
				() -> codec.decode(forged, 0, forged.length))) {
			try {
				refused.run();
				throw new AssertionError("not refused");
			}
			catch (ValueCodecException ex) {
				assertThat(ex.isRefused()).isTrue();
			}
		}
	}

}
