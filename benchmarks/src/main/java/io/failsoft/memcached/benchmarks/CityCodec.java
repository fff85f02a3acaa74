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

package io.failsoft.memcached.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.failsoft.memcached.codec.ValueCodec;

/**
 * A codec as an application may write one by hand for a class of its own.
 */
final class CityCodec implements ValueCodec {

	@Override
	public int id() {
		return 4711;
	}

	@Override
	public byte[] encode(Object value) {
		City city = (City) value;
		byte[] name = city.name().getBytes(StandardCharsets.UTF_8);
		byte[] country = city.country().getBytes(StandardCharsets.UTF_8);
		byte[] text = city.text().getBytes(StandardCharsets.UTF_8);
		ByteBuffer out = ByteBuffer.allocate(40 + name.length + country.length + text.length);
		out.putLong(city.id()).putDouble(city.latitude()).putDouble(city.longitude()).putInt(city.population());
		put(out, name);
		put(out, country);
		put(out, text);
		return out.array();
	}

	private static void put(ByteBuffer out, byte[] text) {
		out.putInt(text.length).put(text);
	}

	@Override
	public Object decode(byte[] bytes, int offset, int length) {
		ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
		long id = in.getLong();
		double latitude = in.getDouble();
		double longitude = in.getDouble();
		int population = in.getInt();
		return new City(id, text(in), text(in), latitude, longitude, population, text(in));
	}

	private static String text(ByteBuffer in) {
		int length = in.getInt();
		String text = new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
		in.position(in.position() + length);
		return text;
	}

}
