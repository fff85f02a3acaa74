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

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.client.ServerSnapshot;
import io.failsoft.memcached.sample.City;
import io.failsoft.memcached.sample.CityService;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

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

	private static final String ACTION = "/{action:kill|hang|revive}";

	private static final int SHOWN = 8;

	private final CityService cities;

	private final CityLoader loader;

	private final Load load;

	private final ReserveSwitch reserve;

	private final DatabaseSwitch database;

	private final Traffic traffic;

	private final StarterLog log;

	private final ObjectProvider<MemcachedServers> servers;

	private final ObjectProvider<OwnServers> ownServers;

	DashboardController(CityService cities, CityLoader loader, Load load, ReserveSwitch reserve,
			DatabaseSwitch database, Traffic traffic, StarterLog log, ObjectProvider<MemcachedServers> servers,
			ObjectProvider<OwnServers> ownServers) {
		this.cities = cities;
		this.loader = loader;
		this.load = load;
		this.reserve = reserve;
		this.database = database;
		this.traffic = traffic;
		this.log = log;
		this.servers = servers;
		this.ownServers = ownServers;
	}

	@GetMapping("/")
	String page(HttpServletRequest request, Model model) {
		boolean atThisMachine = AtThisMachine.admits(request);
		model.addAttribute("servers", servers());
		model.addAttribute("load", this.load.progress());
		model.addAttribute("maxRate", Load.MAX_RATE);
		model.addAttribute("total", CityLoader.TOTAL);
		model.addAttribute("atThisMachine", atThisMachine);
		model.addAttribute("controllable", atThisMachine && this.ownServers.getIfAvailable() != null);
		return "dashboard";
	}

	@GetMapping("/dashboard/live")
	@ResponseBody
	Live live(@RequestParam(defaultValue = "0") long second, @RequestParam(defaultValue = "0") long line) {
		this.load.watched();
		return new Live(this.loader.isDone(), this.loader.loaded(), servers(), this.load.progress(),
				this.reserve.isOn(), this.database.isOn(), this.traffic.after(second), this.log.after(line));
	}

	@GetMapping("/dashboard/search")
	CompletableFuture<ModelAndView> search(@RequestParam String name) {
		String folded = City.fold(name);
		if (folded.isEmpty()) {
			return CompletableFuture.completedFuture(new ModelAndView("found"));
		}
		CacheTrace trace = CacheTrace.ofThisRequest();
		return this.cities.search(folded).thenApply((found) -> {
			this.traffic.answered(trace);
			return new ModelAndView("found").addObject("name", name)
				.addObject("cities", found.subList(0, Math.min(SHOWN, found.size())))
				.addObject("count", found.size())
				.addObject("max", CityService.MAX_RESULTS)
				.addObject("outcome", trace.outcome())
				.addObject("millis", String.format(Locale.ROOT, "%.1f", trace.elapsedMillis()));
		});
	}

	@PostMapping({ CONTROLS + "/servers" + ACTION, CONTROLS + "/servers/{name}" + ACTION })
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void act(@PathVariable(required = false) @Nullable String name, @PathVariable String action) {
		OwnServers own = this.ownServers.getIfAvailable();
		if (own == null || !own.act(name, OwnServers.Action.valueOf(action.toUpperCase(Locale.ROOT)))) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "This application started no such server.");
		}
	}

	@PostMapping(CONTROLS + "/load")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void turnLoad(@RequestParam int rate) {
		this.load.turnTo(rate);
	}

	@PostMapping(CONTROLS + "/reserve")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void turnReserve(@RequestParam(defaultValue = "false") boolean without) {
		this.reserve.turn(!without);
	}

	@PostMapping(CONTROLS + "/database")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void turnDatabase(@RequestParam boolean away) {
		this.database.turn(!away);
	}

	private List<ServerState> servers() {
		MemcachedServers known = this.servers.getIfAvailable();
		return (known != null) ? known.snapshots().stream().map(this::server).toList() : List.of();
	}

	private ServerState server(ServerSnapshot snapshot) {
		OwnServers own = this.ownServers.getIfAvailable();
		OwnServers.Condition process = (own != null) ? own.condition(snapshot.name()) : OwnServers.Condition.FOREIGN;
		Duration latency = snapshot.latency();
		return new ServerState(snapshot.name(), lower(snapshot.state()), snapshot.lastFailure(),
				(latency != null) ? latency.toNanos() / 1e6 : null, lower(process));
	}

	private static String lower(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

	/**
	 * The state of the application and what is new since the page asked last.
	 *
	 * @param ready {@code true} once the cities are loaded
	 * @param loaded how many were loaded so far
	 * @param servers the servers in the order of the configuration; none if memcached is
	 * off
	 * @param load how the load goes
	 * @param reserve whether the caches have their reserve
	 * @param database whether this application has its database
	 * @param seconds what happened in the seconds since
	 * @param log the lines logged since
	 */
	record Live(boolean ready, int loaded, List<ServerState> servers, Load.Progress load, boolean reserve,
			boolean database, List<Traffic.Second> seconds, List<StarterLog.Line> log) {

	}

	/**
	 * The state of a server.
	 *
	 * @param name {@code host:port}
	 * @param state what the starter makes of it: {@code connecting}, {@code up},
	 * {@code down} or {@code closed}
	 * @param lastFailure why it was last lost, or {@code null} if it never was
	 * @param latencyMillis moving average of its answer time, or {@code null}
	 * @param process what the process really does: {@code running}, {@code hanging},
	 * {@code dead}, or {@code foreign} if it is none of this application's
	 */
	record ServerState(String name, String state, @Nullable String lastFailure, @Nullable Double latencyMillis,
			String process) {

	}

}
