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

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * What was asked for does not exist: 404, with a problem detail that says what.
 */
@SuppressWarnings("serial")
final class NotFoundException extends ResponseStatusException {

	private NotFoundException(String message) {
		super(HttpStatus.NOT_FOUND, message);
	}

	static NotFoundException city(long id) {
		return new NotFoundException("There is no city with id " + id + ".");
	}

	static NotFoundException country(String code) {
		return new NotFoundException("There is no country with code '" + code + "' that has cities.");
	}

}
