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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.failsoft.memcached.autoconfigure.MemcachedProperties.Discovery;
import io.failsoft.memcached.client.MemcachedConnectionDetails;
import io.failsoft.memcached.client.ServerAddress;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Adapts {@link MemcachedProperties} to {@link MemcachedConnectionDetails}.
 */
final class PropertiesMemcachedConnectionDetails implements MemcachedConnectionDetails {

	private static final String PROPERTY = "memcached.servers";

	private static final String BUNDLE = "memcached.ssl.bundle";

	private static final String FORM = "Write each server as host[:port][*weight], for example "
			+ "'cache1.example.com', 'cache1.example.com:11212*2' or '[2001:db8::1]:11211'";

	private final MemcachedProperties properties;

	private final List<ServerAddress> servers;

	private volatile @Nullable SslBundle sslBundle;

	PropertiesMemcachedConnectionDetails(MemcachedProperties properties, Environment environment,
			@Nullable SslBundles bundles) {
		this.properties = properties;
		this.sslBundle = properties.ssl().isEnabled() ? bundle(emptyToNull(properties.ssl().bundle()), bundles) : null;
		List<String> entries = properties.servers();
		if (entries.isEmpty()) {
			throw new InvalidConfigurationPropertyValueException(PROPERTY, "",
					"it names no server. " + FORM + ". To run without memcached, set memcached.enabled=false.");
		}
		refuseCredentials(entries, environment);
		boolean endpoint = properties.discovery() == Discovery.ELASTICACHE;
		Map<String, ServerAddress> byName = new LinkedHashMap<>();
		MemcachedPropertiesCheck.each(PROPERTY, entries, environment, (entry) -> {
			ServerAddress server = parse(entry);
			if (byName.putIfAbsent(server.name().toLowerCase(Locale.ROOT), server) != null) {
				throw new IllegalArgumentException("'" + entry + "' names a server that is in the list already. Name"
						+ " each server once. To give it a larger share of the keys, append a weight, as in '"
						+ server.name() + "*2'");
			}
			if (endpoint && server.weight() != 1) {
				throw new IllegalArgumentException("'" + entry + "' gives a weight to a configuration endpoint."
						+ " Remove the weight: the nodes that the endpoint names get equal shares of the keys");
			}
		});
		this.servers = List.copyOf(byName.values());
	}

	private SslBundle bundle(@Nullable String name, @Nullable SslBundles bundles) {
		if (name == null) {
			return SslBundle.systemDefault();
		}
		if (bundles == null || !bundles.getBundleNames().contains(name)) {
			throw new InvalidConfigurationPropertyValueException(BUNDLE, name,
					"there is no SSL bundle of this name. Define it below spring.ssl.bundle.");
		}
		bundles.addBundleUpdateHandler(name, (updated) -> this.sslBundle = updated);
		return bundles.getBundle(name);
	}

	private static ServerAddress parse(String entry) {
		try {
			return ServerAddress.parse(entry);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("'" + entry + "' is not a server: " + ex.getMessage() + ". " + FORM, ex);
		}
	}

	/** Comes before all else that shows an entry, or the list. */
	private static void refuseCredentials(List<String> entries, Environment environment) {
		for (int i = 0; i < entries.size(); i++) {
			String masked = entries.get(i).replaceFirst("(?s).*@", "******@").replaceFirst("(?s)\\?.*", "?******");
			if (!masked.equals(entries.get(i))) {
				throw MemcachedPropertiesCheck.secret(MemcachedPropertiesCheck.entry(PROPERTY, i, environment), masked,
						"it holds credentials or parameters. Set memcached.username and memcached.password. " + FORM
								+ ".",
						environment);
			}
		}
	}

	/**
	 * Checks what the properties or a bean of the application give.
	 * @param details the details in use
	 * @param environment the environment, to tell where a password was set
	 * @throws InvalidConfigurationPropertyValueException if they cannot be used
	 */
	static void check(MemcachedConnectionDetails details, Environment environment) {
		boolean bean = !(details instanceof PropertiesMemcachedConnectionDetails);
		String usernameProperty = bean ? "MemcachedConnectionDetails.username" : "memcached.username";
		String passwordProperty = bean ? "MemcachedConnectionDetails.password" : "memcached.password";
		String username = details.getUsername();
		String password = details.getPassword();
		if (details.getServers().isEmpty()) {
			throw new InvalidConfigurationPropertyValueException("MemcachedConnectionDetails", null,
					"it names no server. Have the bean return at least one, or remove it and set memcached.servers.");
		}
		if (StringUtils.hasLength(username) && !StringUtils.hasLength(password)) {
			throw new InvalidConfigurationPropertyValueException(usernameProperty, username,
					"it is set without a password. Set " + passwordProperty + " too, or remove this one.");
		}
		if (StringUtils.hasLength(password) && !StringUtils.hasLength(username)) {
			throw MemcachedPropertiesCheck.secret(passwordProperty, "******",
					"it is set without a user name. Set " + usernameProperty + " too, or remove this one.",
					environment);
		}
		String unusable = "it holds white space or a control character, which the text protocol cannot carry. "
				+ "Choose another one, in the file that is given to 'memcached -Y' too.";
		if (hasWhiteSpace(username)) {
			throw new InvalidConfigurationPropertyValueException(usernameProperty, username, unusable);
		}
		if (hasWhiteSpace(password)) {
			throw MemcachedPropertiesCheck.secret(passwordProperty, "******", unusable, environment);
		}
		checkBundle(details, bean ? "MemcachedConnectionDetails.sslBundle" : BUNDLE, environment);
	}

	private static void checkBundle(MemcachedConnectionDetails details, String property, Environment environment) {
		try {
			SslBundle bundle = details.getSslBundle();
			if (bundle != null) {
				bundle.createSslContext();
			}
		}
		catch (RuntimeException ex) {
			throw new InvalidConfigurationPropertyValueException(property, environment.getProperty(property),
					"it cannot be used: " + NestedExceptionUtils.getMostSpecificCause(ex).getMessage()
							+ ". Check its files and passwords.");
		}
	}

	private static boolean hasWhiteSpace(@Nullable String credential) {
		return credential != null && credential.chars().anyMatch((c) -> c <= ' ' || c == 127);
	}

	@Override
	public List<ServerAddress> getServers() {
		return this.servers;
	}

	@Override
	public @Nullable String getUsername() {
		return emptyToNull(this.properties.username());
	}

	@Override
	public @Nullable String getPassword() {
		return emptyToNull(this.properties.password());
	}

	@Override
	public @Nullable SslBundle getSslBundle() {
		return this.sslBundle;
	}

	private static @Nullable String emptyToNull(@Nullable String text) {
		return (text == null || text.isEmpty()) ? null : text;
	}

	@Override
	public String toString() {
		return this.properties.toString();
	}

}
