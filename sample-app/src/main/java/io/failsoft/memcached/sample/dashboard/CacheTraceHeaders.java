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

package io.failsoft.memcached.sample.dashboard;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * The headers of each answer to a {@code GET} that tell if it came from the cache
 * ({@code X-Cache: hit}, {@code miss} or {@code stale}) and how long finding it took
 * ({@code X-Time-Ms}). Each answer is counted as well.
 */
@ControllerAdvice
class CacheTraceHeaders implements ResponseBodyAdvice<Object> {

	private final Traffic traffic;

	CacheTraceHeaders(Traffic traffic) {
		this.traffic = traffic;
	}

	@Override
	public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converterType) {
		return true;
	}

	@Override
	public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter returnType,
			MediaType selectedContentType, Class<? extends HttpMessageConverter<?>> selectedConverterType,
			ServerHttpRequest request, ServerHttpResponse response) {
		if (HttpMethod.GET.equals(request.getMethod())
				&& request.getAttributes().get(CacheTrace.ATTRIBUTE) instanceof CacheTrace trace) {
			response.getHeaders().set("X-Cache", trace.outcome());
			response.getHeaders().set("X-Time-Ms", String.format(Locale.ROOT, "%.1f", trace.elapsedMillis()));
			this.traffic.answered(trace);
		}
		return body;
	}

}
