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

package io.failsoft.memcached.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Finds properties that work, but hardly as they are meant.
 */
final class DoubtfulSettings {

	private static final Log logger = LogFactory.getLog(DoubtfulSettings.class);

	private final List<String> found = new ArrayList<>();

	private DoubtfulSettings() {
	}

	/**
	 * Log one warning that names each such property, if there is any.
	 * @param cache the properties, which are in their ranges
	 */
	static void warn(MemcachedCacheProperties cache) {
		DoubtfulSettings doubtful = new DoubtfulSettings();
		doubtful.checkTimeToLive("memcached.cache", cache.getTimeToLive());
		doubtful.checkTimeToIdle("memcached.cache", cache.getTimeToIdle(), cache.getLoadWindow());
		cache.getCaches().forEach((name, own) -> {
			String prefix = MemcachedPropertiesCheck.cacheProperty(name);
			doubtful.checkTimeToLive(prefix, own.getTimeToLive());
			if (own.getTimeToIdle() != null || own.getLoadWindow() != null) {
				doubtful.checkTimeToIdle(prefix,
						(own.getTimeToIdle() != null) ? own.getTimeToIdle() : cache.getTimeToIdle(),
						(own.getLoadWindow() != null) ? own.getLoadWindow() : cache.getLoadWindow());
			}
		});
		if (!doubtful.found.isEmpty()) {
			logger.warn("Doubtful settings: " + String.join("; ", doubtful.found));
		}
	}

	/**
	 * A number without a unit counts as milliseconds, and seldom is meant so.
	 */
	private void checkTimeToLive(String prefix, @Nullable Duration timeToLive) {
		long millis = (timeToLive != null) ? timeToLive.toMillis() : 0;
		if (millis % 1000 != 0) {
			this.found.add(prefix + ".time-to-live is " + millis + " ms and rounded up to " + (millis / 1000 + 1)
					+ " s; a number without a unit counts as milliseconds, so write the unit, as in 10m");
		}
	}

	private void checkTimeToIdle(String prefix, @Nullable Duration timeToIdle, Duration loadWindow) {
		if (timeToIdle != null && timeToIdle.compareTo(loadWindow) < 0) {
			this.found
				.add(prefix + ".time-to-idle is " + timeToIdle.toMillis() + " ms, but no entry expires before the load "
						+ "window of " + loadWindow.toMillis() + " ms is over; write 10m for minutes");
		}
	}

}
