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

package io.failsoft.memcached.sample;

import java.io.Serializable;

/**
 * A city near another. It leaves out the population on purpose: nothing it says ever
 * changes, so a cached list of neighbours cannot become stale.
 *
 * @param id the GeoNames id
 * @param name the name, in its own language
 * @param country the country's ISO 3166-1 alpha-2 code, in upper case
 * @param distanceKm the great-circle distance in kilometres
 */
public record Neighbour(long id, String name, String country, double distanceKm) implements Serializable {

}
