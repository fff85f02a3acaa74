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
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A bean with getters and setters, as entities are.
 */
class Customer implements Serializable {

	@Serial
	private static final long serialVersionUID = 1;

	private @Nullable Long id;

	private String name = "";

	private String email = "";

	private Tier tier = Tier.BASIC;

	private BigDecimal balance = BigDecimal.ZERO;

	private Instant createdAt = Instant.EPOCH;

	private @Nullable Instant deletedAt;

	private Address address = new Address();

	private List<String> tags = new ArrayList<>();

	static Customer sample() {
		Customer customer = new Customer();
		customer.setId(4711L);
		customer.setName("Ada Lovelace");
		customer.setEmail("ada.lovelace@example.com");
		customer.setTier(Tier.PREMIUM);
		customer.setBalance(new BigDecimal("1234.50"));
		customer.setCreatedAt(Instant.ofEpochSecond(1_700_000_000, 123_456_000));
		Address address = new Address();
		address.street = "12 St James's Square";
		address.city = "London";
		address.zip = "SW1Y 4JH";
		customer.setAddress(address);
		customer.setTags(new ArrayList<>(List.of("newsletter", "early access")));
		return customer;
	}

	@Nullable Long getId() {
		return this.id;
	}

	void setId(@Nullable Long id) {
		this.id = id;
	}

	String getName() {
		return this.name;
	}

	void setName(String name) {
		this.name = name;
	}

	String getEmail() {
		return this.email;
	}

	void setEmail(String email) {
		this.email = email;
	}

	Tier getTier() {
		return this.tier;
	}

	void setTier(Tier tier) {
		this.tier = tier;
	}

	BigDecimal getBalance() {
		return this.balance;
	}

	void setBalance(BigDecimal balance) {
		this.balance = balance;
	}

	Instant getCreatedAt() {
		return this.createdAt;
	}

	void setCreatedAt(Instant createdAt) {
		this.createdAt = createdAt;
	}

	@Nullable Instant getDeletedAt() {
		return this.deletedAt;
	}

	void setDeletedAt(@Nullable Instant deletedAt) {
		this.deletedAt = deletedAt;
	}

	Address getAddress() {
		return this.address;
	}

	void setAddress(Address address) {
		this.address = address;
	}

	List<String> getTags() {
		return this.tags;
	}

	void setTags(List<String> tags) {
		this.tags = tags;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Customer that && Objects.equals(this.id, that.id) && this.name.equals(that.name)
				&& this.email.equals(that.email) && this.tier == that.tier && this.balance.equals(that.balance)
				&& this.createdAt.equals(that.createdAt) && Objects.equals(this.deletedAt, that.deletedAt)
				&& this.address.equals(that.address) && this.tags.equals(that.tags);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.id);
	}

	enum Tier {

		BASIC, PREMIUM

	}

	/**
	 * Where a customer lives.
	 */
	static class Address implements Serializable {

		@Serial
		private static final long serialVersionUID = 1;

		private String street = "";

		private String city = "";

		private String zip = "";

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Address that && this.street.equals(that.street) && this.city.equals(that.city)
					&& this.zip.equals(that.zip);
		}

		@Override
		public int hashCode() {
			return Objects.hash(this.street, this.city, this.zip);
		}

	}

}
