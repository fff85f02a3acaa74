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

package io.failsoft.memcached.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjLongConsumer;

import io.failsoft.memcached.client.OperationListener;
import io.failsoft.memcached.client.Reply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OperationListenersTests {

	private final List<String> told = new ArrayList<>();

	private final OperationListener recorder = (server, operation) -> {
		this.told.add("begun");
		return (reply, nanos) -> this.told.add("ended");
	};

	@Test
	void whenOneListenerThrowsThenTheOthersAreToldAllTheSame() {
		IllegalStateException failure = new IllegalStateException("broken");
		List<OperationListener> broken = List.of((server, operation) -> {
			throw failure;
		}, (server, operation) -> (reply, nanos) -> {
			throw failure;
		});
		for (OperationListener listener : broken) {
			this.told.clear();
			OperationListener all = OperationListeners
				.all(List.of(this.recorder, listener, (server, operation) -> null, this.recorder));
			ObjLongConsumer<Reply> watch = all.begun("a:1", "get");
			assertThat(watch).isNotNull();
			assertThatThrownBy(() -> end(watch)).as("so that it is logged").isSameAs(failure);
			assertThat(this.told).containsExactly("begun", "begun", "ended", "ended");
		}
	}

	@Test
	void whereNobodyWatchesNobodyIsToldOfTheEnd() {
		assertThat(OperationListeners.all(List.of((server, operation) -> null, (server, operation) -> null))
			.begun("a:1", "set")).isNull();
	}

	@SuppressWarnings("NullAway")
	private static void end(@Nullable ObjLongConsumer<Reply> watch) {
		Reply none = null;
		watch.accept(none, 0);
	}

}
