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

package io.failsoft.memcached.client;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The servers at one time, and the ring over them. Immutable but for the servers' states.
 *
 * @param servers the servers
 * @param ring the ring, whose owners are indexes into the list of the servers
 */
record Membership(List<DefaultServer> servers, Ring ring) {

	Membership(List<DefaultServer> servers) {
		this(List.copyOf(servers), new Ring(servers.stream().map(DefaultServer::address).toList()));
	}

	DefaultServer home(long hash) {
		return this.servers.get(this.ring.home(hash));
	}

	@Nullable DefaultServer failoverServer(long hash) {
		int point = this.ring.point(hash);
		int home = this.ring.owner(point);
		if (!isAliveBesides(home)) {
			return null;
		}
		for (int i = 0; i < this.ring.size(); i++) {
			point = this.ring.next(point);
			int owner = this.ring.owner(point);
			if (owner != home && this.servers.get(owner).link() != null) {
				return this.servers.get(owner);
			}
		}
		return null;
	}

	boolean isAlive() {
		return isAliveBesides(-1);
	}

	private boolean isAliveBesides(int home) {
		for (int i = 0; i < this.servers.size(); i++) {
			if (i != home && this.servers.get(i).link() != null) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns the share of the keys that a server is home to.
	 * @return 0 if it is none of these servers
	 */
	double share(Server server) {
		int index = this.servers.indexOf(server);
		return (index >= 0) ? this.ring.share(index) : 0;
	}

	/**
	 * Returns the servers that are home to keys that another server was home to before.
	 * Between two neighbouring points of both rings all keys have one home in each.
	 * @param before the servers before
	 * @return those that gained keys
	 */
	Set<DefaultServer> gainedSince(Membership before) {
		Set<DefaultServer> gained = new LinkedHashSet<>();
		for (Ring points : List.of(before.ring, this.ring)) {
			for (int i = 0; i < points.size(); i++) {
				long hash = points.hash(i);
				DefaultServer was = before.home(hash);
				DefaultServer is = home(hash);
				if (was != is) {
					gained.add(is);
				}
			}
		}
		return gained;
	}

}
