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

import java.io.OutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.ConstructorDetector;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.std.StdValueInstantiator;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.module.SimpleValueInstantiators;
import tools.jackson.dataformat.smile.SmileMapper;
import tools.jackson.dataformat.smile.SmileWriteFeature;

import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * Codec that writes values by Jackson 3: as JSON, as Smile, or as a mapper of the
 * application's own has it. Thread-safe.
 * <p>
 * Fields are written, not getters, and records of plain types are what it is for. A class
 * is written with its name and a fingerprint, read only if it is allowed and has not
 * changed since, and made by the constructor of a record, one without parameters, or one
 * with {@code @JsonCreator}. A value that would come back as another one is refused on
 * writing where the types tell, but for what annotations or serializers of the
 * application leave out. Once three entries of a class in a row could not be read
 * although it has not changed, the class is refused until the restart.
 */
public final class JacksonCodec implements ValueCodec {

	static final int JSON = 2;

	static final int SMILE = 3;

	static final String REMEDY = "Set memcached.cache.codec: jdk, cache a record of plain types, or declare a"
			+ " ValueCodec bean of your own";

	private static final Log logger = LogFactory.getLog(JacksonCodec.class);

	private static final int MAX_FAILURES = 3;

	private static final OutputStream NOWHERE = OutputStream.nullOutputStream();

	private final int id;

	private final JacksonTypes types;

	private final ObjectWriter writer;

	/** For values in which no name repeats, so that none need be remembered. */
	private final ObjectWriter flatWriter;

	private final ObjectReader reader;

	/** How many entries of a class in a row could not be read. */
	private final Map<String, Integer> failures = new ConcurrentHashMap<>();

	/** Classes that were written since an entry of theirs could not be read. */
	private final Set<String> written = ConcurrentHashMap.newKeySet();

	/**
	 * Creates a codec with a mapper of the application's own. The mapper keeps its
	 * format, modules, mix-ins and bounds on reading. Names of types, visibility,
	 * constructors, failing on unknown or missing properties and the form of dates and
	 * enums are set in a copy of it. The class loader of the current thread finds the
	 * classes.
	 * @param id the number of the codec, 256 or more, see {@link ValueCodec#id()}
	 * @param mapper the mapper, which stays as it is
	 * @param allowed the classes that may be written and read
	 * @throws IllegalArgumentException if the number is one of those reserved
	 */
	public JacksonCodec(int id, ObjectMapper mapper, AllowedClasses allowed) {
		this(id, mapper.rebuild(), ClassUtils.getDefaultClassLoader(), allowed);
		Assert.isTrue(id >= 256, "The id of a codec of your own is 256 or more");
	}

	private JacksonCodec(int id, MapperBuilder<?, ?> builder, @Nullable ClassLoader classLoader,
			AllowedClasses allowed) {
		this.id = id;
		this.types = new JacksonTypes(classLoader, allowed);
		ObjectMapper mapper = configure(builder).build();
		this.writer = mapper.writerFor(Object.class);
		this.flatWriter = (id == SMILE) ? Smile.flat(this.writer) : this.writer;
		this.reader = mapper.readerFor(Object.class);
	}

	static JacksonCodec json(ClassLoader classLoader, AllowedClasses allowed) {
		return new JacksonCodec(JSON, JsonMapper.builder().findAndAddModules(classLoader), classLoader, allowed);
	}

	static JacksonCodec smile(ClassLoader classLoader, AllowedClasses allowed) {
		return new JacksonCodec(SMILE, Smile.builder().findAndAddModules(classLoader), classLoader, allowed);
	}

