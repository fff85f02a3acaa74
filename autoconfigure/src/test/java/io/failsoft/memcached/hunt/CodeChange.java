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

package io.failsoft.memcached.hunt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.ClassWriter;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;

/**
 * A change to the code of a class that is not loaded yet, so that a rule of the code can
 * be taken out without a switch in it.
 */
final class CodeChange {

	private final Class<?> neighbour;

	private final String name;

	private CodeChange(Class<?> neighbour, String name) {
		this.neighbour = neighbour;
		this.name = name;
	}

	/**
	 * A change to a class.
	 * @param neighbour a class of the same package that leads to no other one
	 * @param name the simple name of the class
	 */
	static CodeChange in(Class<?> neighbour, String name) {
		return new CodeChange(neighbour, name);
	}

	/**
	 * Has a method that returns nothing do nothing.
	 */
	void doNothing(String method) {
		define(method, (code) -> {
			code.visitCode();
			code.visitInsn(Opcodes.RETURN);
			code.visitMaxs(0, 0);
			code.visitEnd();
			return null;
		});
	}

	/**
	 * Has a method not call another one, which has one parameter and returns nothing.
	 */
	void dropCall(String method, String called) {
		define(method, (code) -> new MethodVisitor(SpringAsmInfo.ASM_VERSION, code) {

			@Override
			public void visitMethodInsn(int opcode, String owner, String name, String parameters, boolean isInterface) {
				if (name.equals(called)) {
					visitInsn(Opcodes.POP2);
				}
				else {
					super.visitMethodInsn(opcode, owner, name, parameters, isInterface);
				}
			}

		});
	}

	private void define(String method, Function<MethodVisitor, @Nullable MethodVisitor> change) {
		try (InputStream in = this.neighbour.getResourceAsStream(this.name + ".class")) {
			if (in == null) {
				throw new IllegalStateException("There is no class " + this.name);
			}
			ClassReader reader = new ClassReader(in);
			ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
			int[] changed = new int[1];
			reader.accept(new ClassVisitor(SpringAsmInfo.ASM_VERSION, writer) {

				@Override
				public @Nullable MethodVisitor visitMethod(int access, String name, String descriptor,
						@Nullable String signature, String @Nullable [] exceptions) {
					MethodVisitor code = super.visitMethod(access, name, descriptor, signature, exceptions);
					if (!name.equals(method)) {
						return code;
					}
					changed[0]++;
					return change.apply(code);
				}

			}, 0);
			if (changed[0] != 1) {
				throw new IllegalStateException(this.name + " has " + changed[0] + " methods " + method);
			}
			MethodHandles.privateLookupIn(this.neighbour, MethodHandles.lookup()).defineClass(writer.toByteArray());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
