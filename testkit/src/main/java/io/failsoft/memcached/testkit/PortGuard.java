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

package io.failsoft.memcached.testkit;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a server's port reserved while the server is down. Not safe for use by several
 * threads.
 */
final class PortGuard implements AutoCloseable {

	private @Nullable PortReservation reservation;

	/**
	 * Reserves a port, if that is possible. Does nothing if one is reserved.
	 * @param port the port
	 */
	void reserve(int port) {
		if (this.reservation == null) {
			this.reservation = PortReservation.of(port);
		}
	}

	/**
	 * Lets a server listen. Where none can beside the reservation, that ends already.
	 */
	void admitListener() {
		if (!PortReservation.admitsListener()) {
			close();
		}
	}

	boolean isHeld() {
		return this.reservation != null && this.reservation.isHeld();
	}

	/**
	 * Ends the reservation, if there is one. Another may follow.
	 */
	@Override
	public void close() {
		if (this.reservation != null) {
			this.reservation.close();
			this.reservation = null;
		}
	}

}
