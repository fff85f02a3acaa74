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

package io.failsoft.memcached.benchmarks;

import java.io.Serial;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A bean with the fields of an entity: another bean, an enum, a number, dates, a list.
 * Codecs read fields, so it needs no getters.
 */
class Customer implements Serializable {

	@Serial
	private static final long serialVersionUID = 1;

	@Nullable Long id = 4711L;

	String name = "Ada Lovelace";

	String email = "ada.lovelace@example.com";

	Tier tier = Tier.PREMIUM;

	BigDecimal balance = new BigDecimal("1234.50");

	Instant createdAt = Instant.ofEpochSecond(1_700_000_000, 123_456_000);

	@Nullable Instant deletedAt;

	Address address = new Address();

	List<String> tags = new ArrayList<>(List.of("newsletter", "early access"));

	enum Tier {

		BASIC, PREMIUM

	}

	/**
	 * A bean within the bean.
	 */
	static class Address implements Serializable {

		@Serial
		private static final long serialVersionUID = 1;

		String street = "12 St James's Square";

		String city = "London";

		String zip = "SW1Y 4JH";

	}

}
