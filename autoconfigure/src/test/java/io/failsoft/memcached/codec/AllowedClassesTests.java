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

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link AllowedClasses}.
 */
class AllowedClassesTests {

	@ParameterizedTest
	@ValueSource(strings = { "int", "[I", "[[J", "void", "java.lang.String", "[Ljava.lang.String;", "java.lang.Integer",
			"[[Ljava.lang.Long;", "java.util.ArrayList", "java.util.CollSer", "java.util.ImmutableCollections$ListN",
			"java.util.concurrent.ConcurrentHashMap$Segment", "java.util.concurrent.locks.ReentrantLock",
			"java.util.concurrent.atomic.AtomicLong", "java.util.EnumSet$SerializationProxy", "java.math.BigDecimal",
			"java.time.Ser", "java.time.chrono.HijrahDate", "java.sql.Timestamp", "java.net.URI", "java.util.Locale",
			"sun.util.calendar.ZoneInfo", "org.springframework.data.domain.PageImpl",
			"org.springframework.data.domain.Sort$Order", "org.hibernate.collection.spi.PersistentBag",
			"org.hibernate.proxy.pojo.bytebuddy.SerializableProxy", "kotlin.Pair", "kotlin.collections.EmptyList",
			"org.springframework.cache.support.NullValue", "org.springframework.cache.interceptor.SimpleKey",
			"java.lang.RuntimeException", "[Ljava.lang.StackTraceElement;" })
	void valuesOfTheJdkAndOfWellKnownLibrariesAreAllowed(String name) {
		assertThat(AllowedClasses.of(List.of()).isAllowed(name)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "com.acme.Foo", "[Lcom.acme.Foo;", "[[Lcom.acme.Foo;", "java.net.URL", "java.io.File",
			"java.lang.ProcessBuilder", "java.lang.Thread", "java.lang.Error", "java.utilities.Foo", "java.timer.Foo",
			"", "[", "[L;", "[X", "[Ljava.lang.String", "java.util.concurrent.atomic.sub.Foo",
			"org.springframework.data.domain.sub.Foo", "kotlin.jvm.internal.Lambda" })
	void anythingElseIsNot(String name) {
		assertThat(AllowedClasses.of(List.of()).isAllowed(name)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "javax.management.BadAttributeValueExpException", "java.lang.Runtime",
			"java.lang.reflect.Proxy", "java.security.SignedObject", "java.beans.EventHandler",
			"com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl", "java.rmi.server.UnicastRemoteObject",
			"javax.naming.CompositeName", "sun.rmi.server.UnicastRef", "com.sun.rowset.JdbcRowSetImpl",
			"org.apache.commons.collections.functors.InvokerTransformer",
			"org.apache.commons.collections4.functors.InvokerTransformer", "org.apache.commons.collections.map.LazyMap",
			"org.apache.commons.beanutils.BeanComparator", "org.codehaus.groovy.runtime.MethodClosure",
			"org.springframework.aop.framework.AdvisedSupport",
			"org.springframework.beans.factory.support.DefaultListableBeanFactory",
			"org.hibernate.engine.spi.TypedValue", "com.mchange.v2.c3p0.WrapperConnectionPoolDataSource",
			"com.fasterxml.jackson.databind.node.POJONode", "clojure.lang.PersistentArrayMap", "bsh.Interpreter" })
	void knownGadgetsAreRefusedAsNoPatternBringsThemIn(String name) {
		AllowedClasses allowed = AllowedClasses.of(List.of("com.acme"), List.of("com.acme.**"));
		assertThat(allowed.isAllowed(name)).isFalse();
		assertThat(allowed.isAllowed("[L" + name + ";")).isFalse();
		String[] parts = name.split("\\.");
		for (String pattern : List.of("**", parts[0] + ".**", parts[0] + "." + parts[1] + ".**")) {
			if (!pattern.startsWith("clojure.lang") && !pattern.startsWith("bsh.Interpreter")) {
				assertThatIllegalArgumentException().as(pattern).isThrownBy(() -> AllowedClasses.of(List.of(pattern)));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "java.**", "java.*", "java.lang.**", "java.util.*", "javax.**", "javax.management.*",
			"jakarta.**", "jdk.**", "sun.misc.**", "com.sun.rowset.**", "com.**", "org.**", "io.**", "net.*", "acme.**",
			"org.springframework.**", "org.apache.**", "org.apache.commons.**", "org.hibernate.**", "com.google.*" })
	void aPatternThatIsTooBroadIsRefusedWithTheRemedy(String pattern) {
		assertThatIllegalArgumentException().isThrownBy(() -> AllowedClasses.of(List.of(pattern)))
			.withMessageContaining("'" + pattern + "'")
			.withMessageContaining("name the classes that are cached, or a narrower package");
	}

	@Test
	void theApplicationsOwnPackageMayHaveAShortName() {
		AllowedClasses allowed = AllowedClasses.of(List.of("shop"), List.of());
		assertThat(List.of("shop.Cart", "shop.model.Item", "[Lshop.Cart;")).allMatch(allowed::isAllowed);
		assertThat(List.of("shopping.Cart", "Shop")).noneMatch(allowed::isAllowed);
	}

	@ParameterizedTest
	@ValueSource(strings = { "java.lang.invoke.SerializedLambda", "jdk.proxy1.$Proxy7", "com.acme.$Proxy7",
			"com.acme.Foo$$Lambda/0x123", "com.acme.Foo$$Lambda$14/0x123", "[Ljava.lang.invoke.SerializedLambda;" })
	void lambdasAndProxiesAreRefusedWhateverIsAllowed(String name) {
		AllowedClasses allowed = AllowedClasses
			.of(List.of("java.lang.invoke.SerializedLambda", "com.acme.**", "jdk.proxy1.$Proxy7"));
		assertThat(allowed.isAllowed(name)).isFalse();
		assertThat(allowed.refusal(name)).hasMessageContaining("never cached")
			.hasMessageNotContaining("allowed-classes")
			.satisfies((ex) -> assertThat(ex.isRefused()).isTrue());
	}

	@Test
	void patternsAddClasses() {
		AllowedClasses allowed = AllowedClasses
			.of(List.of("com.acme.Foo", "com.acme.Foo$Bar", " com.one.* ", "com.all.**", "Unpackaged"));
		assertThat(List.of("com.acme.Foo", "com.acme.Foo$Bar", "com.one.A", "com.one.A$B", "com.all.A",
				"com.all.deep.down.A", "[Lcom.all.A;", "Unpackaged"))
			.allMatch(allowed::isAllowed);
		assertThat(List.of("com.acme.Foo2", "com.acme.Foo$Baz", "com.acme.Fo", "com.one.two.A", "com.onetwo.A",
				"com.allother.A", "com.all", "Unpackaged2"))
			.noneMatch(allowed::isAllowed);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "*", "**", ".**", "com..acme.*", "com.*.Foo", "com.acme.***", "com.acme.Foo*",
			"com.acme.", "[Lcom.acme.Foo;", "com/acme/Foo", "com.acme.Foo, com.acme.Bar" })
	void aPatternThatNamesNothingIsRefusedWithTheRemedy(String pattern) {
		assertThatIllegalArgumentException().isThrownBy(() -> AllowedClasses.of(List.of(pattern)))
			.withMessageContaining("'" + pattern + "'")
			.withMessageContaining("com.acme.**");
	}

	@Test
	void aRefusalNamesTheLineToAdd() {
		assertThat(AllowedClasses.of(List.of()).refusal("[Lcom.acme.Foo;"))
			.hasMessageContaining("memcached.cache.allowed-classes: com.acme.Foo")
			.satisfies((ex) -> assertThat(ex.isRefused()).isTrue());
	}

}
