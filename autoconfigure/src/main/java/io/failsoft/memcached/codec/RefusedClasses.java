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
 * Classes that no pattern allows: they are known from published deserialization attacks
 * (the ysoserial and marshalsec collections), or stand for code rather than for a value.
 */
final class RefusedClasses {

	private static final String[] PREFIXES = {
			// Code in the guise of a value, and what reaches out of the JVM.
			"java.lang.invoke.", "java.lang.reflect.", "java.lang.ProcessBuilder", "java.lang.ClassLoader",
			"java.lang.Thread", "java.rmi.", "java.beans.", "java.security.SignedObject", "java.net.URLClassLoader",
			"java.util.ServiceLoader", "java.util.logging.", "java.util.prefs.", "java.util.jar.", "java.util.zip.",
			"java.awt.", "javax.crypto.SealedObject", "javax.imageio.", "javax.management.", "javax.naming.",
			"javax.script.", "javax.sql.rowset.", "javax.swing.", "javax.xml.transform.", "jdk.", "sun.", "com.sun.",
			// Known by their libraries.
			"bsh.", "br.com.anteros.", "ch.qos.logback.", "clojure.", "com.alibaba.druid.", "com.alibaba.fastjson",
			"com.caucho.", "com.fasterxml.jackson.databind.node.POJONode", "com.ibm.jtc.", "com.mchange.",
			"com.mysql.cj.jdbc.", "com.mysql.jdbc.", "com.rometools.rome.feed.impl.", "com.teradata.jdbc.",
			"com.vaadin.data.util.", "com.zaxxer.hikari.", "flex.messaging.", "freemarker.", "groovy.",
			"org.apache.groovy.", "jakarta.el.", "javassist.", "javax.el.", "jodd.db.", "net.bytebuddy.",
			"net.sf.cglib.", "net.sf.ehcache.", "net.sf.json.", "ognl.", "oracle.jdbc.", "oracle.jms.",
			"org.apache.activemq.", "org.apache.aries.", "org.apache.axis", "org.apache.bcel.", "org.apache.click.",
			"org.apache.commons.beanutils.", "org.apache.commons.collections.bag.",
			"org.apache.commons.collections.comparators.", "org.apache.commons.collections.functors.",
			"org.apache.commons.collections.keyvalue.", "org.apache.commons.collections.map.",
			"org.apache.commons.collections.Transformer", "org.apache.commons.collections4.bag.",
			"org.apache.commons.collections4.comparators.", "org.apache.commons.collections4.functors.",
			"org.apache.commons.collections4.keyvalue.", "org.apache.commons.collections4.map.",
			"org.apache.commons.configuration", "org.apache.commons.dbcp", "org.apache.commons.fileupload.",
			"org.apache.commons.jelly.", "org.apache.commons.logging.", "org.apache.commons.proxy.", "org.apache.cxf.",
			"org.apache.hadoop.", "org.apache.ibatis.", "org.apache.log4j.", "org.apache.logging.",
			"org.apache.myfaces.", "org.apache.openjpa.", "org.apache.shiro.", "org.apache.tomcat.",
			"org.apache.velocity.", "org.apache.wicket.util.upload.", "org.apache.xalan.", "org.apache.xbean.",
			"org.aspectj.", "org.codehaus.groovy.", "org.codehaus.jackson.", "org.docx4j.", "org.eclipse.jetty.util.",
			"org.hibernate.engine.", "org.hibernate.jmx.", "org.hibernate.tuple.", "org.hibernate.type.",
			"org.javasimon.", "org.jboss.", "org.jdom", "org.jspecify.", "org.logicalcobwebs.", "org.mozilla.",
			"org.postgresql.ds.", "org.python.", "org.quartz.", "org.reflections.", "org.slf4j.",
			"org.springframework.aop.", "org.springframework.beans.", "org.springframework.context.",
			"org.springframework.core.SerializableTypeWrapper", "org.springframework.expression.",
			"org.springframework.jndi.", "org.springframework.transaction.", "org.yaml.snakeyaml.", "scala.runtime.",
			"scala.sys." };

	/** Whose name begins the names of harmless classes, such as RuntimeException. */
	private static final String RUNTIME = "java.lang.Runtime";

	private RefusedClasses() {
	}

	static boolean contains(String className) {
		for (String prefix : PREFIXES) {
			if (className.startsWith(prefix)) {
				return true;
			}
		}
		return className.equals(RUNTIME) || className.contains("$$Lambda") || className.contains(".$Proxy");
	}

}
