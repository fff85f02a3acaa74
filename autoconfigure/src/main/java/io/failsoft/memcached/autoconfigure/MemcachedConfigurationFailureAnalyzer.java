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

package io.failsoft.memcached.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Explains a {@link MemcachedConfigurationException}, with the place where the property
 * was set.
 */
class MemcachedConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<MemcachedConfigurationException> {

	private final @Nullable Environment environment;

	MemcachedConfigurationFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MemcachedConfigurationException cause) {
		StringBuilder description = new StringBuilder("The memcached cache cannot be configured:\n\n");
		description.append("    Property: ").append(cause.getProperty()).append('\n');
		ConfigurationPropertyName name = ConfigurationPropertyName.isValid(cause.getProperty())
				? ConfigurationPropertyName.of(cause.getProperty()) : null;
		ConfigurationProperty written = lookUp(name);
		if (cause.getValue() != null) {
			description.append("    Value: \"").append(asWritten(written, cause.getValue())).append("\"\n");
		}
		if (written == null && name != null && name.isLastElementIndexed()) {
			written = lookUp(name.getParent());
		}
		if (written != null && written.getOrigin() != null) {
			description.append("    Origin: ").append(written.getOrigin()).append('\n');
		}
		description.append("    Reason: it ").append(cause.getReason());
		return new FailureAnalysis(description.toString(), cause.getAction(), cause);
	}

	/**
	 * The value in the words of who set it: 400000d rather than 34560000000s.
	 */
	private String asWritten(@Nullable ConfigurationProperty written, String value) {
		return (this.environment != null && written != null && written.getValue() instanceof CharSequence text)
				? this.environment.resolvePlaceholders(text.toString()) : value;
	}

	private @Nullable ConfigurationProperty lookUp(@Nullable ConfigurationPropertyName name) {
		if (this.environment != null && name != null) {
			for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
				ConfigurationProperty found = source.getConfigurationProperty(name);
				if (found != null) {
					return found;
				}
			}
		}
		return null;
	}

}
