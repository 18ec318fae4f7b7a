package org.ccrelayer.internal.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One decision of Redis: Lua files beside this package, one behind the other, of which the last decides and the others say what
 * it needs. Immutable.
 *
 * @param name the last file's name
 * @param source the whole text
 * @param sha1 what Redis knows it by
 */
record Script(String name, String source, String sha1) {
    /** The script of those files, which are named without their ending. */
    static Script of(String... files) {
        String source = Arrays.stream(files).map(Script::read).collect(Collectors.joining("\n"));
        return new Script(files[files.length - 1], source, sha1(source));
    }

    /** The script of those files, which decides within a relay key's limits and knows the predecessor's keys. */
    static Script ofLimits(String... files) {
        return behind(Stream.of("time", "calendar", "names", "predecessor", "limits"), files);
    }

    /** The script of those files, which reads what was counted here and by the predecessor. */
    static Script ofCounters(String... files) {
        return behind(Stream.of("time", "calendar", "names", "counters"), files);
    }

    private static Script behind(Stream<String> common, String... files) {
        String source = RedisKeys.patterns()
                + Stream.concat(common, Arrays.stream(files)).map(Script::read).collect(Collectors.joining("\n"));
        return new Script(files[files.length - 1], source, sha1(source));
    }

    private static String read(String file) {
        try (InputStream lua = Script.class.getResourceAsStream(file + ".lua")) {
            if (lua == null) {
                throw new IllegalStateException("the relay lacks its script " + file + ".lua");
            }
            return new String(lua.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** Names it. */
    @Override
    public String toString() {
        return "Script[" + name + "]";
    }
}
