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

package io.failsoft.memcached.consistency.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Visits every state that the protocol can reach within bounds, breadth first, so that
 * the first violation found is one of the shortest.
 */
final class Explorer {

	private Explorer() {
	}

	/**
	 * Explore until there is nothing new or a property is violated.
	 * @param bounds how far to explore
	 * @param rules the rules that are in force
	 * @return what was found
	 */
	static Result explore(Bounds bounds, Set<Rule> rules) {
		Protocol protocol = new Protocol(bounds, rules);
		State initial = State.initial(bounds);
		Set<State> seen = new HashSet<>();
		Queue<Node> queue = new ArrayDeque<>();
		seen.add(initial);
		queue.add(new Node(initial, null, ""));
		long steps = 0;
		for (Node node = queue.poll(); node != null; node = queue.poll()) {
			for (Step step : protocol.steps(node.state)) {
				steps++;
				if (step.violation() != null || seen.add(step.state())) {
					Node next = new Node(step.state(), node, step.words());
					if (step.violation() != null) {
						return new Result(seen.size(), steps, step.violation(), next.trace());
					}
					queue.add(next);
				}
			}
		}
		return new Result(seen.size(), steps, null, List.of());
	}

	/**
	 * A step of the system.
	 *
	 * @param words what happened
	 * @param state the state after it
	 * @param violation the property that it violates, or {@code null}
	 */
	record Step(String words, State state, @Nullable String violation) {

	}

	/**
	 * What an exploration found.
	 *
	 * @param states how many states were visited
	 * @param steps how many steps were taken
	 * @param violation the property violated, or {@code null}
	 * @param trace the steps that lead to the violation
	 */
	record Result(int states, long steps, @Nullable String violation, List<String> trace) {

		@Override
		public String toString() {
			StringBuilder words = new StringBuilder();
			for (int i = 0; i < this.trace.size(); i++) {
				words.append(String.format("%n  %2d. %s", i + 1, this.trace.get(i)));
			}
			return this.states + " states, " + this.steps + " steps: "
					+ ((this.violation != null) ? this.violation + words : "no violation");
		}

	}

	private record Node(State state, @Nullable Node parent, String words) {

		List<String> trace() {
			List<String> trace = new ArrayList<>();
			for (Node node = this; node != null && node.parent != null; node = node.parent) {
				trace.add(node.words);
			}
			Collections.reverse(trace);
			return trace;
		}

	}

}
