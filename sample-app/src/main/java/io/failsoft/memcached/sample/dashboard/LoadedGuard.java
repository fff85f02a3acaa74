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

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * A guard that turns questions away with 503 until the data are loaded. An answer out of
 * half a table would be wrong, and, cached, would stay wrong afterwards.
 */
@Component
class LoadedGuard implements HandlerInterceptor, WebMvcConfigurer {

	private final CityLoader loader;

	LoadedGuard(CityLoader loader) {
		this.loader = loader;
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this)
			.addPathPatterns("/cities/**", "/countries/**", "/dashboard/search", DashboardController.CONTROLS + "/load",
					DashboardController.CONTROLS + "/database")
			.order(-1);
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (!this.loader.isDone()) {
			response.setHeader(HttpHeaders.RETRY_AFTER, "1");
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, String.format(Locale.ROOT,
					"The cities are being loaded: %d of %d are there.", this.loader.loaded(), CityLoader.TOTAL));
		}
		return true;
	}

}
