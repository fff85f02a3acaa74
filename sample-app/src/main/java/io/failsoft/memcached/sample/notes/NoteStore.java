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

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * A database of CouchDB, asked by Spring's {@code RestClient}. Its address and timeouts
 * are in {@code application-notes.yml}: without timeouts a store that hangs would hold
 * each thread that asks. Without the header CouchDB says that its JSON is text.
 */
@HttpExchange(url = "/{id}", accept = "application/json")
interface NoteStore {

	@GetExchange
	Note find(@PathVariable long id);

	@PutExchange
	Saved save(@PathVariable long id, @RequestBody Note note);

	/**
	 * The answer to a change.
	 *
	 * @param id the note's id
	 * @param rev its new revision
	 */
	record Saved(String id, String rev) {

	}

}
