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

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.failsoft.memcached.sample.CitiesApplication;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The last lines that the starter logged. Its memory is bounded. Thread-safe.
 */
@Component
final class StarterLog extends AppenderBase<ILoggingEvent> implements DisposableBean {

	/** The number of lines kept. */
	static final int CAPACITY = 100;

	private static final int MAX_LENGTH = 500;

	private static final String SAMPLE = CitiesApplication.class.getPackageName();

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.failsoft.memcached");

	private final Deque<Line> lines = new ArrayDeque<>();

	private long last;

	StarterLog() {
		setContext(this.logger.getLoggerContext());
		start();
		this.logger.addAppender(this);
	}

	@Override
	protected void append(ILoggingEvent event) {
		if (event.getLoggerName().startsWith(SAMPLE)) {
			return;
		}
		String text = event.getFormattedMessage();
		synchronized (this.lines) {
			if (this.lines.size() == CAPACITY) {
				this.lines.removeFirst();
			}
			this.lines.addLast(new Line(++this.last, Instant.ofEpochMilli(event.getTimeStamp()),
					event.getLevel().toString(), text.substring(0, Math.min(text.length(), MAX_LENGTH))));
		}
	}

	/**
	 * Returns the lines that came after another.
	 * @param number the number of the last line that is known already
	 * @return those after it that are still kept, the oldest first
	 */
	List<Line> after(long number) {
		synchronized (this.lines) {
			return this.lines.stream().filter((line) -> line.number() > number).toList();
		}
	}

	@Override
	public void destroy() {
		this.logger.detachAppender(this);
		stop();
	}

	/**
	 * A line of the log.
	 *
	 * @param number counts the lines, from 1
	 * @param time when it was logged
	 * @param level its level, {@code WARN} for instance
	 * @param text what it says
	 */
	record Line(long number, Instant time, String level, String text) {

	}

}
