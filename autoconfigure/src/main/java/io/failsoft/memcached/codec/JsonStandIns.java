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

import java.lang.reflect.Modifier;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Collections and entries of the JDK that only a view, a wrapper or another collection
 * makes, such as sublists and the values of a map. They are written under the name of one
 * that Jackson can make, which equals them.
 */
final class JsonStandIns {

	private static final String COLLECTIONS = "java.util.Collections$";

	private static final String IMMUTABLE = "java.util.ImmutableCollections$";

	private JsonStandIns() {
	}

	/**
	 * The class under whose name values of a class are written.
	 * @param type a class
	 * @return another, or the same
	 */
	static Class<?> of(Class<?> type) {
		if (!isHidden(type) || isKnown(type.getName())) {
			return type;
		}
		if (Map.Entry.class.isAssignableFrom(type)) {
			return AbstractMap.SimpleImmutableEntry.class;
		}
		return Map.class.isAssignableFrom(type) ? map(type) : collection(type);
	}

	private static boolean isHidden(Class<?> type) {
		String packageName = type.getPackageName();
		return (packageName.equals("java.util") || packageName.equals("java.util.concurrent"))
				&& (!Modifier.isPublic(type.getModifiers()) || type == ConcurrentHashMap.KeySetView.class);
	}

	/** Whether Jackson itself has a way for it. */
	private static boolean isKnown(String name) {
		if (name.startsWith(IMMUTABLE)) {
			return !name.equals(IMMUTABLE + "SubList");
		}
		if (!name.startsWith(COLLECTIONS)) {
			return name.equals("java.util.Arrays$ArrayList");
		}
		String simple = name.substring(COLLECTIONS.length());
		return simple.indexOf('$') == -1 && !simple.equals("UnmodifiableCollection")
				&& (simple.startsWith("Unmodifiable") || simple.startsWith("Synchronized")
						|| simple.startsWith("Singleton") || simple.startsWith("Empty"));
	}

	private static Class<?> map(Class<?> type) {
		if (ConcurrentNavigableMap.class.isAssignableFrom(type)) {
			return ConcurrentSkipListMap.class;
		}
		return SortedMap.class.isAssignableFrom(type) ? TreeMap.class : LinkedHashMap.class;
	}

	private static Class<?> collection(Class<?> type) {
		if (!Collection.class.isAssignableFrom(type) || Queue.class.isAssignableFrom(type)
				|| EnumSet.class.isAssignableFrom(type)) {
			return type;
		}
		if (Set.class.isAssignableFrom(type)) {
			return SortedSet.class.isAssignableFrom(type) ? TreeSet.class : LinkedHashSet.class;
		}
		return ArrayList.class;
	}

}
