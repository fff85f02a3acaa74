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

package io.failsoft.memcached.cache;

import org.jspecify.annotations.Nullable;

/**
 * The text of an application's object for the log: one line of bounded length, whatever
 * the object's methods do.
 */
final class LogText {

	private static final int MAX_LENGTH = 200;

	private static final int MAX_MESSAGE_LENGTH = 2000;

	private LogText() {
	}

	static String of(@Nullable Object object) {
		return of(object, MAX_LENGTH);
	}

	/**
	 * Returns a message in full, as the remedy stands at its end.
	 */
	static String message(String message) {
		return of(message, MAX_MESSAGE_LENGTH);
	}

	/**
	 * Returns the stack trace of a failure's root cause without messages, which may quote
	 * a value.
	 */
	static Throwable trace(Throwable failure) {
		Throwable root = failure;
		for (int i = 0; i < 10 && root.getCause() != null; i++) {
			root = root.getCause();
		}
		Throwable trace = new Throwable(root.getClass().getName());
		trace.setStackTrace(root.getStackTrace());
		return trace;
	}

	private static String of(@Nullable Object object, int maxLength) {
		String text;
		try {
			text = String.valueOf(object);
		}
		catch (RuntimeException | Error ex) {
			return ((object != null) ? object.getClass().getName() : null) + ", whose toString() failed";
		}
		if (text == null) {
			return "null";
		}
		return ((text.length() > maxLength) ? text.substring(0, maxLength) + "..." : text)
			.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
	}

}
