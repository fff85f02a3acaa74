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

package io.failsoft.memcached.sample;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The last lines that the starter logged. Its memory is bounded. Thread-safe.
 */
@Component
final class StarterLog extends AppenderBase<ILoggingEvent> implements DisposableBean {

	/** How many lines are kept. */
	static final int CAPACITY = 100;

	private static final int MAX_LENGTH = 500;

	private static final String STARTER = "io.failsoft.memcached";

	private static final String SAMPLE = StarterLog.class.getPackageName();

	private final Deque<Line> lines = new ArrayDeque<>();

	private final Logger logger;

	private long last;

	StarterLog() {
		this.logger = (Logger) LoggerFactory.getLogger(STARTER);
		setContext(this.logger.getLoggerContext());
		setName("starterLog");
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
			this.last++;
			this.lines.addLast(new Line(this.last, Instant.ofEpochMilli(event.getTimeStamp()),
					event.getLevel().toString(), text.substring(0, Math.min(text.length(), MAX_LENGTH))));
		}
	}

	/**
	 * The lines that came after another.
	 * @param number the number of the last line that is known already
	 * @return those after it that are still kept, the oldest first
	 */
	List<Line> after(long number) {
		List<Line> newer = new ArrayList<>();
		synchronized (this.lines) {
			for (Line line : this.lines) {
				if (line.number() > number) {
					newer.add(line);
				}
			}
		}
		return newer;
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
