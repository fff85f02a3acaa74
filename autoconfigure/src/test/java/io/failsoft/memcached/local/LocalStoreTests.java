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

package io.failsoft.memcached.local;

import java.util.SplittableRandom;

import io.failsoft.memcached.client.MemcachedKey;
import io.failsoft.memcached.local.LocalStore.Kept;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link LocalStore}.
 */
class LocalStoreTests {

	private static final MemcachedKey KEY = MemcachedKey.of("key");

	private final LocalStore<byte[]> store = new LocalStore<>(1 << 20, (value) -> value.length);

	private static Kept<byte[]> kept(int size, long time) {
		return new Kept<>(new byte[size], time, 0, 0);
	}

	@Test
	void itsWeightStaysBelowTheMaximumHoweverManyKeysThereAre() {
		SplittableRandom random = new SplittableRandom(7);
		for (int i = 0; i < 20_000; i++) {
			this.store.keep(MemcachedKey.of("key" + i), kept(1 + random.nextInt(50_000), i));
			assertThat(this.store.weight()).isLessThanOrEqualTo(1 << 20);
		}
		assertThat(this.store.weight()).isGreaterThan(1 << 19);
		assertThat(this.store.evictions()).isGreaterThan(19_000);
	}

	@Test
	void theWeightCountsKeysAndWhatAnEntryTakesBesideItsValue() {
		this.store.keep(KEY, kept(1000, 0));
		assertThat(this.store.weight()).isEqualTo(1000 + KEY.bytes().length + 200);
	}

	@Test
	void aValueThatIsTooLargeTakesThePlaceOfNoneAndLeavesNoOlderOne() {
		this.store.keep(KEY, kept(10, 0));
		this.store.keep(KEY, kept((256 << 10) + 1, 1));
		assertThat(this.store.get(KEY)).isNull();
	}

	@Test
	void whatWasConfirmedEarlierDoesNotReplaceWhatWasConfirmedLater() {
		Kept<byte[]> later = kept(10, 2);
		this.store.keep(KEY, later);
		this.store.keep(KEY, kept(10, 1));
		assertThat(this.store.get(KEY)).isSameAs(later);
	}

	@Test
	void withAMaximumOfZeroItIsOff() {
		LocalStore<byte[]> off = new LocalStore<>(0, (value) -> value.length);
		assertThat(off.isEnabled()).isFalse();
		assertThat(off.get(KEY)).isNull();
		off.remove(KEY);
		assertThat(off.weight()).isZero();
	}

}
