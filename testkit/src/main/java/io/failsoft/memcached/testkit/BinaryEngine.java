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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.failsoft.memcached.testkit.MemcachedServerOptions.Credentials;

/**
 * Runs an installed memcached.
 *
 * <p>
 * With {@code -p -1} memcached listens on a port that the kernel chooses, and writes it
 * as {@code TCP INET: 35411} to the file that the environment variable
 * {@code MEMCACHED_PORT_FILENAME} names: first under another name, then renamed, so that
 * the file is either absent or whole.
 */
final class BinaryEngine implements Engine {

	private static final Duration START_LIMIT = Duration.ofSeconds(30);

	private static final String USERS = "users";

	private static final String CERTIFICATE = "certificate.pem";

	private static final String KEY = "key.pem";

	private static final String PORT_LINE = "TCP INET: ";

	// memcached started by root gives its rights up in favour of this user, and refuses
	// to start without one.
	private static final String UNPRIVILEGED = "nobody";

	private final Path binary;

	BinaryEngine(Path binary) {
		this.binary = binary;
	}

	@Override
	public RunningServer launch(MemcachedServerOptions options, int port) {
		Path folder = null;
		try {
			folder = Files.createTempDirectory("failsoft-memcached-");
			return launch(options, port, folder);
		}
		catch (IOException ex) {
			throw new MemcachedStartException(
					"memcached cannot be started without a folder for temporary files: " + ex.getMessage(), ex);
		}
		finally {
			if (folder != null) {
				delete(folder);
			}
		}
	}

	private RunningServer launch(MemcachedServerOptions options, int port, Path folder) throws IOException {
		boolean root = Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid"));
		Credentials credentials = options.credentials();
		if (credentials != null) {
			write(folder.resolve(USERS), credentials.username() + ":" + credentials.password() + "\n");
		}
		MemcachedServerOptions.Tls tls = options.tls();
		if (tls != null) {
			write(folder.resolve(CERTIFICATE), tls.identity().certificate());
			write(folder.resolve(KEY), tls.identity().key());
		}
		if (root) {
			handOver(folder, List.of(folder, folder.resolve(USERS), folder.resolve(CERTIFICATE), folder.resolve(KEY)));
		}
		Path portFile = folder.resolve("port");
		List<String> command = command(options, port, root, folder);
		WatchedProcess process = WatchedProcess.launch(command, Map.of("MEMCACHED_PORT_FILENAME", portFile.toString()),
				null);
		boolean started = false;
		try {
			int actualPort = awaitPort(process, portFile, port);
			started = true;
			return new LocalServer(process, actualPort);
		}
		finally {
			if (!started) {
				process.abandon();
			}
		}
	}

	private static void write(Path file, String content) throws IOException {
		Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		Files.writeString(file, content, StandardCharsets.US_ASCII);
	}

	List<String> command(MemcachedServerOptions options, int port, boolean root, Path folder) {
		List<String> command = new ArrayList<>();
		command.add(this.binary.toString());
		if (root && !options.extraArguments().contains("-u")) {
			command.addAll(List.of("-u", UNPRIVILEGED));
		}
		command.addAll(List.of("-l", "127.0.0.1", "-p", Integer.toString((port != 0) ? port : -1), "-U", "0"));
		command.addAll(options.arguments());
		if (options.credentials() != null) {
			command.addAll(List.of("-Y", folder.resolve(USERS).toString()));
		}
		MemcachedServerOptions.Tls tls = options.tls();
		if (tls != null) {
			Path certificate = folder.resolve(CERTIFICATE);
			command.addAll(List.of("-Z", "-o", "ssl_chain_cert=" + certificate + ",ssl_key=" + folder.resolve(KEY)));
			if (tls.mutual()) {
				// The chain ends with the authority. 2: a client without a certificate is
				// turned away.
				command.addAll(List.of("-o", "ssl_verify_mode=2,ssl_ca_cert=" + certificate));
			}
		}
		command.addAll(options.extraArguments());
		return command;
	}

	private static void handOver(Path folder, List<Path> paths) throws IOException {
		var user = folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(UNPRIVILEGED);
		for (Path path : paths) {
			if (Files.exists(path)) {
				Files.setOwner(path, user);
			}
		}
	}

	private static int awaitPort(WatchedProcess process, Path portFile, int port) throws IOException {
		long deadline = System.nanoTime() + START_LIMIT.toNanos();
		while (System.nanoTime() < deadline) {
			if (Files.exists(portFile)) {
				return parsePort(Files.readString(portFile, StandardCharsets.US_ASCII));
			}
			if (!process.isAlive()) {
				throw new MemcachedStartException(explain(process.output(), port));
			}
			Waiting.pause();
		}
		throw new MemcachedStartException(
				"memcached did not listen within " + START_LIMIT.toSeconds() + " s. Its output: " + process.output());
	}

	static int parsePort(String content) {
		return content.lines()
			.filter((line) -> line.startsWith(PORT_LINE))
			.map((line) -> Integer.parseInt(line.substring(PORT_LINE.length()).strip()))
			.findFirst()
			.orElseThrow(() -> new MemcachedStartException("memcached names no port in its port file: " + content));
	}

	static String explain(List<String> output, int port) {
		String text = String.join("\n", output);
		if (text.contains("Address already in use")) {
			return "memcached cannot listen on 127.0.0.1:" + port
					+ ", which is in use. End the program that has it, or leave the port to be chosen. Its output:\n"
					+ text;
		}
		if (text.contains("Too many open files")) {
			return "memcached has too few file descriptors: raise the connection limit or lower the number of threads. Its output:\n"
					+ text;
		}
		return "memcached ended as soon as it was started. Its output:\n" + text;
	}

	private static void delete(Path folder) {
		try (var files = Files.list(folder)) {
			for (Path file : files.toList()) {
				Files.deleteIfExists(file);
			}
			Files.deleteIfExists(folder);
		}
		catch (FileSystemException ex) {
			folder.toFile().deleteOnExit();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
