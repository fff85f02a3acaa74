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

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultInstantiatorStrategy;
import com.esotericsoftware.kryo.util.Pool;
import io.failsoft.memcached.codec.ValueCodec;
import org.objenesis.strategy.StdInstantiatorStrategy;

/**
 * Kryo without registration, which takes any class. Nothing bounds what it reads.
 */
final class KryoCandidate implements ValueCodec {

	private static final int MAX_OUTPUT = 1 << 20;

	private final Pool<Kryo> pool = new Pool<>(true, false, 16) {

		@Override
		protected Kryo create() {
			Kryo kryo = new Kryo();
			kryo.setRegistrationRequired(false);
			kryo.setReferences(true);
			kryo.setInstantiatorStrategy(new DefaultInstantiatorStrategy(new StdInstantiatorStrategy()));
			return kryo;
		}

	};

	private final Pool<Output> outputs = new Pool<>(true, false, 16) {

		@Override
		protected Output create() {
			return new Output(512, MAX_OUTPUT);
		}

	};

	@Override
	public int id() {
		return 4714;
	}

	@Override
	public byte[] encode(Object value) {
		Kryo kryo = this.pool.obtain();
		Output output = this.outputs.obtain();
		try {
			kryo.writeClassAndObject(output, value);
			return output.toBytes();
		}
		finally {
			output.reset();
			this.outputs.free(output);
			this.pool.free(kryo);
		}
	}

	@Override
	public Object decode(byte[] bytes, int offset, int length) {
		Kryo kryo = this.pool.obtain();
		try {
			return kryo.readClassAndObject(new Input(bytes, offset, length));
		}
		finally {
			this.pool.free(kryo);
		}
	}

}