	private MapperBuilder<?, ?> configure(MapperBuilder<?, ?> builder) {
		this.types.configure(builder);
		builder
			.addModule(new SimpleModule("failsoft-memcached-constructors").setValueInstantiators(new Constructors()));
		builder.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
				DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
				DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
		// It sees neither the end of a Smile document nor the head of a second.
		builder.disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
				DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.USE_BIG_INTEGER_FOR_INTS,
				DeserializationFeature.USE_LONG_FOR_INTS);
		builder.disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING);
		builder.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE,
				DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID, DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
				DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE);
		builder.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID);
		builder.enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS);
		builder.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
		// A constructor may change what it is given, unless it says that it does not.
		builder.constructorDetector(ConstructorDetector.DEFAULT.withRequireAnnotation(true));
		return builder.changeDefaultVisibility(
				(visibility) -> visibility.with(Visibility.NONE).withFieldVisibility(Visibility.ANY));
	}

	@Override
	public int id() {
		return this.id;
	}

	@Override
	public byte[] encode(Object value) {
		try {
			ObjectWriter suited = this.types.isFlat(value.getClass()) ? this.flatWriter : this.writer;
			byte[] bytes = suited.writeValueAsBytes(value);
			if (!this.failures.isEmpty()) {
				this.written.add(this.types.firstName(document(bytes, 0, bytes.length)));
			}
			return bytes;
		}
		catch (RuntimeException | LinkageError | StackOverflowError ex) {
			ValueCodecException explained = explained(ex);
			throw (explained != null) ? explained : new ValueCodecException(
					value.getClass().getName() + " cannot be written by Jackson: " + reason(ex) + ". " + REMEDY, ex);
		}
	}

	@Override
	public Object decode(byte[] bytes, int offset, int length) {
		try (JsonParser parser = this.reader.createParser(bytes, offset, length)) {
			Object value = this.reader.readValue(parser);
			// Of two documents behind each other, Jackson takes the first.
			parser.finishToken();
			if (value == null || parser.releaseBuffered(NOWHERE) > 0) {
				throw new ValueCodecException("There is no value, or something follows it", null);
			}
			if (!this.failures.isEmpty()) {
				this.failures.keySet().removeIf(document(bytes, offset, length)::contains);
			}
			return value;
		}
		catch (Throwable ex) {
			// Errors too: constructors of the value's classes see what nobody checked.
			ValueCodecException explained = explained(ex);
			throw (explained != null) ? explained : unreadable(ex, document(bytes, offset, length));
		}
	}

	/** Names of classes are found in it whatever the format. */
	private static String document(byte[] bytes, int offset, int length) {
		return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
	}

	private static @Nullable ValueCodecException explained(Throwable failure) {
		Throwable cause = failure;
		while (cause != null && !(cause instanceof ValueCodecException)) {
			cause = cause.getCause();
		}
		return (ValueCodecException) cause;
	}

	/**
	 * Without Jackson's message, which quotes the value, and for that without the cause.
	 */
	private ValueCodecException unreadable(Throwable failure, String entry) {
		String name = this.types.firstName(entry);
		String type = name.isEmpty() ? "value" : JacksonTypes.className(name);
		String reason = reason(failure);
		if (!name.isEmpty() && isOfTheClass(failure) && isFrequent(name) && this.types.refuse(name)) {
			logger.warn(type + " is not cached any more by this instance, as " + MAX_FAILURES
					+ " entries of it in a row could not be read by Jackson: " + reason + ". " + REMEDY);
		}
		return new ValueCodecException("This " + type + " cannot be read by Jackson: " + reason,
				(failure instanceof Error) ? failure : null);
	}

	private static String reason(Throwable failure) {
		String name = failure.getClass().getSimpleName();
		if (failure instanceof InvalidDefinitionException definition) {
			return name + " of " + definition.getType();
		}
		return (failure instanceof JacksonException jackson && jackson.getLocation() != null)
				? name + " at byte " + jackson.getLocation().getByteOffset() : name;
	}

	/**
	 * Returns whether the class is to blame. It is not for an error, such as too little
	 * memory, nor for a constant that another version of an enum has.
	 */
	private static boolean isOfTheClass(Throwable failure) {
		return !(failure instanceof Error
				|| (failure instanceof InvalidFormatException format && format.getTargetType().isEnum()));
	}

	/**
	 * Counts a failure, unless the class was not written since the last one: many callers
	 * may read one entry.
	 */
	private boolean isFrequent(String name) {
		return this.failures.putIfAbsent(name, 1) != null && this.written.remove(name)
				&& this.failures.merge(name, 1, Integer::sum) >= MAX_FAILURES;
	}

	/**
	 * Needs a library that may be missing.
	 */
	private static final class Smile {

		static ObjectWriter flat(ObjectWriter writer) {
			return writer.without(SmileWriteFeature.CHECK_SHARED_NAMES);
		}

		static MapperBuilder<?, ?> builder() {
			return SmileMapper.builder().disable(SmileWriteFeature.ENCODE_BINARY_AS_7BIT);
		}

	}

	/**
	 * Calls constructors by handles that take an array. Jackson adapts its own to the
	 * number of arguments for each call, which takes a fifth of the time of reading small
	 * records.
	 */
	@SuppressWarnings("serial") // Jackson's own types are, mappers with this one are not
	private static final class Constructors extends SimpleValueInstantiators {

		@Override
		public ValueInstantiator modifyValueInstantiator(DeserializationConfig config,
				BeanDescription.Supplier description, ValueInstantiator instantiator) {
			return (instantiator.getClass() == StdValueInstantiator.class
					&& instantiator.getWithArgsCreator() instanceof AnnotatedConstructor constructor)
							? new Maker((StdValueInstantiator) instantiator, constructor.getAnnotated()) : instantiator;
		}

	}

	@SuppressWarnings("serial")
	private static final class Maker extends StdValueInstantiator {

		private final transient MethodHandle handle;

		Maker(StdValueInstantiator instantiator, Constructor<?> constructor) {
			super(instantiator);
			try {
				MethodHandle own = MethodHandles.lookup().unreflectConstructor(constructor).asFixedArity();
				this.handle = own.asType(own.type().generic()).asSpreader(Object[].class, own.type().parameterCount());
			}
			catch (IllegalAccessException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public Object createFromObjectWith(DeserializationContext context, Object[] arguments) {
			try {
				return (Object) this.handle.invokeExact(arguments);
			}
			catch (Throwable ex) {
				return context.handleInstantiationProblem(getValueClass(), arguments, ex);
			}
		}

	}

}
