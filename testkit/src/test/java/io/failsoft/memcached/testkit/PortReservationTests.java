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

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link PortReservation}.
 */
class PortReservationTests {

	@Test
	void whileReservedNobodyElseIsGivenThePortAndConnectsAreRefused() throws IOException {
		int port = freePort();
		try (PortReservation reservation = PortReservation.of(port)) {
			assertThat(reservation.isHeld()).isTrue();
			assertThatExceptionOfType(BindException.class).isThrownBy(() -> listen(port, false).close());
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new Socket(loopback(), port).close());
		}
		listen(port, false).close();
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void aServerCanListenBesideIt() throws IOException {
		int port = freePort();
		try (PortReservation reservation = PortReservation.of(port); ServerSocket server = listen(port, true)) {
			assertThat(reservation.isHeld()).isTrue();
			assertThat(server.isBound()).isTrue();
		}
	}

	@Test
	void whenSomebodyListensThenNothingIsReserved() throws IOException {
		try (ServerSocket server = listen(0, true);
				PortReservation reservation = PortReservation.of(server.getLocalPort())) {
			assertThat(reservation.isHeld()).isFalse();
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = listen(0, true)) {
			return socket.getLocalPort();
		}
	}

	private static ServerSocket listen(int port, boolean reuse) throws IOException {
		ServerSocket socket = new ServerSocket();
		try {
			socket.setReuseAddress(reuse);
			socket.bind(new InetSocketAddress(loopback(), port));
			return socket;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

	private static InetAddress loopback() throws IOException {
		return InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 });
	}

}
