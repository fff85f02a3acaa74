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
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/**
 * One database for all instances: the version of each row, in memory that the JVMs share.
 * Reading and writing a row are atomic, as they are in a database that serializes
 * transactions. Thread-safe, across processes.
 */
final class Database {

	private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

	/** How many versions back a failed put of a key is remembered. */
	private static final int FAILED_PUTS = 1022;

	/** How many versions back it is remembered when they were invalidated for. */
	private static final int INVALIDATIONS = 512;

	private static final int DELIVERED = 2 + FAILED_PUTS;

	private static final int ROW = (DELIVERED + 1 + 2 * INVALIDATIONS) * Long.BYTES;

	private final ByteBuffer memory;

	Database(Path file) {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			this.memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) Area.ALL_KEYS * ROW + Long.BYTES);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The database's file cannot be mapped: " + file, ex);
		}
	}

	/**
	 * Read the version of a row.
	 */
	long read(int key) {
		return (long) LONG.getVolatile(this.memory, key * ROW);
	}

	/**
	 * Write a row.
	 * @return its new version
	 */
	long write(int key) {
		return (long) LONG.getAndAdd(this.memory, key * ROW, 1L) + 1;
	}

	/**
	 * Have queries fail, or no longer.
	 */
	void lose(boolean lost) {
		LONG.setVolatile(this.memory, Area.ALL_KEYS * ROW, lost ? 1L : 0L);
	}

	boolean isLost() {
		return (long) LONG.getVolatile(this.memory, Area.ALL_KEYS * ROW) != 0;
	}

	/**
	 * Keep other writers of a row away, whichever instance they belong to.
	 */
	void lock(int key) {
		while (!LONG.compareAndSet(this.memory, key * ROW + Long.BYTES, 0L, 1L)) {
			LockSupport.parkNanos(50_000);
		}
	}

	void unlock(int key) {
		LONG.setVolatile(this.memory, key * ROW + Long.BYTES, 0L);
	}

	/**
	 * Note that the put of a version failed, so that it may still be executed late.
	 */
	void putFailed(int key, long version) {
		LONG.setVolatile(this.memory, failedPut(key, version), version);
	}

	/**
	 * Whether the put of a version was among the last ones of its row that failed.
	 */
	boolean hasPutFailed(int key, long version) {
		return (long) LONG.getVolatile(this.memory, failedPut(key, version)) == version;
	}

	/**
	 * Note that an invalidation has returned, on whichever instance.
	 * @param version the version that it was asked for
	 * @param now the machine's monotonic clock
	 * @param delivered whether memcached has carried it out
	 */
	void invalidated(int key, long version, long now, boolean delivered) {
		int slot = invalidation(key, version);
		LONG.setVolatile(this.memory, slot + Long.BYTES, delivered ? now | 1 : now & ~1L);
		LONG.setVolatile(this.memory, slot, version);
		int index = key * ROW + DELIVERED * Long.BYTES;
		long former = (long) LONG.getVolatile(this.memory, index);
		while (delivered && former < version && !LONG.compareAndSet(this.memory, index, former, version)) {
			former = (long) LONG.getVolatile(this.memory, index);
		}
	}

	/**
	 * The newest version whose invalidation memcached has carried out, whichever instance
	 * asked for it.
	 */
	long delivered(int key) {
		return (long) LONG.getVolatile(this.memory, key * ROW + DELIVERED * Long.BYTES);
	}

	/**
	 * For how long a version had been invalidated.
	 * @param moment when, by the machine's monotonic clock
	 * @return nanoseconds, 0 if it had not, as far as is remembered
	 */
	long staleness(int key, long version, long moment) {
		long newest = Math.min(read(key), version + INVALIDATIONS - 1);
		for (long newer = version + 1; newer <= newest; newer++) {
			int slot = invalidation(key, newer);
			if ((long) LONG.getVolatile(this.memory, slot) == newer) {
				return Math.max(0, moment - (long) LONG.getVolatile(this.memory, slot + Long.BYTES));
			}
		}
		return 0;
	}

	/**
	 * For how long memcached had carried out the invalidation of a version.
	 * @param moment when, by the machine's monotonic clock
	 * @return nanoseconds, 0 if it had not, as far as is remembered
	 */
	long deliveredStaleness(int key, long version, long moment) {
		long longest = 0;
		long newest = Math.min(read(key), version + INVALIDATIONS - 1);
		for (long newer = version + 1; newer <= newest; newer++) {
			int slot = invalidation(key, newer);
			if ((long) LONG.getVolatile(this.memory, slot) == newer) {
				long when = (long) LONG.getVolatile(this.memory, slot + Long.BYTES);
				longest = Math.max(longest, ((when & 1) != 0) ? moment - when : 0);
			}
		}
		return longest;
	}

	private static int invalidation(int key, long version) {
		return key * ROW + (DELIVERED + 1 + 2 * (int) (version % INVALIDATIONS)) * Long.BYTES;
	}

	private static int failedPut(int key, long version) {
		return key * ROW + (2 + (int) (version % FAILED_PUTS)) * Long.BYTES;
	}

}
