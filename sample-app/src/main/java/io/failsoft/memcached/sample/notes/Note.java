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

import java.io.Serializable;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A note, as the store has it. Immutable, and serializable because it is cached.
 *
 * @param rev the store's name for this state of the note, which a change has to send;
 * {@code null} for a note that is not stored yet
 * @param text the text
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Note(@JsonProperty("_rev") @Nullable String rev, String text) implements Serializable {

	public Note {
		Objects.requireNonNull(text, "text is missing");
	}

}
