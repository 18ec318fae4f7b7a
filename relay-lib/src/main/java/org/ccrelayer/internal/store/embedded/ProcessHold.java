package org.ccrelayer.internal.store.embedded;

import java.nio.file.Path;

/**
 * This process's claim to a store file. The file's own lock keeps other processes out but not this one: on POSIX systems a
 * second opening in the same process would, when it is closed again, drop the lock of the first. The claim therefore
 * stands where every class loader of the process sees it, in the system properties, and is made before the file is
 * touched.
 */
final class ProcessHold implements AutoCloseable {
    private final String property;

    private ProcessHold(String property) {
        this.property = property;
    }

    /**
     * Claims the file.
     *
     * @throws IllegalStateException if it is claimed already
     */
    static ProcessHold of(Path file) {
        String property = "org.ccrelayer.store.held:" + file;
        if (System.getProperties().putIfAbsent(property, "true") != null) {
            throw StoreFile.inUse(file, null);
        }
        return new ProcessHold(property);
    }

    /** Gives the claim up; safe to call more than once by its holder. */
    @Override
    public void close() {
        System.getProperties().remove(property);
    }
}
