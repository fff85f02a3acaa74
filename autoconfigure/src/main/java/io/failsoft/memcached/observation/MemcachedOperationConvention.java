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

import io.micrometer.observation.Observation.Context;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and tags of an observed operation. A bean of this type replaces the
 * {@link DefaultMemcachedOperationConvention}. Its methods may run on the client's I/O
 * thread and must be quick; what they throw is logged at a bounded rate.
 */
public interface MemcachedOperationConvention extends ObservationConvention<MemcachedOperationContext> {

	@Override
	default boolean supportsContext(Context context) {
		return context instanceof MemcachedOperationContext;
	}

}
