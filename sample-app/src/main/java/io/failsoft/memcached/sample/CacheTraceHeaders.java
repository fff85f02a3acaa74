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

package io.failsoft.memcached.sample;

import java.util.Locale;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Tells in the headers of each answer to a {@code GET} whether it came from the cache
 * ({@code X-Cache: hit} or {@code miss}) and how long finding it took
 * ({@code X-Time-Ms}), and counts it.
 */
@ControllerAdvice
class CacheTraceHeaders implements HandlerInterceptor, WebMvcConfigurer, ResponseBodyAdvice<Object> {

	private static final String TRACED = CacheTraceHeaders.class.getName();

	private final Traffic traffic;

	CacheTraceHeaders(Traffic traffic) {
		this.traffic = traffic;
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this).addPathPatterns("/cities/**", "/countries/**");
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		// Starts the clock. An asynchronous answer passes here twice and keeps its trace.
		request.setAttribute(TRACED, CacheTrace.ofThisRequest());
		return true;
	}

	@Override
	public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converterType) {
		return true;
	}

	@Override
	public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter returnType,
			MediaType selectedContentType, Class<? extends HttpMessageConverter<?>> selectedConverterType,
			ServerHttpRequest request, ServerHttpResponse response) {
		if (HttpMethod.GET.equals(request.getMethod()) && !isRefused(response)
				&& request.getAttributes().get(TRACED) instanceof CacheTrace trace) {
			response.getHeaders().set("X-Cache", trace.isHit() ? "hit" : "miss");
			response.getHeaders().set("X-Time-Ms", String.format(Locale.ROOT, "%.1f", trace.elapsedMillis()));
			this.traffic.answered(trace);
		}
		return body;
	}

	/**
	 * Whether the request was refused for what it says, before any cache was asked.
	 */
	private static boolean isRefused(ServerHttpResponse response) {
		return response instanceof ServletServerHttpResponse servletResponse
				&& servletResponse.getServletResponse().getStatus() == HttpStatus.BAD_REQUEST.value();
	}

}
