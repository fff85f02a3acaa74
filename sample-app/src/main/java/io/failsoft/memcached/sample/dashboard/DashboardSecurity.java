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

import java.util.Set;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/**
 * The rules of access: everybody may look, only this machine may act. What acts on
 * processes takes a token of the dashboard as well; the change of a population does not,
 * so that {@code curl} is enough.
 */
@Configuration(proxyBeanMethods = false)
class DashboardSecurity {

	private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

	/**
	 * Creates the filters. No session is kept, so that instances behind a balancer need
	 * to share none: the token is compared with a cookie.
	 */
	@Bean
	SecurityFilterChain dashboardSecurityFilterChain(HttpSecurity http) {
		CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
		tokens.setCookieName("cities-csrf");
		tokens.setCookieCustomizer((cookie) -> cookie.sameSite("Strict"));
		return http
			.authorizeHttpRequests((requests) -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
				.permitAll()
				.anyRequest()
				.access((user, context) -> new AuthorizationDecision(isAllowed(context.getRequest()))))
			.csrf((csrf) -> csrf.csrfTokenRepository(tokens)
				.requireCsrfProtectionMatcher(PathPatternRequestMatcher.withDefaults()
					.matcher(HttpMethod.POST, DashboardController.CONTROLS + "/**")))
			.headers((headers) -> headers.contentSecurityPolicy((csp) -> csp.policyDirectives(CONTENT_SECURITY_POLICY)))
			.sessionManagement((sessions) -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.logout(AbstractHttpConfigurer::disable)
			.build();
	}

	// No list of what acts: an endpoint that is exposed later may act as well.
	private static boolean isAllowed(HttpServletRequest request) {
		return Set.of("GET", "HEAD").contains(request.getMethod()) || AtThisMachine.admits(request);
	}

}
