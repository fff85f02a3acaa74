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

import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.rmi.server.ObjID;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import javax.management.BadAttributeValueExpException;

import io.failsoft.memcached.cache.MemcachedCacheException.Reason;
import io.failsoft.memcached.cache.MemcachedCacheManager;
import io.failsoft.memcached.testkit.MemcachedServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Somebody who can write to a real memcached puts deserialization gadgets there, in
 * envelopes as good as the application's own. They are misses, counted as refused, and
 * nothing of them is instantiated.
 */
@ExtendWith(OutputCaptureExtension.class)
class GadgetsIT {

	private static MemcachedServer server;

	private static ValuesApplication application;

	@BeforeAll
	static void start() {
		server = MemcachedServer.start();
		application = ValuesApplication.start(server, List.of(Attacker.class));
	}

	@AfterAll
	static void stop() {
		application.close();
		server.close();
	}

	private static Map<String, Object> gadgets() throws Exception {
		Map<Object, Object> urls = new HashMap<>();
		urls.put(URI.create("http://127.0.0.1:1/").toURL(), "x");
		Map<String, Object> gadgets = new HashMap<>();
		gadgets.put("a class that is not allowed", new JdkCodecTests.Gadget());
		gadgets.put("it within a list", List.of(new JdkCodecTests.Gadget()));
		gadgets.put("a map of URLs", urls);
		gadgets.put("BadAttributeValueExpException", new BadAttributeValueExpException("x"));
		gadgets.put("an object of RMI", new ObjID());
		gadgets.put("a proxy", Proxy.newProxyInstance(GadgetsIT.class.getClassLoader(),
				new Class<?>[] { Runnable.class }, new JdkCodecTests.Handler()));
		gadgets.put("a lambda", (Supplier<String> & Serializable) () -> "a");
		return gadgets;
	}

	private static void assertMissAndOverwritten(String codec, String id) throws Exception {
		long refused = application.statistics(codec).getFailures(Reason.CLASS_REFUSED);
		assertThat(application.call(codec, id, () -> "right")).as(id).isEqualTo("right");
		assertThat(application.statistics(codec).getFailures(Reason.CLASS_REFUSED)).as(id).isEqualTo(refused + 1);
		assertThat(application.call(codec, id, () -> "called again")).as(id).isEqualTo("right");
	}

	@Test
	void streamsOfGadgetsAreMisses() throws Exception {
		JdkCodecTests.Gadget.executions.set(0);
		for (Map.Entry<String, Object> gadget : gadgets().entrySet()) {
			attacker("jdk").put(gadget.getKey(), ForgedStream.of(gadget.getValue()));
			assertMissAndOverwritten("jdk", gadget.getKey());
		}
		byte[] lazy = ForgedStream.replace(ForgedStream.of(new Samples.Circle(1)), Samples.Circle.class.getName(),
				"io.failsoft.memcached.codec.Initializer$It");
		attacker("jdk").put("initializer", lazy);
		assertMissAndOverwritten("jdk", "initializer");
		assertThat(JdkCodecTests.Gadget.executions).hasValue(0);
		assertThat(System.getProperty("failsoft.initialized")).isNull();
	}

	@ParameterizedTest
	@EnumSource
	void typesOfGadgetsForJacksonAreMisses(JacksonCodecType type) throws Exception {
		String cache = type.name().toLowerCase(Locale.ROOT);
		for (String gadget : List.of(
				"['com.sun.rowset.JdbcRowSetImpl',{'dataSourceName':'ldap://127.0.0.1:1/x','autoCommit':true}]",
				"['org.springframework.context.support.ClassPathXmlApplicationContext','http://127.0.0.1:1/x.xml']",
				"['org.springframework.context.support.FileSystemXmlApplicationContext','http://127.0.0.1:1/x.xml']",
				"['javax.naming.InitialContext',{}]", "['javax.naming.ldap.Rdn$RdnEntry',{}]",
				"['com.zaxxer.hikari.HikariConfig',{'metricRegistry':'ldap://127.0.0.1:1/x'}]",
				"['ch.qos.logback.core.db.JNDIConnectionSource',{'jndiLocation':'ldap://127.0.0.1:1/x'}]",
				"['com.mchange.v2.c3p0.JndiRefForwardingDataSource',{'jndiName':'ldap://127.0.0.1:1/x'}]",
				"['org.apache.xalan.xsltc.trax.TemplatesImpl',{}]", "['javax.swing.JEditorPane',{}]",
				"['java.net.URL','http://127.0.0.1:1/']", "['java.util.ArrayList',[['java.io.File','x']]]")) {
			String json = gadget.replace('\'', '"');
			attacker(cache).put(gadget, type.bytes(json));
			assertMissAndOverwritten(cache, gadget);
		}
	}

	@Test
	void onWritingTheyAreReturnedAndTheLineToAddIsNamed(CapturedOutput output) throws Exception {
		for (Map.Entry<String, Object> gadget : gadgets().entrySet()) {
			long refused = application.statistics("jdk").getFailures(Reason.CLASS_REFUSED);
			String id = "write " + gadget.getKey();
			assertThat(application.values().jdk(id, gadget::getValue)).isSameAs(gadget.getValue());
			assertThat(application.statistics("jdk").getFailures(Reason.CLASS_REFUSED)).as(id).isEqualTo(refused + 1);
		}
		try (ValuesApplication quiet = ValuesApplication.start(server)) {
			Object value = new JdkCodecTests.Gadget();
			assertThat(quiet.values().jdk("line", () -> value)).isSameAs(value);
		}
		assertThat(output).contains("memcached.cache.allowed-classes: " + JdkCodecTests.Gadget.class.getName());
	}

	private static Cache attacker(String name) {
		return Objects.requireNonNull(application.bean("attacker", MemcachedCacheManager.class).getCache(name));
	}

	/**
	 * Writes bytes as they are, in the name of the application's codecs.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Attacker {

		@Bean(defaultCandidate = false)
		MemcachedCacheManager attacker(MemcachedCacheManager.Builder builder) {
			return builder.cache("jdk", builder.settings("jdk").toBuilder().codec(new Raw(1)).build())
				.cache("json", builder.settings("json").toBuilder().codec(new Raw(JacksonCodecType.JSON.id())).build())
				.cache("smile",
						builder.settings("smile").toBuilder().codec(new Raw(JacksonCodecType.SMILE.id())).build())
				.build();
		}

	}

	private record Raw(int id) implements ValueCodec {

		@Override
		public byte[] encode(Object value) {
			return (byte[]) value;
		}

		@Override
		public Object decode(byte[] bytes, int offset, int length) {
			throw new ValueCodecException("never read", null);
		}

	}

}
