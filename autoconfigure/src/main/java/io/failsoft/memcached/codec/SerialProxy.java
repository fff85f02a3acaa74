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
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Sort;

/**
 * Replaces objects that are not serializable but common within those that are.
 */
final class SerialProxy {

	private SerialProxy() {
	}

	static Object of(Object object) {
		if (object instanceof Optional<?> optional) {
			return new OfOptional('O', optional.orElse(null));
		}
		if (object instanceof OptionalInt optional) {
			return new OfOptional('I', optional.isPresent() ? optional.getAsInt() : null);
		}
		if (object instanceof OptionalLong optional) {
			return new OfOptional('L', optional.isPresent() ? optional.getAsLong() : null);
		}
		if (object instanceof OptionalDouble optional) {
			return new OfOptional('D', optional.isPresent() ? optional.getAsDouble() : null);
		}
		// By name, as Spring Data may not be there.
		return object.getClass().getName().equals("org.springframework.data.domain.Unpaged")
				? new OfUnpaged(((Pageable) object).getSort()) : object;
	}

	/**
	 * The serial form of an {@link Optional} and its kin.
	 *
	 * @param kind which of the four: {@code O}, {@code I}, {@code L} or {@code D}
	 * @param value the value, or {@code null} for an empty one
	 */
	record OfOptional(char kind, @Nullable Object value) implements Serializable {

		@Serial
		private Object readResolve() {
			return switch (this.kind) {
				case 'I' -> (this.value != null) ? OptionalInt.of((Integer) this.value) : OptionalInt.empty();
				case 'L' -> (this.value != null) ? OptionalLong.of((Long) this.value) : OptionalLong.empty();
				case 'D' -> (this.value != null) ? OptionalDouble.of((Double) this.value) : OptionalDouble.empty();
				default -> Optional.ofNullable(this.value);
			};
		}

	}

	/**
	 * The serial form of {@link Pageable#unpaged()}, which is part of every page that was
	 * not asked for as one.
	 *
	 * @param sort the order of the elements
	 */
	record OfUnpaged(@Nullable Sort sort) implements Serializable {

		@Serial
		private Object readResolve() {
			return Pageable.unpaged((this.sort != null) ? this.sort : Sort.unsorted());
		}

	}

}
