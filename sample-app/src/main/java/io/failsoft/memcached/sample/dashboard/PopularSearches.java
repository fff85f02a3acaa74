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

package io.failsoft.memcached.sample.dashboard;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.failsoft.memcached.sample.City;

import org.springframework.stereotype.Component;

/**
 * The searches that this instance is asked most, by the algorithm Space-Saving: whatever
 * is asked, no more than {@value #CAPACITY} counters are kept, and a search that makes up
 * more than one in {@value #CAPACITY} of all is surely among them. Thread-safe.
 */
@Component
final class PopularSearches {

	static final int CAPACITY = 100;

	private final Map<String, Long> counts = new HashMap<>();

	/**
	 * Counts a search.
	 * @param folded the text, folded by {@link City#fold}
	 */
	synchronized void asked(String folded) {
		Long count = this.counts.get(folded);
		if (count == null && this.counts.size() == CAPACITY) {
			// The newcomer takes the place, and the count, of the one asked least.
			String least = this.counts.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
			count = this.counts.remove(least);
		}
		this.counts.put(folded, (count != null) ? count + 1 : 1);
	}

	/**
	 * Returns the searches asked most, more than once.
	 * @param limit how many at most
	 * @return the folded texts, the one asked most first
	 */
	synchronized List<String> most(int limit) {
		return this.counts.entrySet()
			.stream()
			.filter((each) -> each.getValue() > 1)
			.sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
				.thenComparing(Map.Entry.comparingByKey()))
			.limit(limit)
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Halves all counts, so that what is asked no more is forgotten.
	 */
	synchronized void fade() {
		this.counts.replaceAll((folded, count) -> count / 2);
		this.counts.values().removeIf((count) -> count == 0);
	}

}
