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
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.ClassWriter;
import org.springframework.asm.Label;
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

	/** By the name of a method, what is still to be done to it. */
	private final Map<String, Function<MethodVisitor, @Nullable MethodVisitor>> changes = new HashMap<>();

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
	CodeChange empty(String method) {
		this.changes.put(method, (code) -> {
			code.visitCode();
			code.visitInsn(Opcodes.RETURN);
			code.visitMaxs(0, 0);
			code.visitEnd();
			return null;
		});
		return this;
	}

	/**
	 * Has a method return {@code false}.
	 */
	CodeChange falsify(String method) {
		this.changes.put(method, (code) -> {
			code.visitCode();
			code.visitInsn(Opcodes.ICONST_0);
			code.visitInsn(Opcodes.IRETURN);
			code.visitMaxs(0, 0);
			code.visitEnd();
			return null;
		});
		return this;
	}

	/**
	 * Has a method with a key, an expiry, two arrays of bytes and a number call another
	 * one, without the number, on threads of a name.
	 */
	CodeChange callInstead(String method, String called, String thread) {
		this.changes.put(method, (code) -> new MethodVisitor(SpringAsmInfo.ASM_VERSION, code) {

			@Override
			public void visitCode() {
				String owner = internalName();
				String key = owner.substring(0, owner.lastIndexOf('/')) + "/MemcachedKey";
				String reply = owner.substring(0, owner.lastIndexOf('/')) + "/Reply";
				Label otherwise = new Label();
				super.visitCode();
				visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Thread", "currentThread", "()Ljava/lang/Thread;",
						false);
				visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/Thread", "getName", "()Ljava/lang/String;", false);
				visitLdcInsn(thread);
				visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/Object", "equals", "(Ljava/lang/Object;)Z", false);
				visitJumpInsn(Opcodes.IFEQ, otherwise);
				visitVarInsn(Opcodes.ALOAD, 0);
				visitVarInsn(Opcodes.ALOAD, 1);
				visitVarInsn(Opcodes.ILOAD, 2);
				visitVarInsn(Opcodes.ALOAD, 3);
				visitVarInsn(Opcodes.ALOAD, 4);
				visitMethodInsn(Opcodes.INVOKEVIRTUAL, owner, called, "(L" + key + ";I[B[B)L" + reply + ";", false);
				visitInsn(Opcodes.ARETURN);
				visitLabel(otherwise);
				visitFrame(Opcodes.F_SAME, 0, null, 0, null);
			}

		});
		return this;
	}

	private String internalName() {
		return this.neighbour.getPackageName().replace('.', '/') + "/" + this.name;
	}

	/**
	 * Has a method not call another one of its object, which has no parameters and
	 * returns nothing.
	 */
	CodeChange withoutCall(String method, String called) {
		this.changes.put(method, (code) -> new WithoutCall(code, called, false));
		return this;
	}

	/**
	 * Has a method call such a method first, and only then.
	 */
	CodeChange callFirst(String method, String called) {
		this.changes.put(method, (code) -> new WithoutCall(code, called, true));
		return this;
	}

	/**
	 * Loads the class as it was changed.
	 */
	void apply() {
		try (InputStream in = this.neighbour.getResourceAsStream(this.name + ".class")) {
			if (in == null) {
				throw new IllegalStateException("There is no class " + this.name);
			}
			ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
			new ClassReader(in).accept(new ClassVisitor(SpringAsmInfo.ASM_VERSION, writer) {

				@Override
				public @Nullable MethodVisitor visitMethod(int access, String method, String descriptor,
						@Nullable String signature, String @Nullable [] exceptions) {
					MethodVisitor code = super.visitMethod(access, method, descriptor, signature, exceptions);
					var change = CodeChange.this.changes.remove(method);
					return (change != null) ? change.apply(code) : code;
				}

			}, 0);
			if (!this.changes.isEmpty()) {
				throw new IllegalStateException(this.name + " has no methods " + this.changes.keySet());
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

	private final class WithoutCall extends MethodVisitor {

		private final String called;

		private final boolean first;

		private int dropped;

		WithoutCall(MethodVisitor code, String called, boolean first) {
			super(SpringAsmInfo.ASM_VERSION, code);
			this.called = called;
			this.first = first;
		}

		@Override
		public void visitCode() {
			super.visitCode();
			if (this.first) {
				super.visitVarInsn(Opcodes.ALOAD, 0);
				super.visitMethodInsn(Opcodes.INVOKEVIRTUAL, internalName(), this.called, "()V", false);
			}
		}

		@Override
		public void visitMethodInsn(int opcode, String owner, String method, String descriptor, boolean isInterface) {
			if (method.equals(this.called)) {
				this.dropped++;
				visitInsn(Opcodes.POP);
			}
			else {
				super.visitMethodInsn(opcode, owner, method, descriptor, isInterface);
			}
		}

		@Override
		public void visitEnd() {
			if (this.dropped == 0) {
				throw new IllegalStateException("There is no call of " + this.called);
			}
			super.visitEnd();
		}

	}

}
