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

package io.failsoft.memcached.sample.notes;

import java.util.Objects;
import java.util.Optional;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Service;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.service.registry.ImportHttpServices;

/**
 * The notes about cities, cached. Thread-safe.
 */
@Service
@Profile("notes")
@ImportHttpServices(group = "notes", types = NoteStore.class)
class NoteService {

	private final NoteStore store;

	private final Cache cache;

	NoteService(NoteStore store, CacheManager caches) {
		this.store = store;
		this.cache = Objects.requireNonNull(caches.getCache("notes"));
	}

	/**
	 * Finds a note. That there is none is cached too.
	 * @param id the city's GeoNames id
	 * @return the note, or empty if there is none
	 * @throws RestClientException if the store does not answer; nothing is cached then
	 */
	@Cacheable("notes")
	public Optional<Note> note(long id) {
		try {
			return Optional.of(this.store.find(id));
		}
		catch (HttpClientErrorException.NotFound ex) {
			return Optional.empty();
		}
	}

	/**
	 * Writes a note. It is evicted whatever comes of that: a store that does not answer
	 * may have written all the same, and a conflict says that what is cached is old.
	 * {@code @CacheEvict} would not evict after an exception, and with {@code @CachePut}
	 * the slower of two writers might leave the older note.
	 * @param id the city's GeoNames id
	 * @param note the new text, with the revision that was read
	 * @return the new revision
	 * @throws RestClientException if the note has another revision by now, or the store
	 * does not answer
	 */
	public NoteStore.Saved change(long id, Note note) {
		try {
			return this.store.save(id, note);
		}
		finally {
			this.cache.evict(id);
		}
	}

}
