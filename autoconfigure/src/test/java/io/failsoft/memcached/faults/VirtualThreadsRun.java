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

package io.failsoft.memcached.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import io.failsoft.memcached.testkit.MemcachedServer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * Uses every path to the cache on many virtual threads at once, while memcached is well,
 * hangs and is dead, and tells which of them pinned the thread that carries them. A
 * program, as the JVM of the tests may have no virtual threads.
 */
final class VirtualThreadsRun {

	private static final int THREADS = 200;

	private static final AtomicInteger pinnings = new AtomicInteger();

	private VirtualThreadsRun() {
	}

	public static void main(String[] args) throws Exception {
		List<RecordedEvent> pinned;
		try (MemcachedServer server = MemcachedServer.start();
				RunningApplication application = RunningApplication.start(List.of(Executors.class),
						"memcached.servers=" + server.host() + ":" + server.port(),
						"spring.threads.virtual.enabled=true", "memcached.operation-timeout=1s")) {
			application.up();
			Executor executor = application.bean(Executor.class);
			// Classes are loaded before it counts, those of the failures too: a thread
			// that
			// waits for a class loader is pinned, whoever's class it is.
			useAll(application, executor, "warm up");
			server.pause();
			useAll(application, executor, "warm up, hung");
			server.resume();
			application.up();
			server.kill();
			useAll(application, executor, "warm up, dead");
			server.restart();
			application.up();
			try (Recording recording = new Recording()) {
				recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO).withStackTrace();
				recording.start();
				useAll(application, executor, "well");
				server.pause();
				useAll(application, executor, "hung");
				server.resume();
				application.up();
				server.kill();
				useAll(application, executor, "dead");
				pinOnPurpose(executor);
				recording.stop();
				pinned = read(recording);
			}
		}
		System.out.println("on purpose: " + pinned.stream().filter(VirtualThreadsRun::isOnPurpose).count());
		List<RecordedEvent> others = pinned.stream().filter((event) -> !isOnPurpose(event)).toList();
		others.forEach(System.out::println);
		System.out.println("pinned: " + others.size());
		System.exit(0);
	}

	private static void useAll(RunningApplication application, Executor executor, String phase) throws Exception {
		ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
		CountDownLatch done = new CountDownLatch(THREADS);
		for (int i = 0; i < THREADS; i++) {
			String key = phase + i % 20;
			executor.execute(() -> {
				try {
					if (!Thread.currentThread().toString().startsWith("VirtualThread")) {
						failures.add("not a virtual thread: " + Thread.currentThread());
					}
					for (CachedPath path : CachedPath.values()) {
						Item item = path.invoke(application.catalogue(), key);
						if (!item.key().equals(key)) {
							failures.add(path.label() + " returned " + item);
						}
					}
				}
				catch (Throwable ex) {
					failures.add(ex.toString());
				}
				finally {
					done.countDown();
				}
			});
		}
		boolean finished = done.await(60, TimeUnit.SECONDS);
		System.out.println(phase + ": " + (finished ? "finished" : "not finished") + ", failures: " + failures);
	}

	/** The control: where a thread waits in a static initializer it is pinned. */
	private static void pinOnPurpose(Executor executor) throws Exception {
		CountDownLatch done = new CountDownLatch(1);
		executor.execute(() -> {
			pinnings.addAndGet(OnPurpose.value());
			done.countDown();
		});
		done.await(30, TimeUnit.SECONDS);
	}

	private static boolean isOnPurpose(RecordedEvent event) {
		return event.getStackTrace() != null && event.getStackTrace()
			.getFrames()
			.stream()
			.anyMatch((frame) -> frame.getMethod().getType().getName().equals(OnPurpose.class.getName()));
	}

	private static List<RecordedEvent> read(Recording recording) throws Exception {
		Path file = Files.createTempFile("virtual-threads", ".jfr");
		try {
			recording.dump(file);
			return new ArrayList<>(RecordingFile.readAllEvents(file));
		}
		finally {
			Files.delete(file);
		}
	}

	private static final class OnPurpose {

		private static final int VALUE = waitAndReturn();

		static int value() {
			return VALUE;
		}

		private static int waitAndReturn() {
			LockSupport.parkNanos(50_000_000);
			return 1;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(TaskExecutionAutoConfiguration.class)
	static class Executors {

	}

}
