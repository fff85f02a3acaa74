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

package io.failsoft.memcached.client;

/**
 * Is told how an operation ended, as its caller learns it. What {@link OperationListener}
 * has to be, this has to be, too.
 */
@FunctionalInterface
public interface OperationWatch {

	/**
	 * An operation has its outcome. Called once per operation, on the client's I/O thread
	 * if the server answered, else on the thread that gave up.
	 * @param reply the outcome
	 * @param nanos how long it took, in nanoseconds; 0 if it was refused at once as too
	 * much was under way
	 */
	void ended(Reply reply, long nanos);

}
