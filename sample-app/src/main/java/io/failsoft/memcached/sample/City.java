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

package io.failsoft.memcached.sample;

import java.io.Serializable;
import java.text.Normalizer;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A city. Immutable, and serializable because it is cached.
 *
 * @param id the GeoNames id
 * @param name the name, in its own language
 * @param country the country's ISO 3166-1 alpha-2 code, in upper case
 * @param population number of inhabitants, 0 if it is not known
 * @param latitude degrees north, WGS84
 * @param longitude degrees east, WGS84
 */
public record City(long id, String name, String country, long population, double latitude,
		double longitude) implements Serializable {

	/**
	 * Folds a name, so that a search ignores case and accents: lower case, no diacritics,
	 * letters that have no decomposition by their usual Latin spelling, white space
	 * collapsed.
	 * @param name any text
	 * @return the folded text; folding it again changes nothing
	 */
	public static String fold(String name) {
		return Normalizer.normalize(name, Normalizer.Form.NFKD)
			.toLowerCase(Locale.ROOT)
			.codePoints()
			.filter((character) -> Character.getType(character) != Character.NON_SPACING_MARK)
			.mapToObj(City::latin)
			.collect(Collectors.joining())
			.strip()
			.replaceAll("\\s+", " ");
	}

	private static String latin(int character) {
		return switch (character) {
			case 'ß' -> "ss";
			case 'æ' -> "ae";
			case 'œ' -> "oe";
			case 'þ' -> "th";
			case 'ø' -> "o";
			case 'ł' -> "l";
			case 'đ', 'ð' -> "d";
			case 'ħ' -> "h";
			case 'ı' -> "i";
			case '‘', '’', 'ʻ', 'ʼ', '`' -> "'";
			default -> Character.toString(character);
		};
	}

}
