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

import io.failsoft.memcached.client.MemcachedServers;
import io.failsoft.memcached.sample.CityService;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import net.javacrumbs.shedlock.spring.annotation.EnableSchedulerLock;
import net.javacrumbs.shedlock.spring.annotation.SchedulerLock;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * A job that refreshes the searches that are asked most before they expire, in one
 * instance at a time. A search lives for a minute, and the job runs more often than that,
 * so nobody waits for the database for the sake of a popular name.
 * <p>
 * <b>It cannot leave anything stale.</b> It evicts an entry and then asks for it as
 * anybody would. The load that follows carries the ticket of its miss, so if the data
 * change while it runs, the eviction that this causes refuses what it loaded. A
 * {@code @CachePut} carries no ticket: it could write what it read before a change over
 * the eviction that followed it. The price is that the few who ask for the same name
 * while the job loads it load it too.
 * <p>
 * <b>When something fails.</b> Without a memcached there is nothing to refresh, and the
 * database, which answers everything then, is left alone. If one server is lost, its
 * evictions are remembered by the starter and its loads are not stored. If the database
 * fails, the exception ends this run; it is logged, the lock is given back, and the next
 * run is due as ever. If the instance dies, its lock ends by itself.
 */
@Component
@EnableScheduling
@EnableSchedulerLock(defaultLockAtMostFor = "${sample.refresh.lock-at-most}")
class RefreshJob {

	/** The number of entries refreshed, one after the other, in one run. */
	static final int ENTRIES = 20;

	private final PopularSearches popular;

	private final CityService cities;

	private final CacheManager caches;

	private final ObjectProvider<MemcachedServers> servers;

	RefreshJob(PopularSearches popular, CityService cities, CacheManager caches,
			ObjectProvider<MemcachedServers> servers) {
		this.popular = popular;
		this.cities = cities;
		this.caches = caches;
		this.servers = servers;
	}

	/**
	 * Refreshes what this instance is asked most. Others are asked much the same.
	 */
	@Scheduled(initialDelayString = "${sample.refresh.interval}", fixedDelayString = "${sample.refresh.interval}")
	@SchedulerLock(name = "refresh", lockAtLeastFor = "${sample.refresh.lock-at-least}",
			lockAtMostFor = "${sample.refresh.lock-at-most}")
	void refresh() {
		MemcachedServers known = this.servers.getIfAvailable();
		Cache cache = this.caches.getCache("search");
		if (known == null || !known.isAlive() || cache == null) {
			return;
		}
		for (String folded : this.popular.most(ENTRIES)) {
			cache.evict(folded);
			this.cities.search(folded).join();
		}
		this.popular.fade();
	}

	/**
	 * Creates the lock, in the database, which all instances share. memcached would be no
	 * place for it: it forgets.
	 */
	@Bean
	static LockProvider lockProvider(JdbcTemplate jdbc) {
		// By the clock of the database, so that those of the instances need not agree.
		return new JdbcTemplateLockProvider(
				JdbcTemplateLockProvider.Configuration.builder().withJdbcTemplate(jdbc).usingDbTime().build());
	}

}
