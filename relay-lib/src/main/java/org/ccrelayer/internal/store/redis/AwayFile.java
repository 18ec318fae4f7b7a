package org.ccrelayer.internal.store.redis;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines that are appended to a file, each behind its checksum. A line that was appended survives the end of the process at any
 * moment, {@link #sync} makes it survive the end of the machine; one that was torn or damaged costs no other. For one process at a
 * time. Not thread-safe.
 */
final class AwayFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AwayFile.class);
    private static final String NAME = "relay-away.journal";
    private static final String LOCK = "relay-away.lock";
    private static final int CHECKSUM = 8;

    private final Path directory;
    private final FileChannel lock;
    private RandomAccessFile file;

    /** Behind the last whole line. */
    private long end;

    private AwayFile(Path directory, FileChannel lock, RandomAccessFile file) {
        this.directory = directory;
        this.lock = lock;
        this.file = file;
    }

    /**
     * The file of that directory; both are created where they are missing, for their owner alone.
     *
     * @throws IllegalStateException if another relay has it, or it cannot be used
     */
    static AwayFile in(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, mode(directory, "rwx------"));
            }
            FileChannel lock = locked(directory);
            try {
                return new AwayFile(
                        directory,
                        lock,
                        new RandomAccessFile(prepared(directory.resolve(NAME)).toFile(), "rw"));
            } catch (IOException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "data-dir (DATA_DIR): the journal for outages of Redis cannot be kept in " + directory
                            + "; make it a folder that the relay may write, or remove the setting",
                    e);
        }
    }

    /** The lock is on a file of its own: whoever opens and closes the locked file itself would drop the lock of its process. */
    private static FileChannel locked(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(prepared(directory.resolve(LOCK)), StandardOpenOption.WRITE);
        boolean held = false;
        try {
            held = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            LOG.debug("Another relay of this process has {}.", directory, e);
        } finally {
            if (!held) {
                channel.close();
            }
        }
        if (!held) {
            throw new IllegalStateException("data-dir (DATA_DIR): another running relay keeps its journal in "
                    + directory + "; give each relay a folder of its own");
        }
        return channel;
    }

    private static Path prepared(Path path) throws IOException {
        try {
            Files.createFile(path, mode(path, "rw-------"));
        } catch (FileAlreadyExistsException e) {
            LOG.debug("{} was there before.", path, e);
        }
        return path;
    }

    private static FileAttribute<?>[] mode(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** The whole lines that are there; what was appended goes behind the last of them from now on. */
    List<String> lines() throws IOException {
        byte[] bytes = new byte[Math.toIntExact(file.length())];
        file.seek(0);
        file.readFully(bytes);
        int whole = bytes.length;
        while (whole > 0 && bytes[whole - 1] != '\n') {
            whole--;
        }
        if (whole < bytes.length) {
            LOG.info("{} ends with an unfinished record.", NAME);
            file.setLength(whole);
        }
        end = whole;
        return Stream.of(new String(bytes, 0, whole, StandardCharsets.UTF_8).split("\n", -1))
                .filter(line -> !line.isEmpty() && sound(line))
                .map(line -> line.substring(CHECKSUM))
                .toList();
    }

    private static boolean sound(String line) {
        boolean sound =
                line.length() > CHECKSUM && line.substring(0, CHECKSUM).equals(checksum(line.substring(CHECKSUM)));
        if (!sound) {
            LOG.error(
                    "{} is damaged: a record of {} characters cannot be read and is passed over.", NAME, line.length());
        }
        return sound;
    }

    private static String checksum(String text) {
        CRC32C checksum = new CRC32C();
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", checksum.getValue());
    }

    /** Appends a line, which has no line break, in the place of one that could not be written whole. */
    void append(String line) throws IOException {
        byte[] record = record(line);
        file.seek(end);
        file.write(record);
        end += record.length;
    }

    private static byte[] record(String line) {
        return (checksum(line) + line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Leaves those lines alone. A crash meanwhile, or a failure, leaves all that were there. */
    void rewrite(List<String> lines) throws IOException {
        Path fresh = directory.resolve(NAME + ".new");
        Files.deleteIfExists(fresh);
        RandomAccessFile next = new RandomAccessFile(prepared(fresh).toFile(), "rw");
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            lines.forEach(line -> all.writeBytes(record(line)));
            next.write(all.toByteArray());
            next.getFD().sync();
            Files.move(fresh, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
            file.close();
            file = next;
            end = all.size();
        } catch (IOException e) {
            next.close();
            throw e;
        }
    }

    /** How many bytes it holds. */
    long length() {
        return end;
    }

    /** Drops all lines. */
    void clear() throws IOException {
        file.setLength(0);
        end = 0;
    }

    /** Makes everything appended before survive the end of the machine. */
    void sync() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() {
        try {
            file.close();
            lock.close();
        } catch (IOException e) {
            LOG.warn("{} could not be closed properly.", NAME, e);
        }
    }
}
