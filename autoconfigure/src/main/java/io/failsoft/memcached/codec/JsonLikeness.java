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

import java.util.Arrays;
import java.util.Set;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Tells whether two documents say the same, in whichever order: a set has another one
 * once it was read. Which class of the JDK a collection is does not matter either, as it
 * is read as one that equals it.
 */
final class JsonLikeness {

	private JsonLikeness() {
	}

	/**
	 * A number that is the same for documents that say the same.
	 * @param parser of a document, before its first token
	 * @return the number, which hardly any other document has
	 */
	static long of(JsonParser parser) {
		return of(parser, parser.nextToken());
	}

	/**
	 * Whether a document has one of some texts, be it as a value or as a name.
	 * @param parser of a document, before its first token
	 * @param texts what is looked for
	 * @return whether there is one
	 */
	static boolean hasAny(JsonParser parser, Set<String> texts) {
		for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
			if ((token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME)
					&& texts.contains(parser.getString())) {
				return true;
			}
		}
		return false;
	}

	private static long of(JsonParser parser, JsonToken token) {
		return switch (token) {
			case START_ARRAY -> ofArray(parser);
			case START_OBJECT -> ofObject(parser);
			case VALUE_EMBEDDED_OBJECT -> Arrays.hashCode(parser.getBinaryValue());
			case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> ofText(parser.getString());
			default -> token.name().hashCode();
		};
	}

	private static long ofArray(JsonParser parser) {
		long sum = 1;
		for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
			sum += mix(of(parser, token));
		}
		return mix(sum);
	}

	private static long ofObject(JsonParser parser) {
		long sum = 2;
		while (parser.nextToken() != JsonToken.END_OBJECT) {
			long name = ofText(parser.currentName());
			sum += mix(name * 31 + of(parser, parser.nextToken()));
		}
		return mix(sum);
	}

	private static long ofText(String text) {
		int end = text.indexOf('<');
		return DefaultClasses.contains((end != -1) ? text.substring(0, end) : text.split("#", 2)[0]) ? 0
				: text.hashCode();
	}

	/** Of SplitMix64, such that a sum tells what it is of. */
	private static long mix(long value) {
		long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

}
