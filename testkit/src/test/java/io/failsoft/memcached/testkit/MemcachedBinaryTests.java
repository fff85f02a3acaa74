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

package io.failsoft.memcached.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link MemcachedBinary} and {@link Engine}.
 */
class MemcachedBinaryTests {

	private Path folder;

	private Path firstFolder;

	private Path first;

	private Path secondFolder;

	private Path second;

	@BeforeEach
	void createPrograms(@TempDir Path temporary) throws IOException {
		this.folder = temporary;
		this.firstFolder = Files.createDirectory(temporary.resolve("first"));
		this.first = program(this.firstFolder);
		this.secondFolder = Files.createDirectory(temporary.resolve("second"));
		this.second = program(this.secondFolder);
	}

	@Test
	void thePropertyComesFirst() {
		assertThat(find(this.second.toString(), this.firstFolder.toString())).contains(this.second);
		assertThat(find(this.secondFolder.toString(), this.firstFolder.toString())).contains(this.second);
	}

	@Test
	void thenThePathThenTheUsualPlaces() {
		String path = this.folder.resolve("none") + File.pathSeparator + this.firstFolder;
		assertThat(find(null, path)).contains(this.first);
		assertThat(find(" ", null)).contains(this.second);
		assertThat(MemcachedBinary.find(null, "", List.of(this.folder))).isEmpty();
	}

	@Test
	void whenThePropertyNamesNoProgramThenItIsToldAndNothingElseIsTaken() throws IOException {
		Path text = Files.writeString(this.folder.resolve("text"), "no program");
		for (Path wrong : List.of(text, this.folder, this.folder.resolve("absent"))) {
			assertThatExceptionOfType(MemcachedStartException.class)
				.isThrownBy(() -> find(wrong.toString(), this.firstFolder.toString()))
				.withMessageContaining("memcached.binary")
				.withMessageContaining(wrong.toString());
		}
	}

	@Test
	void theRemedyIsOneLineThatFitsTheMachine() {
		assertThat(MemcachedBinary.remedy(true, false, (program) -> false)).contains("\n    brew install memcached\n");
		assertThat(MemcachedBinary.remedy(false, false, "apt-get"::equals))
			.contains("\n    sudo apt-get install -y memcached\n");
		assertThat(MemcachedBinary.remedy(false, true, "apt-get"::equals))
			.contains("\n    apt-get install -y memcached\n");
		assertThat(MemcachedBinary.remedy(false, false, "dnf"::equals))
			.contains("\n    sudo dnf install -y memcached\n");
	}

	@Test
	void aProgramIsPreferredToAContainer() {
		assertThat(Engine.choose(() -> Optional.of(this.first), () -> {
			throw new AssertionError("not asked");
		})).isInstanceOf(BinaryEngine.class);
		assertThat(Engine.choose(Optional::empty, () -> Optional.of(new ContainerEngine("docker", "memcached:1.6"))))
			.isInstanceOf(ContainerEngine.class);
	}

	@Test
	void whenThereIsNeitherThenItFailsWithTheRemedy() {
		assertThatExceptionOfType(MemcachedStartException.class)
			.isThrownBy(() -> Engine.choose(Optional::empty, Optional::empty))
			.withMessageContaining("install");
	}

	private Optional<Path> find(@Nullable String configured, @Nullable String path) {
		return MemcachedBinary.find(configured, path, List.of(this.folder, this.secondFolder));
	}

	private static Path program(Path folder) throws IOException {
		Path program = folder.resolve("memcached");
		Files.writeString(program, "#!/bin/sh\n");
		assertThat(program.toFile().setExecutable(true)).isTrue();
		return program;
	}

}
