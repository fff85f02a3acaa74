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
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two instances of an application that share a memcached, before and after its classes
 * were changed: what the other version wrote is a miss and is replaced, on both sides,
 * and no caller ever notices but by a method that runs.
 */
@ExtendWith(OutputCaptureExtension.class)
class RollingDeploymentIT {

	private static final List<String> CODECS = List.of("jdk", "json", "smile");

	private static MemcachedServer server;

	private static Instance before;

	private static Instance after;

	@BeforeAll
	static void start(@TempDir Path oldClasses, @TempDir Path newClasses) throws Exception {
		server = MemcachedServer.start();
		before = Instance.start(CompiledVersion.compile(true, oldClasses));
		after = Instance.start(CompiledVersion.compile(false, newClasses));
	}

	@AfterAll
	static void stop() throws Exception {
		after.close();
		before.close();
		server.close();
	}

	@BeforeEach
	void clear() {
		CODECS.forEach((codec) -> before.cache(codec).clear());
	}

	static Stream<Arguments> changes() {
		return Stream.of(ClassChange.values())
			.flatMap((change) -> CODECS.stream().map((codec) -> Arguments.of(codec, change)));
	}

	@ParameterizedTest
	@MethodSource("changes")
	void whatTheOtherVersionWroteIsAMissAndReplaced(String codec, ClassChange change) throws Exception {
		Instance writer = before;
		Instance reader = after;
		writer.cache(codec).evict(key(change));
		assertThat(writer.call(codec, change, 1)).isTrue();
		for (int i = 0; i < 4; i++) {
			assertThat(writer.call(codec, change, 1)).as("its own is a hit").isFalse();
			if (!isReadable(change, reader)) {
				long counted = reader.unreadable(codec);
				assertThat(reader.cache(codec).get(key(change))).isNull();
				assertThat(reader.unreadable(codec)).isEqualTo(counted + 1);
				assertThat(reader.call(codec, change, 1)).as("the other's is a miss").isTrue();
				assertThat(reader.unreadable(codec)).isEqualTo(counted + 2);
			}
			else {
				assertThat(reader.call(codec, change, 1)).as("the other's is a hit").isFalse();
				reader.cache(codec).evict(key(change));
				reader.call(codec, change, 1);
			}
			Instance next = reader;
			reader = writer;
			writer = next;
		}
	}

	/**
	 * The names of constants are read, so those that are left are right.
	 */
	private static boolean isReadable(ClassChange change, Instance reader) {
		return change == ClassChange.CONSTANT_REMOVED && reader.version().isOld();
	}

	@ParameterizedTest
	@MethodSource("changes")
	void whileBothRunEachGetsWhatIsRight(String codec, ClassChange change) throws Exception {
		Random random = new Random(5);
		long unreadable = before.unreadable(codec) + after.unreadable(codec);
		int number = 0;
		for (int i = 0; i < 150; i++) {
			Instance instance = random.nextBoolean() ? before : after;
			if (random.nextInt(6) == 0) {
				number++;
				instance.cache(codec).evict(key(change));
			}
			instance.call(codec, change, number);
		}
		boolean always = isReadable(change, before) && isReadable(change, after);
		assertThat(before.unreadable(codec) + after.unreadable(codec)).isGreaterThan(always ? -1 : unreadable + 10);
	}

	@Test
	void unreadableValuesAreCountedAsSuchAndLoggedAtABoundedRate(CapturedOutput output) throws Exception {
		long began = System.nanoTime();
		long counted = before.unreadable("jdk") + after.unreadable("jdk");
		for (int i = 0; i < 100; i++) {
			before.call("jdk", ClassChange.FIELD_ADDED, i);
			after.call("jdk", ClassChange.FIELD_ADDED, i);
		}
		assertThat(before.unreadable("jdk") + after.unreadable("jdk")).isGreaterThan(counted + 150);
		long seconds = (System.nanoTime() - began) / 1_000_000_000;
		assertThat(output.getAll().lines().filter((line) -> line.contains("cannot be read")).count())
			.isLessThanOrEqualTo(2 * (1 + seconds / 10));
		for (String codec : CODECS) {
			for (Instance instance : List.of(before, after)) {
				assertThat(instance.application.failures(codec)).isEqualTo(instance.unreadable(codec));
			}
		}
	}

	private static String key(ClassChange change) {
		return change.name();
	}

	/**
	 * An instance of the application in one of its versions.
	 */
	private record Instance(CompiledVersion version, ValuesApplication application) implements AutoCloseable {

		static Instance start(CompiledVersion version) {
			return new Instance(version, ValuesApplication.start(server, version.classLoader(), List.of(),
					"memcached.cache.allowed-classes=" + ClassChange.PACKAGE + ".**"));
		}

		/**
		 * Call a cached method and check what it returns.
		 * @return whether the method itself ran
		 */
		boolean call(String codec, ClassChange change, int number) throws Exception {
			boolean[] ran = new boolean[1];
			Object right = this.version.make(change, number);
			Object value = Objects.requireNonNull(this.application.call(codec, key(change), () -> {
				ran[0] = true;
				return right;
			}));
			assertThat(value).hasSameClassAs(right);
			if (!isReadable(change, this)) {
				assertThat(value).hasToString(right.toString());
			}
			return ran[0];
		}

		Cache cache(String codec) {
			return this.application.cache(codec);
		}

		long unreadable(String codec) {
			return this.application.statistics(codec).getFailures(Reason.DECODE);
		}

		@Override
		public void close() throws IOException {
			this.application.close();
			this.version.close();
		}

	}

}
