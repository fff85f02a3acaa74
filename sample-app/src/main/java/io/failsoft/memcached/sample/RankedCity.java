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
 * A city and its place among the cities of its country.
 *
 * @param rank 1 for the city with most inhabitants; cities with equally many share a rank
 * @param id the GeoNames id
 * @param name the name, in its own language
 * @param population number of inhabitants
 * @param share the city's share, 0 to 1, of the population of all the country's cities
 */
public record RankedCity(int rank, long id, String name, long population, double share) implements Serializable {

}
