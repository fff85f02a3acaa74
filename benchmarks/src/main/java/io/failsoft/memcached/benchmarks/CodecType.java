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

import java.util.Locale;

import io.failsoft.memcached.codec.ValueCodec;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * The codecs that are compared.
 */
enum CodecType {

	/** Java serialization as it is, without any filter. */
	PLAIN("Java serialization"),

	/** The default: Java serialization in the compact form. */
	JDK("`jdk`"),

	/** JSON by Jackson. */
	JSON("`json`"),

	/** Smile by Jackson. */
	SMILE("`smile`"),

	/** The other binary format of Jackson. */
	CBOR("CBOR"),

	/** Kryo without registration, limits or a filter. */
	KRYO("Kryo");

	private final String title;

	CodecType(String title) {
		this.title = title;
	}

	static CodecType of(String name) {
		return valueOf(name.toUpperCase(Locale.ROOT));
	}

	String title() {
		return this.title;
	}

	String parameter() {
		return name().toLowerCase(Locale.ROOT);
	}

	ValueCodec create() {
		return switch (this) {
			case PLAIN -> new PlainCodec();
			case JDK -> Failsoft.jdk();
			case JSON -> Failsoft.json();
			case SMILE -> Failsoft.smile();
			case CBOR -> new JacksonCandidate(CBORMapper.builder());
			case KRYO -> new KryoCandidate();
		};
	}

}
