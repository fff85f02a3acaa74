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

import java.util.List;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import tools.jackson.core.Version;
import tools.jackson.databind.JacksonModule;

import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.SliceImpl;
import org.springframework.data.domain.Sort;
import org.springframework.data.geo.Box;
import org.springframework.data.geo.Circle;
import org.springframework.data.geo.Distance;
import org.springframework.data.geo.Metric;
import org.springframework.data.geo.Point;
import org.springframework.data.geo.Polygon;
import org.springframework.util.ClassUtils;

/**
 * Tells Jackson by which constructors pages, sorts and shapes of Spring Data are built.
 */
final class JsonPages extends JacksonModule {

	private JsonPages() {
	}

	static List<JacksonModule> modules(ClassLoader classLoader) {
		return ClassUtils.isPresent(StandIns.UNPAGED, classLoader) ? List.of(new JsonPages()) : List.of();
	}

	@Override
	public String getModuleName() {
		return "failsoft-memcached-pages";
	}

	@Override
	public Version version() {
		return Version.unknownVersion();
	}

	@Override
	public void setupModule(SetupContext context) {
		context.setMixIn(PageImpl.class, PageForm.class);
		context.setMixIn(SliceImpl.class, SliceForm.class);
		context.setMixIn(PageRequest.class, RequestForm.class);
		context.setMixIn(Pageable.unpaged().getClass(), UnpagedForm.class);
		context.setMixIn(Sort.class, SortForm.class);
		context.setMixIn(Sort.Order.class, OrderForm.class);
		context.setMixIn(Point.class, PointForm.class);
		context.setMixIn(Box.class, BoxForm.class);
		context.setMixIn(Circle.class, CircleForm.class);
		context.setMixIn(Distance.class, DistanceForm.class);
		context.setMixIn(Polygon.class, PolygonForm.class);
	}

	@SuppressWarnings("unused")
	private static final class PageForm {

		@JsonCreator
		PageForm(@JsonProperty("content") List<?> content, @JsonProperty("pageable") Pageable pageable,
				@JsonProperty("total") long total) {
		}

	}

	@SuppressWarnings("unused")
	private static final class SliceForm {

		@JsonCreator
		SliceForm(@JsonProperty("content") List<?> content, @JsonProperty("pageable") Pageable pageable,
				@JsonProperty("hasNext") boolean hasNext) {
		}

	}

	@SuppressWarnings("unused")
	private static final class RequestForm {

		@JsonCreator
		RequestForm(@JsonProperty("pageNumber") int number, @JsonProperty("pageSize") int size,
				@JsonProperty("sort") Sort sort) {
		}

	}

	@SuppressWarnings("unused")
	private static final class UnpagedForm {

		@JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
		UnpagedForm(@JsonProperty("sort") Sort sort) {
		}

	}

	@SuppressWarnings("unused")
	private static final class SortForm {

		@JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
		SortForm(@JsonProperty("orders") List<Sort.Order> orders) {
		}

	}

	@SuppressWarnings("unused")
	private static final class OrderForm {

		@JsonCreator
		OrderForm(@JsonProperty("direction") Sort.Direction direction, @JsonProperty("property") String property,
				@JsonProperty("ignoreCase") boolean ignoreCase,
				@JsonProperty("nullHandling") Sort.NullHandling nullHandling) {
		}

	}

	@SuppressWarnings("unused")
	private static final class PointForm {

		@JsonCreator
		PointForm(@JsonProperty("x") double x, @JsonProperty("y") double y) {
		}

	}

	@SuppressWarnings("unused")
	private static final class BoxForm {

		@JsonCreator
		BoxForm(@JsonProperty("first") Point first, @JsonProperty("second") Point second) {
		}

	}

	@SuppressWarnings("unused")
	private static final class CircleForm {

		@JsonCreator
		CircleForm(@JsonProperty("center") Point center, @JsonProperty("radius") Distance radius) {
		}

	}

	@SuppressWarnings("unused")
	private static final class DistanceForm {

		@JsonCreator
		DistanceForm(@JsonProperty("value") double value, @JsonProperty("metric") Metric metric) {
		}

	}

	@SuppressWarnings("unused")
	private static final class PolygonForm {

		@JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
		PolygonForm(@JsonProperty("points") List<? extends Point> points) {
		}

	}

}
