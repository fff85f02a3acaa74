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

package io.failsoft.memcached.observation;

import java.util.Locale;

import io.failsoft.memcached.client.OperationKind;
import io.failsoft.memcached.client.OperationResult;
import io.failsoft.memcached.client.Reply;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * The names of OpenTelemetry's conventions for databases: the observation
 * {@code memcached.command} with {@code db.system.name}, {@code db.operation.name},
 * {@code server.address}, {@code server.port} and {@code outcome}, which is {@code hit},
 * {@code miss}, {@code stored}, {@code not_stored}, the failure, or {@code none} while
 * the operation is under way. All are of low cardinality; keys are not told.
 */
public class DefaultMemcachedOperationConvention implements MemcachedOperationConvention {

	/** Name of the observation. */
	public static final String NAME = "memcached.command";

	private static final KeyValue SYSTEM = KeyValue.of("db.system.name", "memcached");

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public String getContextualName(MemcachedOperationContext context) {
		return "memcached " + operation(context);
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(MemcachedOperationContext context) {
		String server = context.getServer();
		int colon = server.lastIndexOf(':');
		return KeyValues.of(SYSTEM, KeyValue.of("db.operation.name", operation(context)),
				KeyValue.of("server.address", (colon > 0) ? server.substring(0, colon) : server),
				KeyValue.of("server.port", (colon > 0) ? server.substring(colon + 1) : KeyValue.NONE_VALUE),
				KeyValue.of("outcome", outcome(context.getOperation(), context.getReply())));
	}

	private static String operation(MemcachedOperationContext context) {
		return context.getOperation().name().toLowerCase(Locale.ROOT);
	}

	private static String outcome(OperationKind operation, @Nullable Reply reply) {
		return (reply != null) ? OperationResult.of(operation, reply).word() : KeyValue.NONE_VALUE;
	}

}
