package org.ccrelayer.internal.store.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file behind the store, or the memory in its place. It commits only when told to, so that everything written between
 * two commits becomes durable together or not at all. After a failure it is opened again at the last commit. Used by the
 * store's thread alone, except where noted.
 */
final class StoreFile {
    private static final Logger LOG = LoggerFactory.getLogger(StoreFile.class);

    /** How long overwritten parts stay in the file, in milliseconds; it bounds the file's growth under churn. */
    private static final int RETENTION_MILLIS = 5_000;

    private static final int COMPACTION_MILLIS_AT_CLOSE = 500;
    private static final int COMMITS_PER_COMPACTION = 256;
    private static final int LIVE_PERCENT_WANTED = 50;
    private static final int COMPACTION_BYTES = 1 << 20;
    private static final int CACHE_MEGABYTES = 8;

    private final @Nullable Path path;
    private final @Nullable ProcessHold hold;
    private @Nullable MVStore current;
    private int generation;
    private int commits;
    private volatile boolean healthy = true;
    private boolean closed;

    private Runnable whenFailed = () -> {};

    private StoreFile(@Nullable Path path, @Nullable ProcessHold hold) {
        this.path = path;
        this.hold = hold;
    }

    /** A store in memory, which is gone when it is closed. */
    static StoreFile inMemory() {
        StoreFile file = new StoreFile(null, null);
        file.open();
        return file;
    }

    /**
     * The store in that directory's {@code relay.mv}.
     *
     * @throws IllegalStateException if the file cannot be used, or is in use
     */
    static StoreFile in(Path directory) {
        try {
            Path path = PrivateFile.directory(directory).resolve("relay.mv");
            ProcessHold hold = ProcessHold.of(path);
            try {
                StoreFile file = new StoreFile(path, hold);
                file.open();
                return file;
            } catch (RuntimeException | Error e) {
                hold.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The store's directory " + directory + " cannot be used; it must be writable for the relay's user: "
                            + e,
                    e);
        }
    }

    static IllegalStateException inUse(Path file, @Nullable Throwable cause) {
        return new IllegalStateException(
                "The store file " + file + " is in use: another process, or another relay in this process, holds it."
                        + " Stop that one, or give this relay a directory of its own.",
                cause);
    }

    private void open() {
        MVStore opened;
        try {
            if (path != null) {
                PrivateFile.prepare(path);
            }
            opened = builder().open();
        } catch (IOException e) {
            throw new IllegalStateException("The store file " + path + " cannot be made: " + e, e);
        } catch (MVStoreException e) {
            if (path != null && e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
                throw inUse(path, e);
            }
            throw new IllegalStateException(
                    "The store file " + path + " cannot be opened; restore it from a backup or move it away: "
                            + e.getMessage(),
                    e);
        }
        opened.setVersionsToKeep(0);
        opened.setRetentionTime(RETENTION_MILLIS);
        current = opened;
        generation++;
    }

    private MVStore.Builder builder() {
        // No commits but ours: neither after a while nor when much is unsaved.
        MVStore.Builder builder = new MVStore.Builder().autoCommitDisabled().autoCommitBufferSize(0);
        return path == null ? builder : builder.cacheSize(CACHE_MEGABYTES).fileName(path.toString());
    }

    /** What to call the file in messages. */
    String name() {
        return path == null ? "in memory" : path.toString();
    }

    /** Counts openings: another number means that whatever was not committed before is gone. */
    int generation() {
        return generation;
    }

    /** Whether the last commit worked and the file is open. Safe for concurrent use. */
    boolean healthy() {
        return healthy;
    }

    /** What MVStore works with; null while the file is not open. */
    @Nullable
    MVStore current() {
        return current;
    }

    /**
     * Reads or writes without committing.
     *
     * @throws RelayException if the file failed; whatever was not committed is gone then
     */
    <T extends @Nullable Object> T use(Function<Maps, T> work) {
        try {
            return work.apply(new Maps(usable()));
        } catch (RuntimeException | Error e) {
            throw failed(e);
        }
    }

    /**
     * Makes everything written so far durable, in one piece.
     *
     * @throws RelayException if the file failed; whatever was not committed before is gone then
     */
    void commit() {
        try {
            MVStore store = usable();
            store.commit();
            if (path != null) {
                store.sync();
                compactNowAndThen(store);
            }
        } catch (RuntimeException | Error e) {
            throw failed(e);
        }
        if (!healthy) {
            healthy = true;
            LOG.info("The store {} works again.", name());
        }
    }

    private void compactNowAndThen(MVStore store) {
        if (++commits % COMMITS_PER_COMPACTION == 0) {
            store.compact(LIVE_PERCENT_WANTED, COMPACTION_BYTES);
        }
    }

    private MVStore usable() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
        MVStore store = current;
        if (store == null || store.isClosed()) {
            if (path == null) {
                throw new IllegalStateException("a store in memory cannot be opened again");
            }
            open();
            store = current;
        }
        if (store == null) {
            throw new IllegalStateException("not open");
        }
        return store;
    }

    private RelayException failed(Throwable cause) {
        if (closed) {
            // Work that was waiting behind the end must not open the file again: nobody would close it.
            return new RelayException(Outcome.STORE_UNAVAILABLE, Outcome.STORE_UNAVAILABLE.message(), cause);
        }
        if (healthy) {
            healthy = false;
            LOG.error(
                    "The store {} failed. Check disk space and permissions; it is tried again until it works.",
                    name(),
                    cause);
        }
        MVStore broken = current;
        current = null;
        if (broken != null) {
            broken.closeImmediately();
        }
        whenFailed.run();
        return new RelayException(Outcome.STORE_UNAVAILABLE, Outcome.STORE_UNAVAILABLE.message(), cause);
    }

    /** Asks for a call on this thread after each failure. */
    void whenFailed(Runnable task) {
        whenFailed = task;
    }

    /** Writes what is left, makes the file smaller where that is quick, and lets go of it. */
    void close() {
        close(COMPACTION_MILLIS_AT_CLOSE);
    }

    /** Writes what is left and lets go of the file, in which nothing is moved. */
    void closeAsItIs() {
        close(0);
    }

    private void close(int compactionMillis) {
        healthy = false;
        closed = true;
        try {
            MVStore store = current;
            if (store != null) {
                store.close(compactionMillis);
            }
        } finally {
            current = null;
            if (hold != null) {
                hold.close();
            }
        }
    }

    /** The maps of the opened file, by texts. Valid until the file fails. */
    static final class Maps {
        private final MVStore store;

        Maps(MVStore store) {
            this.store = store;
        }

        /** The map with that name, which is created where it is missing. */
        MVMap<String, String> of(String name) {
            return store.openMap(
                    name,
                    new MVMap.Builder<String, String>()
                            .keyType(StringDataType.INSTANCE)
                            .valueType(StringDataType.INSTANCE));
        }

        /** The map from bytes to bytes with that name, which is created where it is missing. */
        MVMap<byte[], byte[]> ofBytesByBytes(String name) {
            return store.openMap(
                    name,
                    new MVMap.Builder<byte[], byte[]>()
                            .keyType(ByteArrayDataType.INSTANCE)
                            .valueType(ByteArrayDataType.INSTANCE));
        }

        /** The map of bytes with that name, which is created where it is missing. */
        MVMap<String, byte[]> ofBytes(String name) {
            return store.openMap(
                    name,
                    new MVMap.Builder<String, byte[]>()
                            .keyType(StringDataType.INSTANCE)
                            .valueType(ByteArrayDataType.INSTANCE));
        }
    }
}
