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

package io.failsoft.memcached.cache;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.KeysetScrollPosition;
import org.springframework.data.domain.Limit;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Range;
import org.springframework.data.domain.Sort;
import org.springframework.data.domain.Sort.NullHandling;
import org.springframework.data.domain.Sort.Order;
import org.springframework.data.geo.Box;
import org.springframework.data.geo.Circle;
import org.springframework.data.geo.Distance;
import org.springframework.data.geo.Point;
import org.springframework.data.geo.Polygon;
import org.springframework.data.util.Pair;

/**
 * The parts of what Spring Data's queries are asked for, whose {@code toString()} is
 * ambiguous or rounds. Used for Spring Data's own classes only, so that it may be absent.
 */
final class SpringDataKeys {

	private SpringDataKeys() {
	}

	static @Nullable KeyParts parts(Class<?> type) {
		if (type == Pair.class) {
			return (key) -> List.of(((Pair<?, ?>) key).getFirst(), ((Pair<?, ?>) key).getSecond());
		}
		if (type == Range.class) {
			return (key) -> range((Range<?>) key);
		}
		if (type == Range.Bound.class) {
			return (key) -> List.of(((Range.Bound<?>) key).getValue(), ((Range.Bound<?>) key).isInclusive());
		}
		if (type == Sort.class) {
			return (key) -> orders((Sort) key);
		}
		if (type == Order.class) {
			return (key) -> order((Order) key);
		}
		if (type == PageRequest.class) {
			return (key) -> page((PageRequest) key);
		}
		if (type.getName().equals("org.springframework.data.domain.Unpaged")) {
			return (key) -> List.of(((Pageable) key).getSort());
		}
		if (Limit.class.isAssignableFrom(type)) {
			return (key) -> ((Limit) key).isLimited() ? List.of(((Limit) key).max()) : List.of();
		}
		if (type == KeysetScrollPosition.class) {
			return (key) -> List.of(((KeysetScrollPosition) key).getKeys(),
					((KeysetScrollPosition) key).getDirection());
		}
		return geometry(type);
	}

	private static @Nullable KeyParts geometry(Class<?> type) {
		if (type == Point.class) {
			return (key) -> List.of(((Point) key).getX(), ((Point) key).getY());
		}
		if (type == Distance.class) {
			return (key) -> List.of(((Distance) key).getValue(), ((Distance) key).getMetric());
		}
		if (type == Circle.class) {
			return (key) -> List.of(((Circle) key).getCenter(), ((Circle) key).getRadius());
		}
		if (type == Box.class) {
			return (key) -> List.of(((Box) key).getFirst(), ((Box) key).getSecond());
		}
		if (type == Polygon.class) {
			return (key) -> ((Polygon) key).getPoints();
		}
		return null;
	}

	private static List<Object> range(Range<?> range) {
		Range.Bound<?> lower = range.getLowerBound();
		Range.Bound<?> upper = range.getUpperBound();
		return List.of(lower.getValue(), lower.isInclusive(), upper.getValue(), upper.isInclusive());
	}

	private static List<Object> page(PageRequest page) {
		return List.of(page.getPageNumber(), page.getPageSize(), page.getSort());
	}

	private static List<Object> orders(Sort sort) {
		List<Object> orders = new ArrayList<>();
		for (Order order : sort) {
			// Short, as a key with the class name of each part would become a digest.
			orders.add((order.getClass() == Order.class) ? order(order) : order);
		}
		return orders;
	}

	private static List<Object> order(Order order) {
		List<Object> parts = new ArrayList<>(List.of(order.getProperty(), order.getDirection().name()));
		if (order.isIgnoreCase()) {
			parts.add("IGNORE_CASE");
		}
		if (order.getNullHandling() != NullHandling.NATIVE) {
			parts.add(order.getNullHandling().name());
		}
		return parts;
	}

}
