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

package io.failsoft.memcached.sample.dashboard;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.failsoft.memcached.sample.City;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * A load: it asks the application over HTTP, as its users do, at a rate that can be
 * turned up. Off at first; bounded in rate and in requests under way, so that a slow
 * database is not buried; and over when nobody has watched for a while. Thread-safe.
 */
@Component
final class Load implements DisposableBean {

	/** The highest rate, in requests a second. */
	static final int MAX_RATE = 200;

	static final Duration UNWATCHED = Duration.ofMinutes(2);

	private static final int MAX_UNDER_WAY = 4;

	private static final long TICK_MILLIS = 20;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Questions questions;

	private final Environment environment;

	private final LongSupplier nanoTime;

	private final HttpClient http = HttpClient.newHttpClient();

	private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

	private final Semaphore underWay = new Semaphore(MAX_UNDER_WAY);

	private final AtomicLong answered = new AtomicLong();

	private final AtomicLong failed = new AtomicLong();

	private volatile int rate;

	private volatile long watched;

	private double due;

	private @Nullable ScheduledFuture<?> ticks;

	@Autowired
	Load(Questions questions, Environment environment) {
		this(questions, environment, System::nanoTime);
	}

	Load(Questions questions, Environment environment, LongSupplier nanoTime) {
		this.questions = questions;
		this.environment = environment;
		this.nanoTime = nanoTime;
		this.watched = nanoTime.getAsLong();
	}

	/**
	 * Sets the rate.
	 * @param rate requests a second; bounded by 0, which is off, and {@link #MAX_RATE}
	 */
	synchronized void turnTo(int rate) {
		watched();
		this.rate = Math.max(0, Math.min(rate, MAX_RATE));
		if (this.rate > 0 && this.ticks == null) {
			String base = base();
			List<City> cities = this.questions.cities();
			this.ticks = this.scheduler.scheduleAtFixedRate(() -> tick(base, cities), 0, TICK_MILLIS,
					TimeUnit.MILLISECONDS);
		}
		else if (this.rate == 0 && this.ticks != null) {
			this.ticks.cancel(false);
			this.ticks = null;
		}
	}

	/**
	 * Notes that somebody looks at what the load does.
	 */
	void watched() {
		this.watched = this.nanoTime.getAsLong();
	}

	Progress progress() {
		return new Progress(this.rate, this.answered.get(), this.failed.get());
	}

	@Override
	public void destroy() {
		this.scheduler.shutdownNow();
	}

	private void tick(String base, List<City> cities) {
		if (this.nanoTime.getAsLong() - this.watched > UNWATCHED.toNanos()) {
			turnTo(0);
			return;
		}
		// What cannot be asked in time is not asked later: the rate is an upper bound.
		this.due = Math.min(this.due + this.rate * TICK_MILLIS / 1000.0, MAX_UNDER_WAY);
		while (this.due >= 1 && this.underWay.tryAcquire()) {
			this.due--;
			ask(URI.create(base + Questions.next(cities, ThreadLocalRandom.current())));
		}
	}

	private void ask(URI question) {
		HttpRequest request = HttpRequest.newBuilder(question).timeout(PATIENCE).build();
		this.http.sendAsync(request, HttpResponse.BodyHandlers.discarding()).whenComplete((response, failure) -> {
			this.underWay.release();
			boolean good = failure == null && response.statusCode() == 200;
			(good ? this.answered : this.failed).incrementAndGet();
		});
	}

	private String base() {
		String address = this.environment.getProperty("server.address", "0.0.0.0");
		String host = "0.0.0.0".equals(address) ? "127.0.0.1" : address;
		return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
				+ this.environment.getRequiredProperty("local.server.port");
	}

	/**
	 * The progress of the load.
	 *
	 * @param rate requests a second that are meant to be asked
	 * @param answered number of requests answered, since the start
	 * @param failed number of requests that failed or were not answered, since the start
	 */
	record Progress(int rate, long answered, long failed) {

	}

}
