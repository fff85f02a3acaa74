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

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.smile.SmileMapper;

/**
 * The codecs that share their rules, and what an attacker writes in the form of each.
 */
enum JacksonCodecType {

	JSON(2), SMILE(3);

	private final int id;

	JacksonCodecType(int id) {
		this.id = id;
	}

	int id() {
		return this.id;
	}

	ValueCodec create(ClassLoader loader, AllowedClasses allowed) {
		return switch (this) {
			case JSON -> Codecs.json(loader, allowed);
			case SMILE -> Codecs.smile(loader, allowed);
		};
	}

	MapperBuilder<?, ?> mapper() {
		return switch (this) {
			case JSON -> JsonMapper.builder();
			case SMILE -> SmileMapper.builder();
		};
	}

	/**
	 * Bytes of a document in which types are written as an array of the name and the
	 * value, for the sake of whoever reads the test.
	 * @param json the text
	 * @return the bytes
	 */
	byte[] bytes(String json) {
		JsonMapper mapper = JsonMapper.builder().build();
		JsonNode node = named(mapper.readTree(json));
		return switch (this) {
			case JSON -> mapper.writeValueAsBytes(node);
			case SMILE -> SmileMapper.builder().build().writeValueAsBytes(node);
		};
	}

	private static JsonNode named(JsonNode node) {
		if (node instanceof ArrayNode array) {
			if (array.size() == 2 && array.get(0).isString()) {
				return JsonNodeFactory.instance.objectNode().set(array.get(0).asString(), named(array.get(1)));
			}
			ArrayNode elements = JsonNodeFactory.instance.arrayNode();
			array.forEach((element) -> elements.add(named(element)));
			return elements;
		}
		if (node instanceof ObjectNode object) {
			ObjectNode fields = JsonNodeFactory.instance.objectNode();
			object.properties().forEach((field) -> fields.set(field.getKey(), named(field.getValue())));
			return fields;
		}
		return node;
	}

}
