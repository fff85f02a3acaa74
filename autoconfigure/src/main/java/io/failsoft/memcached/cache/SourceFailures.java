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

import java.io.UncheckedIOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.interceptor.CacheOperationInvoker.ThrowableWrapper;

/**
 * The exceptions that tell that a source of values is lost: a database, a service or a
 * file system that cannot be reached. An exception of the application's own never does,
 * unless it is named. Immutable.
 */
final class SourceFailures {

	/** By name, as the libraries may be absent. */
	private static final Set<String> NAMES = Set.of("org.springframework.dao.TransientDataAccessException",
			"org.springframework.dao.DataAccessResourceFailureException",
			"org.springframework.dao.NonTransientDataAccessResourceException",
			"org.springframework.transaction.CannotCreateTransactionException",
			"org.springframework.web.client.ResourceAccessException",
			"org.springframework.web.client.HttpServerErrorException",
			"org.springframework.web.reactive.function.client.WebClientRequestException",
			"org.springframework.web.reactive.function.client.WebClientResponseException$InternalServerError",
			"org.springframework.web.reactive.function.client.WebClientResponseException$BadGateway",
			"org.springframework.web.reactive.function.client.WebClientResponseException$ServiceUnavailable",
			"org.springframework.web.reactive.function.client.WebClientResponseException$GatewayTimeout",
			"java.io.IOException", "java.net.SocketTimeoutException", "java.util.concurrent.TimeoutException",
			"java.util.concurrent.RejectedExecutionException");

	/** The kinds of those above that tell of the value, or of the caller. */
	private static final Set<String> EXCEPTED = Set.of("java.io.FileNotFoundException",
			"java.nio.file.NoSuchFileException", "java.io.InterruptedIOException",
			"java.nio.channels.ClosedByInterruptException");

	private final Set<String> own;

	/**
	 * Creates an instance.
	 * @param own exceptions that count beside those known here
	 */
	SourceFailures(List<Class<? extends Throwable>> own) {
		this.own = own.stream().map(Class::getName).collect(Collectors.toSet());
	}

	/**
	 * Returns whether a load that threw this has lost its source.
	 */
	boolean isListed(Throwable failure) {
		for (Class<?> type = cause(failure).getClass(); type != null; type = type.getSuperclass()) {
			String name = type.getName();
			if (this.own.contains(name) || NAMES.contains(name)) {
				return true;
			}
			if (EXCEPTED.contains(name)) {
				return false;
			}
		}
		return false;
	}

	/**
	 * Returns what a method or loader itself has thrown.
	 */
	static Throwable cause(Throwable failure) {
		Throwable cause = failure;
		while (cause.getCause() != null
				&& (cause instanceof ThrowableWrapper || cause instanceof ValueRetrievalException
						|| cause instanceof CompletionException || cause instanceof ExecutionException
						|| cause instanceof UndeclaredThrowableException || cause instanceof UncheckedIOException)) {
			cause = cause.getCause();
		}
		return cause;
	}

}
