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

package io.failsoft.memcached.annotations;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the annotations of JSR-107 do through Spring's support of them.
 */
abstract class JsrAnnotationsContract extends BookshopContract {

	private JsrBooks books() {
		return shop().bean(JsrBooks.class);
	}

	private void assertCalls(int calls) {
		assertThat(shop().calls().count()).as("calls of the method itself").isEqualTo(calls);
	}

	private static void assertOutOfPrint(Runnable invocation) {
		assertThatExceptionOfType(OutOfPrint.class).isThrownBy(invocation::run);
	}

	@Test
	void aSecondCallIsAHit() {
		assertThat(books().find("1")).isEqualTo(new Book("1", 1));
		assertThat(books().find("1")).isEqualTo(new Book("1", 1));
		assertThat(books().find("2")).isEqualTo(new Book("2", 2));
		assertThat(books().find("none")).isNull();
		assertThat(books().find("none")).isNull();
		assertCalls(3);
	}

	@Test
	void onlyWhatIsMarkedIsInTheKey() {
		assertThat(books().findByKey("1", "a")).isEqualTo(new Book("1a", 1));
		assertThat(books().findByKey("1", "b")).isEqualTo(new Book("1a", 1));
		assertCalls(1);
	}

	@Test
	void aResultThatSkipsTheGetReplacesWhatIsCached() {
		books().find("1");
		assertThat(books().refresh("1")).isEqualTo(new Book("1", 2));
		assertThat(books().find("1")).isEqualTo(new Book("1", 2));
		assertCalls(2);
	}

	@Test
	void anExceptionIsCachedWhereAskedFor() {
		assertOutOfPrint(() -> books().findOrFail("out 1"));
		assertOutOfPrint(() -> books().findOrFail("out 1"));
		assertCalls(1);
		assertOutOfPrint(() -> books().find("out 2"));
		assertOutOfPrint(() -> books().find("out 2"));
		assertCalls(3);
	}

	@Test
	void aPutStoresItsArgument() {
		Book book = new Book("stored", 0);
		books().store("1", book);
		assertThat(books().find("1")).isEqualTo(book);
		assertOutOfPrint(() -> books().store("out 1", book));
		assertThat(cache("jsr").get("out 1")).as("also if the method fails").isNotNull();
		assertOutOfPrint(() -> books().storeUnlessOutOfPrint("out 2", book));
		assertThat(cache("jsr").get("out 2")).isNull();
		assertOutOfPrint(() -> books().storeFirst("out 3", book));
		assertThat(books().find("out 3")).isEqualTo(book);
	}

	@Test
	void aRemovalRemovesOneEntry() {
		books().find("1");
		books().find("2");
		books().remove("1");
		assertCalls(3);
		books().find("2");
		assertCalls(3);
		books().find("1");
		assertCalls(4);
	}

	@Test
	void aRemovalMayDependOnWhatTheMethodThrows() {
		for (String isbn : List.of("out 1", "out 2", "out 3")) {
			cache("jsr").put(isbn, new Book("cached", 0));
		}
		assertOutOfPrint(() -> books().remove("out 1"));
		assertThat(cache("jsr").get("out 1")).as("also if the method fails").isNull();
		assertOutOfPrint(() -> books().removeUnlessOutOfPrint("out 2"));
		assertThat(cache("jsr").get("out 2")).isNotNull();
		assertOutOfPrint(() -> books().removeFirst("out 3"));
		assertThat(cache("jsr").get("out 3")).isNull();
	}

	@Test
	void aRemovalOfAllLeavesOtherCachesAlone() {
		books().find("1");
		books().removeAllOthers();
		books().find("1");
		assertCalls(2);
		books().removeAll();
		books().find("1");
		assertCalls(4);
	}

}
