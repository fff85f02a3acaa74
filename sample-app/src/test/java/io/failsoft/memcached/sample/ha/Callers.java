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

package io.failsoft.memcached.sample.ha;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Callers that ask all the time, and what became of each request. Thread-safe.
 */
final class Callers implements AutoCloseable {

	private static final int THREADS = 4;

	private static final String WRONG = "wrong answer: ";

	private static final Duration PAUSE = Duration.ofMillis(40);

	private static final Duration LIMIT = Duration.ofSeconds(15);

	private final URI address;

	private final Truth truth;

	private final HttpClient http = HttpClient.newBuilder().connectTimeout(LIMIT).build();

	private final Queue<Answered> answered = new ConcurrentLinkedQueue<>();

	private final List<CompletableFuture<?>> callers = new ArrayList<>();

	private volatile boolean stopped;

	Callers(URI address, Truth truth) {
		this.address = address;
		this.truth = truth;
	}

	void start(long seed) {
		for (int i = 0; i < THREADS; i++) {
			Random random = new Random(seed + i);
			this.callers.add(CompletableFuture.runAsync(() -> callOnAndOn(random), (task) -> new Thread(task).start()));
		}
	}

	/**
	 * Take what was answered since this was asked last.
	 * @return the requests in the order in which they ended
	 */
	List<Answered> take() {
		List<Answered> taken = new ArrayList<>();
		for (Answered next = this.answered.poll(); next != null; next = this.answered.poll()) {
			taken.add(next);
		}
		return taken;
	}

	/**
	 * How many answers nobody took yet.
	 * @return the number
	 */
	int pending() {
		return this.answered.size();
	}

	private void callOnAndOn(Random random) {
		while (!this.stopped) {
			this.answered.add(call(this.truth.ask(random)));
			Waiting.pause(PAUSE);
		}
	}

	private Answered call(Truth.Question question) {
		HttpRequest request = HttpRequest.newBuilder(this.address.resolve(question.path())).timeout(LIMIT).build();
		long start = System.nanoTime();
		String problem = "";
		boolean hit = false;
		try {
			HttpResponse<String> response = this.http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
			hit = response.headers().firstValue("X-Cache").filter((cache) -> !"miss".equals(cache)).isPresent();
			if (response.statusCode() != 200) {
				problem = "status " + response.statusCode() + ": " + response.body();
			}
			else if (!question.answer().isRight(response.body())) {
				problem = WRONG + response.body();
			}
		}
		catch (CompletionException ex) {
			problem = ex.toString();
		}
		return new Answered(start, System.nanoTime(), hit, problem.isEmpty() ? "" : question.path() + ": " + problem);
	}

	@Override
	public void close() {
		this.stopped = true;
		this.callers.forEach(CompletableFuture::join);
	}

	/**
	 * What became of a request.
	 *
	 * @param began when it was sent, as {@link System#nanoTime}
	 * @param ended when it was over
	 * @param hit whether the cache answered
	 * @param problem what was wrong, or an empty text
	 */
	record Answered(long began, long ended, boolean hit, String problem) {

		boolean isWrong() {
			return problem().contains(WRONG);
		}

		double millis() {
			return (ended() - began()) / 1e6;
		}

	}

}
