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

import java.text.Normalizer;
import java.util.Locale;

/**
 * Folds names so that searching ignores case and accents.
 */
final class CityNames {

	private CityNames() {
	}

	/**
	 * Fold a name: lower case, without diacritics, letters that have no decomposition
	 * replaced by their usual Latin spelling, white space collapsed.
	 * @param name any text
	 * @return the folded text; folding it again changes nothing
	 */
	static String fold(String name) {
		String decomposed = Normalizer.normalize(name, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
		StringBuilder folded = new StringBuilder(decomposed.length());
		for (int i = 0; i < decomposed.length(); i++) {
			char character = decomposed.charAt(i);
			if (Character.getType(character) == Character.NON_SPACING_MARK) {
				continue;
			}
			switch (character) {
				case 'ß' -> folded.append("ss");
				case 'æ' -> folded.append("ae");
				case 'œ' -> folded.append("oe");
				case 'þ' -> folded.append("th");
				case 'ø' -> folded.append('o');
				case 'ł' -> folded.append('l');
				case 'đ', 'ð' -> folded.append('d');
				case 'ħ' -> folded.append('h');
				case 'ı' -> folded.append('i');
				case '‘', '’', 'ʻ', 'ʼ', '`' -> folded.append('\'');
				default -> folded.append(character);
			}
		}
		return folded.toString().strip().replaceAll("\\s+", " ");
	}

}
