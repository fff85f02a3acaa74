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

import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.HttpClientErrorException.BadRequest;
import org.springframework.web.client.HttpClientErrorException.Conflict;
import org.springframework.web.client.RestClientException;

/**
 * The HTTP interface of the notes. Thread-safe.
 */
@RestController
@Profile("notes")
class NotesController {

	private final NoteService notes;

	NotesController(NoteService notes) {
		this.notes = notes;
	}

	@GetMapping("/notes/{id}")
	ResponseEntity<Note> note(@PathVariable long id) {
		return ResponseEntity.of(this.notes.note(id));
	}

	@PutMapping("/notes/{id}")
	NoteStore.Saved change(@PathVariable long id, @RequestBody Note note) {
		return this.notes.change(id, note);
	}

	@ExceptionHandler
	ProblemDetail failed(RestClientException ex) {
		if (ex instanceof Conflict || ex instanceof BadRequest) {
			return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT,
					"Read the note, and send the _rev it has now.");
		}
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "The store of notes does not answer.");
	}

}
