package org.ccrelayer.internal.store.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * This process's claim to a store file, as a lock on a file beside it. The store file's own lock keeps other processes
 * out, but on POSIX systems a second opening in the same process would, when it is closed again, drop that lock. So the
 * second opening must fail before the store file is touched; what it drops is then only the lock beside it.
 */
final class ProcessHold implements AutoCloseable {
    private final FileChannel channel;

    private ProcessHold(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Claims the file.
     *
     * @throws IllegalStateException if it is claimed already
     */
    static ProcessHold of(Path file) throws IOException {
        Path beside = file.resolveSibling("relay.lock");
        PrivateFile.prepare(beside);
        FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE);
        try {
            if (locked(channel) == null) {
                throw StoreFile.inUse(file, null);
            }
            return new ProcessHold(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Gives the claim up; safe to call more than once by its holder. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
