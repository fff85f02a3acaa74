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

package io.failsoft.memcached.consistency;

import io.failsoft.memcached.client.MemcachedKey;

/**
 * The keys under which a region keeps its generations. No entry has such a key.
 */
public interface RegionKeys {

	/**
	 * Where each server holds the region's generation.
	 * @return the key
	 */
	MemcachedKey generationKey();

	/**
	 * Where a server that stands in for another holds the generation of what it took
	 * over.
	 * @param home the name of the server it stands in for
	 * @return the key
	 */
	MemcachedKey takeoverGenerationKey(String home);

}
