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

package io.failsoft.memcached.codec;

/**
 * The codecs of this library.
 */
public final class Codecs {

	private Codecs() {
	}

	/**
	 * What a codec is called in {@code memcached.cache.codec}, if it is one of this
	 * library.
	 * @param codec the codec
	 * @return {@code jdk}, {@code json} or {@code smile}, else the simple name of its
	 * class
	 */
	public static String nameOf(ValueCodec codec) {
		if (codec.getClass().getPackage() == Codecs.class.getPackage() && codec.id() <= JacksonCodec.SMILE) {
			return (codec.id() == JacksonCodec.SMILE) ? "smile" : (codec.id() == JacksonCodec.JSON) ? "json" : "jdk";
		}
		return codec.getClass().getSimpleName();
	}

	/**
	 * Creates the default codec: Java serialization in a compact form of its own. It
	 * takes every {@link java.io.Serializable} and, within one,
	 * {@link java.util.Optional}. A value whose class has since changed does not read.
	 * @param classLoader the application's class loader, which finds the classes
	 * @param allowed the classes that may be written and read
	 * @return a thread-safe codec for values of up to 32 MB
	 */
	public static ValueCodec jdk(ClassLoader classLoader, AllowedClasses allowed) {
		return jdk(classLoader, allowed, 32 << 20);
	}

	/**
	 * Creates the default codec, as {@link #jdk(ClassLoader, AllowedClasses)} does.
	 * @param classLoader the application's class loader, which finds the classes
	 * @param allowed the classes that may be written and read
	 * @param maximumSize the most bytes that a value may take on writing, and that its
	 * arrays and tables may take on reading
	 * @return a thread-safe codec
	 */
	public static ValueCodec jdk(ClassLoader classLoader, AllowedClasses allowed, int maximumSize) {
		return new JdkCodec(classLoader, allowed, maximumSize);
	}

	/**
	 * JSON by Jackson 3, which must be on the class path. See {@link JacksonCodec}.
	 * @param classLoader the application's class loader, which finds the classes
	 * @param allowed the classes that may be written and read
	 * @return a thread-safe codec
	 */
	public static ValueCodec json(ClassLoader classLoader, AllowedClasses allowed) {
		return JacksonCodec.json(classLoader, allowed);
	}

	/**
	 * Smile, a binary form of JSON, by Jackson 3 and its format, which must be on the
	 * class path. See {@link JacksonCodec}.
	 * @param classLoader the application's class loader, which finds the classes
	 * @param allowed the classes that may be written and read
	 * @return a thread-safe codec
	 */
	public static ValueCodec smile(ClassLoader classLoader, AllowedClasses allowed) {
		return JacksonCodec.smile(classLoader, allowed);
	}

}
