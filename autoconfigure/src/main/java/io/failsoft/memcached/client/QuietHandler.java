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

import com.google.code.yanf4j.core.Session;
import com.google.code.yanf4j.core.impl.HandlerAdapter;

/**
 * Does nothing with a session's events: an operation completes itself when it is decoded,
 * and a session reports its end to its {@link ServerLink}. The default handler would log,
 * beat the heart and reconnect.
 */
final class QuietHandler extends HandlerAdapter {

	@Override
	public void onSessionExpired(Session session) {
		// The inherited method logs; the event is used by the session itself.
	}

}
