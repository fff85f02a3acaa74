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

/**
 * What is written in place of an {@link Optional}, which is not serializable.
 *
 * @param kind which of the four: {@code O}, {@code I}, {@code L} or {@code D}
 * @param value the value, or {@code null} for an empty one
 */
record OptionalForm(char kind, @Nullable Object value) implements Serializable {

	static @Nullable OptionalForm of(Object object) {
		if (object instanceof Optional<?> optional) {
			return new OptionalForm('O', optional.orElse(null));
		}
		if (object instanceof OptionalInt optional) {
			return new OptionalForm('I', optional.isPresent() ? optional.getAsInt() : null);
		}
		if (object instanceof OptionalLong optional) {
			return new OptionalForm('L', optional.isPresent() ? optional.getAsLong() : null);
		}
		if (object instanceof OptionalDouble optional) {
			return new OptionalForm('D', optional.isPresent() ? optional.getAsDouble() : null);
		}
		return null;
	}

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
