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

package io.failsoft.memcached.codec;

import java.io.Serial;
import java.io.Serializable;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Sort;

/**
 * What is written in place of {@link Pageable#unpaged()}, which is not serializable but
 * part of every page that was not asked for as one.
 *
 * @param sort the order of the elements
 */
record UnpagedForm(@Nullable Sort sort) implements Serializable {

	static Object of(Object object) {
		return (object instanceof Pageable pageable && pageable.isUnpaged()) ? new UnpagedForm(pageable.getSort())
				: object;
	}

	@Serial
	private Object readResolve() {
		return Pageable.unpaged((this.sort != null) ? this.sort : Sort.unsorted());
	}

}
