package org.ccrelayer.internal.store.embedded;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files to which records are appended, each with its length and checksum. A record that was appended survives the end of
 * the process; {@link #sync} makes it survive the end of the machine. Files follow one another; those that are no longer
 * needed are deleted. Not thread-safe, but for {@link #sync}.
 *
 * <p>A stream instead of a channel, since an interrupt of the appending thread would close a channel under everybody.
 */
final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final Pattern NAME = Pattern.compile("relay-ledger-([0-9]{1,18})\\.journal");
    private static final int HEADER = 2 * Integer.BYTES;
    private static final int LONGEST_RECORD = 1 << 20;

    private final @Nullable Path directory;
    private final CRC32C checksum = new CRC32C();
    private volatile @Nullable FileOutputStream current;
    private long segment;
    private long offset;

    /**
     * A place between two records.
     *
     * @param segment the number of the file
     * @param offset the bytes before it in that file
     */
    record Position(long segment, long offset) {
        static final Position START = new Position(0, 0);
    }

    private Journal(@Nullable Path directory) {
        this.directory = directory;
    }

    /** A journal that keeps nothing. */
    static Journal none() {
        return new Journal(null);
    }

    /** The journal of a directory; nothing is appended before {@link #roll}. */
    static Journal in(Path directory) {
        return new Journal(directory);
    }

    /** Hands every whole record behind {@code from} to the receiver, in order. */
    void replay(Position from, Consumer<RecordReader> receiver) throws IOException {
        for (long number : segments()) {
            segment = Math.max(segment, number);
            if (number >= from.segment()) {
                replay(number, number == from.segment() ? from.offset() : 0, receiver);
            }
        }
        segment = Math.max(segment, from.segment());
    }

    private void replay(long number, long from, Consumer<RecordReader> receiver) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path(number)));
        bytes.position((int) Math.min(from, bytes.limit()));
        int sound = bytes.position();
        while (bytes.remaining() >= HEADER) {
            int at = bytes.position();
            int length = bytes.getInt();
            int expected = bytes.getInt();
            if (isRecord(bytes, length, expected)) {
                told(number, sound, at);
                receiver.accept(new RecordReader(bytes.slice(bytes.position(), length)));
                bytes.position(bytes.position() + length);
                sound = bytes.position();
            } else {
                // What follows a broken record is looked for, so that one flipped bit does not cost the rest.
                bytes.position(at + 1);
            }
        }
        if (sound < bytes.limit()) {
            LOG.info(
                    "The ledger's journal {} ends with an unfinished record.",
                    path(number).getFileName());
        }
    }

    private boolean isRecord(ByteBuffer bytes, int length, int expected) {
        return length > 0
                && length <= Math.min(LONGEST_RECORD, bytes.remaining())
                && checksumOf(bytes.array(), bytes.position(), length) == expected;
    }

    private void told(long number, int sound, int at) {
        if (sound < at) {
            LOG.error(
                    "The ledger's journal {} is damaged: {} bytes from {} on cannot be read and are passed over.",
                    path(number).getFileName(),
                    at - sound,
                    sound);
        }
    }

    private List<Long> segments() throws IOException {
        if (directory == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> Long.parseLong(name.group(1)))
                    .sorted()
                    .toList();
        }
    }

    private Path path(long number) {
        if (directory == null) {
            throw new IllegalStateException("no directory");
        }
        return directory.resolve("relay-ledger-" + number + ".journal");
    }

    /** Goes on in a new file. */
    void roll() throws IOException {
        if (directory == null) {
            return;
        }
        Path next = path(segment + 1);
        PrivateFile.prepare(next);
        FileOutputStream opened = new FileOutputStream(next.toFile(), true);
        FileOutputStream before = current;
        current = opened;
        segment++;
        offset = Files.size(next);
        if (before != null) {
            before.getFD().sync();
            before.close();
        }
    }

    /** Begins a record in the writer; {@link #append} ends it. */
    static RecordWriter begin(RecordWriter writer) {
        return writer.clear().integer(0).integer(0);
    }

    /** Appends the record that the writer holds. */
    void append(RecordWriter record) throws IOException {
        if (directory == null) {
            return;
        }
        FileOutputStream out = current;
        if (out == null) {
            throw new IOException("the journal is not open");
        }
        int length = record.length() - HEADER;
        record.patch(0, length);
        record.patch(Integer.BYTES, checksumOf(record.array(), HEADER, length));
        out.write(record.array(), 0, record.length());
        offset += record.length();
    }

    private int checksumOf(byte[] bytes, int from, int length) {
        checksum.reset();
        checksum.update(bytes, from, length);
        return (int) checksum.getValue();
    }

    /** Behind the last record. */
    Position position() {
        return new Position(segment, offset);
    }

    /** Whether records are kept, and can be appended. */
    boolean open() {
        return directory == null || current != null;
    }

    /** Gives up the file, which failed; {@link #roll} goes on in another. */
    void broken() {
        FileOutputStream failed = current;
        current = null;
        try {
            if (failed != null) {
                failed.close();
            }
        } catch (IOException e) {
            LOG.debug("The ledger's journal could not be closed.", e);
        }
    }

    /** Makes everything appended before survive the end of the machine. May be called by any thread. */
    void sync() throws IOException {
        FileOutputStream out = current;
        if (out != null) {
            out.getFD().sync();
        }
    }

    /** Deletes the files before that of {@code needed}. */
    void forget(Position needed) throws IOException {
        for (long number : segments()) {
            if (number < needed.segment()) {
                Files.deleteIfExists(path(number));
            }
        }
    }

    @Override
    public void close() {
        broken();
    }
}
