package org.ccrelayer.simulated;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * As much JSON as a simulator needs: writing a string, and finding the members of a top-level object or the elements of a list.
 *
 * <p>The reader skips nested values by counting brackets outside strings, so it accepts some texts that are not JSON.
 * It never mistakes something inside a nested value or a string for a top-level member.
 */
final class Json {
    private static final String WHITE_SPACE = " \t\r\n";

    private final byte[] text;
    private int at;

    private Json(byte[] text) {
        this.text = text;
    }

    /**
     * The top-level members of an object, each value as its JSON text; of two members with one name the last counts.
     *
     * @throws IllegalArgumentException when the text is not an object or ends too early
     */
    static Map<String, String> members(byte[] text) {
        return new Json(text).object();
    }

    /** The same of a part of a JSON text. */
    static Map<String, String> members(String text) {
        return members(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The elements of a list, each as its JSON text.
     *
     * @throws IllegalArgumentException when the text is not a list or ends too early
     */
    static List<String> elements(String text) {
        return new Json(text.getBytes(StandardCharsets.UTF_8)).list();
    }

    /** The value without white space outside strings. */
    static String compact(String value) {
        StringBuilder out = new StringBuilder(value.length());
        boolean inString = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (inString && c == '\\') {
                out.append(c).append(value.charAt(++i));
                continue;
            }
            inString ^= c == '"';
            if (inString || WHITE_SPACE.indexOf(c) < 0) {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** The text as a JSON string with its quotes. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            appendEscaped(out, text.charAt(i));
        }
        return out.append('"').toString();
    }

    /** The content of a JSON string, given with its quotes. */
    static String unquote(String quoted) {
        if (quoted.length() < 2 || quoted.charAt(0) != '"') {
            throw new IllegalArgumentException("not a string: " + quoted);
        }
        StringBuilder out = new StringBuilder(quoted.length());
        for (int i = 1; i < quoted.length() - 1; i++) {
            char c = quoted.charAt(i);
            if (c != '\\') {
                out.append(c);
            } else if (quoted.charAt(++i) == 'u') {
                out.append(codeUnit(quoted, i + 1));
                i += 4;
            } else {
                out.append(unescaped(quoted.charAt(i)));
            }
        }
        return out.toString();
    }

    private static void appendEscaped(StringBuilder out, char c) {
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < ' ' || Character.isSurrogate(c)) {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }

    private static char codeUnit(String quoted, int from) {
        if (from + 4 >= quoted.length()) {
            throw new IllegalArgumentException("an incomplete escape: " + quoted);
        }
        return (char) Integer.parseInt(quoted, from, from + 4, 16);
    }

    private static char unescaped(char escape) {
        return switch (escape) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> escape;
        };
    }

    private Map<String, String> object() {
        Map<String, String> members = new HashMap<>();
        expect('{');
        if (peek() != '}') {
            do {
                peek();
                String name = unquote(slice(this::skipString));
                expect(':');
                peek();
                members.put(name, slice(this::skipValue));
            } while (consumed(','));
        }
        expect('}');
        expectEnd("object");
        return members;
    }

    private List<String> list() {
        List<String> elements = new ArrayList<>();
        expect('[');
        if (peek() != ']') {
            do {
                peek();
                elements.add(slice(this::skipValue));
            } while (consumed(','));
        }
        expect(']');
        expectEnd("list");
        return elements;
    }

    private void expectEnd(String what) {
        if (hasMore()) {
            throw new IllegalArgumentException("text after the " + what + " at byte " + at);
        }
    }

    private String slice(Runnable skip) {
        int start = at;
        skip.run();
        return new String(text, start, at - start, StandardCharsets.UTF_8);
    }

    private void skipValue() {
        switch (peek()) {
            case '"' -> skipString();
            case '{', '[' -> skipNested();
            default -> skipScalar();
        }
    }

    private void skipNested() {
        int depth = 0;
        do {
            switch (peek()) {
                case '"' -> skipString();
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    depth--;
                    at++;
                }
                default -> at++;
            }
        } while (depth > 0);
    }

    private void skipScalar() {
        int start = at;
        while (at < text.length && (Character.isLetterOrDigit(text[at]) || "+-.".indexOf(text[at]) >= 0)) {
            at++;
        }
        if (at == start) {
            throw new IllegalArgumentException("a value is missing at byte " + at);
        }
    }

    private void skipString() {
        expect('"');
        while (at < text.length && text[at] != '"') {
            at += text[at] == '\\' ? 2 : 1;
        }
        expect('"');
    }

    private void expect(char c) {
        if (!consumed(c)) {
            throw new IllegalArgumentException("expected " + c + " at byte " + at);
        }
    }

    private boolean consumed(char c) {
        boolean found = peek() == c;
        at += found ? 1 : 0;
        return found;
    }

    private char peek() {
        if (!hasMore()) {
            throw new IllegalArgumentException("the text ends too early");
        }
        return (char) (text[at] & 0xff);
    }

    private boolean hasMore() {
        while (at < text.length && WHITE_SPACE.indexOf(text[at]) >= 0) {
            at++;
        }
        return at < text.length;
    }
}
