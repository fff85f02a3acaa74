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

import io.failsoft.memcached.client.Reply;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation.Context;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and tags of an observed operation, by default those of OpenTelemetry's
 * conventions for databases: the observation {@code memcached.command} with
 * {@code db.system.name}, {@code db.operation.name}, {@code server.address},
 * {@code server.port} and {@code outcome}, which is {@code hit}, {@code miss},
 * {@code stored}, {@code not_stored}, the failure, or {@code none} while the operation is
 * under way. All are of low cardinality; keys are not told.
 * <p>
 * A bean of this type replaces the default. Its methods may run on the client's I/O
 * thread and must be quick; what they throw is logged at a bounded rate.
 */
public interface MemcachedOperationConvention extends ObservationConvention<MemcachedOperationContext> {

	@Override
	default String getName() {
		return "memcached.command";
	}

	@Override
	default String getContextualName(MemcachedOperationContext context) {
		return "memcached " + context.getOperation();
	}

	@Override
	default KeyValues getLowCardinalityKeyValues(MemcachedOperationContext context) {
		String server = context.getServer();
		Reply reply = context.getReply();
		int colon = server.lastIndexOf(':');
		return KeyValues.of(KeyValue.of("db.system.name", "memcached"),
				KeyValue.of("db.operation.name", context.getOperation()),
				KeyValue.of("server.address", (colon > 0) ? server.substring(0, colon) : server),
				KeyValue.of("server.port", (colon > 0) ? server.substring(colon + 1) : KeyValue.NONE_VALUE),
				KeyValue.of("outcome", (reply != null) ? reply.outcome() : KeyValue.NONE_VALUE));
	}

	@Override
	default boolean supportsContext(Context context) {
		return context instanceof MemcachedOperationContext;
	}

}
