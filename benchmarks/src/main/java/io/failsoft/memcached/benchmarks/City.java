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

package io.failsoft.memcached.benchmarks;

import java.io.Serializable;

/**
 * A row of a table, about 200 bytes in plain Java serialization.
 *
 * @param id the row's number
 * @param name a name
 * @param country a code
 * @param latitude degrees
 * @param longitude degrees
 * @param population a number
 * @param text a longer text
 */
record City(long id, String name, String country, double latitude, double longitude, int population,
		String text) implements Serializable {

}
