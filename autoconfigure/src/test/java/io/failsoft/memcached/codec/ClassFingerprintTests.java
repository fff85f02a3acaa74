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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClassFingerprint}.
 */
class ClassFingerprintTests {

	@Test
	void everyChangeOfAClassShowsAndNoOther(@TempDir Path before, @TempDir Path again, @TempDir Path after)
			throws Exception {
		try (CompiledVersion old = CompiledVersion.compile(true, before);
				CompiledVersion same = CompiledVersion.compile(true, again);
				CompiledVersion next = CompiledVersion.compile(false, after)) {
			for (ClassChange change : ClassChange.values()) {
				long fingerprint = ClassFingerprint.of(old.type(change));
				assertThat(ClassFingerprint.of(same.type(change))).as(change.name()).isEqualTo(fingerprint);
				if (change != ClassChange.CONSTANT_REMOVED && change != ClassChange.NAMED_PART_CHANGED) {
					assertThat(ClassFingerprint.of(next.type(change))).as(change.name()).isNotEqualTo(fingerprint);
				}
			}
		}
	}

	@Test
	void classesThatAreNotSerializableArraysAndPrimitivesHaveOne() {
		List<Class<?>> types = List.of(Plain.class, Other.class, Plain[].class, Other[].class, int.class, int[].class,
				Runnable.class, Object.class);
		assertThat(types.stream().map(ClassFingerprint::of)).doesNotHaveDuplicates();
	}

	@Test
	void theJdksFieldsDoNotCount() {
		// Computed by Java 17 and 25 alike.
		assertThat(ClassFingerprint.of(ArrayList.class)).isEqualTo(1859234195169817179L);
	}

	static class Plain {

		int number;

	}

	static class Other {

		int number;

	}

}
