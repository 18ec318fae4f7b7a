package org.ccrelayer.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The ways in which a text may be written down: as it is, in any case, in base64 at any place of a longer text, in hexadecimal
 * digits, with every byte percent-encoded, in UTF-16. Immutable.
 */
final class Spellings {
    /** Characters behind a find that help to tell what it is. */
    private static final int SHOWN = 48;

    /** Compared in lower case. */
    private final List<String> anyCase;

    private final Set<String> base64;

    private Spellings(List<String> anyCase, Set<String> base64) {
        this.anyCase = anyCase;
        this.base64 = base64;
    }

    /** The spellings of {@code text}, and {@code others} as they are in any case; all are given in lower case. */
    static Spellings of(String text, String... others) {
        List<String> anyCase = new ArrayList<>(List.of(others));
        anyCase.add(text);
        anyCase.add(hexadecimal(text));
        anyCase.add("%" + HexFormat.ofDelimiter("%").formatHex(bytes(text)));
        anyCase.add(String.join("\0", text.split("")));
        return new Spellings(List.copyOf(anyCase), base64(text));
    }

    /** The spellings that hide {@code text} from whoever looks for it as it is. */
    static List<String> encoded(String text) {
        List<String> all = new ArrayList<>(base64(text));
        all.add(hexadecimal(text));
        return all;
    }

    private static String hexadecimal(String text) {
        return HexFormat.of().formatHex(bytes(text));
    }

    /**
     * Three characters of a text become four of base64, so what a part of it becomes depends on its place, and its first and
     * last characters on their neighbours, too.
     */
    private static Set<String> base64(String text) {
        Set<String> all = new LinkedHashSet<>();
        for (int before = 0; before < 3; before++) {
            byte[] shifted = bytes("x".repeat(before) + text);
            int from = (before * 8 + 5) / 6;
            int to = shifted.length * 8 / 6;
            all.add(Base64.getEncoder().encodeToString(shifted).substring(from, to));
            all.add(Base64.getUrlEncoder().encodeToString(shifted).substring(from, to));
        }
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The first spelling in {@code text}, with some of what is behind it. */
    Optional<String> in(String text) {
        Optional<String> found = first(text.toLowerCase(Locale.ROOT), anyCase);
        return found.isPresent() ? found : first(text, base64);
    }

    private static Optional<String> first(String text, Iterable<String> needles) {
        for (String needle : needles) {
            int at = text.indexOf(needle);
            if (at >= 0) {
                return Optional.of(
                        "\"" + text.substring(at, Math.min(text.length(), at + needle.length() + SHOWN)) + "\"");
            }
        }
        return Optional.empty();
    }
}
