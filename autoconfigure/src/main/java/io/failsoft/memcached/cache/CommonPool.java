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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * The common pool also where {@link CompletableFuture} would rather start an unnamed
 * thread per task: with one or two processors, up to Java 24.
 */
final class CommonPool {

	private CommonPool() {
	}

	/**
	 * What runs tasks that no executor was given for.
	 * @return the common pool, or a thread per task if the common pool has no thread
	 */
	static Executor executor() {
		return (ForkJoinPool.getCommonPoolParallelism() > 0) ? ForkJoinPool.commonPool()
				: new CompletableFuture<>().defaultExecutor();
	}

}
