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

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;

/**
 * The dashboard: a page, what keeps it up to date, and what its buttons do. Thread-safe.
 */
@Controller
class DashboardController {

	/** Below this path are the requests that act on processes. */
	static final String CONTROLS = "/dashboard/controls";

	private static final int SHOWN = 8;

	private static final int MAX_NAME_LENGTH = 100;

	private final CityService cities;

	private final Live live;

	private final Load load;

	private final Traffic traffic;

	private final PopularSearches popular;

	private final ObjectProvider<OwnServers> ownServers;

	DashboardController(CityService cities, Live live, Load load, Traffic traffic, PopularSearches popular,
			ObjectProvider<OwnServers> ownServers) {
		this.cities = cities;
		this.live = live;
		this.load = load;
		this.traffic = traffic;
		this.popular = popular;
		this.ownServers = ownServers;
	}

	@GetMapping("/")
	String page(HttpServletRequest request, Model model) {
		boolean atThisMachine = AtThisMachine.admits(request);
		model.addAttribute("servers", this.live.servers());
		model.addAttribute("load", this.load.progress());
		model.addAttribute("maxRate", Load.MAX_RATE);
		model.addAttribute("total", CityLoader.TOTAL);
		model.addAttribute("atThisMachine", atThisMachine);
		model.addAttribute("controllable", atThisMachine && this.ownServers.getIfAvailable() != null);
		return "dashboard";
	}

	@GetMapping("/dashboard/live")
	@ResponseBody
	Live.State live(@RequestParam(defaultValue = "0") long second, @RequestParam(defaultValue = "0") long line) {
		return this.live.after(second, line);
	}

	@GetMapping("/dashboard/search")
	CompletableFuture<ModelAndView> search(@RequestParam String name) {
		String folded = CityNames.fold(name);
		if (folded.isEmpty() || folded.length() > MAX_NAME_LENGTH) {
			return CompletableFuture.completedFuture(new ModelAndView("found"));
		}
		CacheTrace trace = CacheTrace.ofThisRequest();
		this.popular.asked(folded);
		return this.cities.search(folded, trace).thenApply((found) -> {
			this.traffic.answered(trace);
			return found(name, found, trace);
		});
	}

	@PostMapping(CONTROLS + "/servers/{name}/{action}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void act(@PathVariable String name, @PathVariable String action) {
		if (!own().act(name, action(action))) {
			throw notFound("This application started no server '" + name + "'.");
		}
	}

	@PostMapping(CONTROLS + "/servers/{action}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void actOnAll(@PathVariable String action) {
		own().actOnAll(action(action));
	}

	@PostMapping(CONTROLS + "/load")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void turnLoad(@RequestParam int rate) {
		this.load.turnTo(rate);
	}

	private static ModelAndView found(String name, List<City> found, CacheTrace trace) {
		return new ModelAndView("found").addObject("name", name)
			.addObject("cities", found.subList(0, Math.min(SHOWN, found.size())))
			.addObject("count", found.size())
			.addObject("max", CityService.MAX_RESULTS)
			.addObject("hit", trace.isHit())
			.addObject("millis", String.format(Locale.ROOT, "%.1f", trace.elapsedMillis()));
	}

	private OwnServers own() {
		OwnServers servers = this.ownServers.getIfAvailable();
		if (servers == null) {
			throw notFound("The servers are none of this application's own.");
		}
		return servers;
	}

	private static OwnServers.Action action(String name) {
		try {
			return OwnServers.Action.valueOf(name.toUpperCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			throw notFound("A server can be killed, hung or revived, but not '" + name + "'.");
		}
	}

	private static ResponseStatusException notFound(String message) {
		return new ResponseStatusException(HttpStatus.NOT_FOUND, message);
	}

}
