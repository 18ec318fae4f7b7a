package org.ccrelayer.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds canaries where they have no business, as they are or encoded, and secrets that came to be while tests ran, such as
 * issued relay keys. Safe for concurrent use.
 */
public final class Canaries {
    /** How many characters of a remembered secret in a row are a leak. */
    private static final int PIECE = 12;

    /** A text of fewer different characters is a sample such as {@code 000000}, not a secret. */
    private static final int DIFFERENT_CHARACTERS = 10;

    /** With what a simulated API says where a test names no answer, in a message and in a stream. */
    private static final Spellings ANY =
            Spellings.of(Canary.MARK, "from the simulated claude", "\"text\":\"simulated ");

    private static final Spellings SECRET = Spellings.of(Canary.SECRET_MARK);

    private static final Pattern ISSUED =
            Pattern.compile("\"(?:key|token)\":\"(cr_[0-9a-f]{64}|[\\w-]+\\.[\\w-]+\\.[\\w-]+)\"");

    private static final Set<String> REMEMBERED = ConcurrentHashMap.newKeySet();

    /** Grows by some dozen pieces per secret for as long as the JVM runs. */
    private static final Set<String> PIECES = ConcurrentHashMap.newKeySet();

    private Canaries() {}

    /** From now on {@code secret} counts as a canary wherever it stands, also in part; gives it back. */
    public static String remember(String secret) {
        String random = secret.startsWith("cr_") ? secret.substring(3) : secret;
        if (REMEMBERED.add(random) && random.chars().distinct().count() >= DIFFERENT_CHARACTERS) {
            for (int from = 0; from + PIECE <= random.length(); from++) {
                PIECES.add(random.substring(from, from + PIECE));
            }
            Spellings.encoded(random).forEach(Canaries::rememberEveryOther);
        }
        return secret;
    }

    /** Pieces that do not overlap are enough for what is spelt in more characters than it has. */
    private static void rememberEveryOther(String encoded) {
        for (int from = 0; from + PIECE <= encoded.length(); from += PIECE) {
            PIECES.add(encoded.substring(from, from + PIECE));
        }
    }

    /** Remembers the relay keys and sessions that the administration API issues in that answer; gives it back. */
    public static String rememberIssued(String answer) {
        if (answer.contains("\"key\":\"") || answer.contains("\"token\":\"")) {
            Matcher issued = ISSUED.matcher(answer);
            while (issued.find()) {
                remember(issued.group(1));
            }
        }
        return answer;
    }

    /** The first canary in {@code text}, in words for a failing test. */
    public static Optional<String> in(String text) {
        return ANY.in(text).or(() -> rememberedIn(text));
    }

    /** The first canary in {@code bytes}. */
    public static Optional<String> in(byte[] bytes) {
        return in(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** The first seeded secret in {@code text}; neither words of a conversation nor what was issued. */
    public static Optional<String> secretIn(String text) {
        return SECRET.in(text);
    }

    private static Optional<String> rememberedIn(String text) {
        if (!PIECES.isEmpty()) {
            for (int from = 0; from + PIECE <= text.length(); from++) {
                String piece = text.substring(from, from + PIECE);
                if (PIECES.contains(piece)) {
                    return Optional.of("a part of a secret that was issued or presented: " + piece);
                }
            }
        }
        return Optional.empty();
    }

    /** Fails where a canary is in {@code text}, saying {@code where} that was. */
    public static void assertNoneIn(String where, String text) {
        in(text).ifPresent(found -> fail(where, found));
    }

    /**
     * Fails where a client was told what is not its own. An error of an upstream may quote the client's own prompt, an error
     * of the relay itself quotes nothing.
     */
    public static void assertMayBeTold(RawClient.Head head, byte[] body) {
        String text = head.headers() + "\n" + new String(body, StandardCharsets.ISO_8859_1);
        String where = "an answer with status " + head.status();
        secretIn(text).ifPresent(found -> fail(where, found));
        if (head.status() >= 400) {
            rememberedIn(text).ifPresent(found -> fail(where, found));
            if (head.header("request-id").startsWith("relay_")) {
                assertNoneIn(where + " of the relay itself", text);
            }
        }
        rememberIssued(text);
    }

    /** Fails where a canary is in a file below {@code directory}, or in a file's name. */
    public static void assertNoneBelow(Path directory) {
        for (Path file : filesBelow(directory)) {
            assertNoneIn("the name of " + file, file.getFileName().toString());
            bytesOf(file).flatMap(Canaries::in).ifPresent(found -> fail(file.toString(), found));
        }
    }

    private static List<Path> filesBelow(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return new ArrayList<>(files.filter(Files::isRegularFile).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty where a running store has removed the file. */
    private static Optional<byte[]> bytesOf(Path file) {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fail(String where, String found) {
        throw new AssertionError("a canary in " + where + ": " + found);
    }
}
