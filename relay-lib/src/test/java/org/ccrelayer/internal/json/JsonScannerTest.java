package org.ccrelayer.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {
    /** Writes down what it is told, as compact JSON-like text. */
    private static final class Recording implements JsonVisitor {
        final StringBuilder log = new StringBuilder();

        @Override
        public void name(byte[] utf8, int length) {
            log.append("N(")
                    .append(length < 0 ? "long" : new String(utf8, 0, length, StandardCharsets.UTF_8))
                    .append(')');
        }

        @Override
        public void startObject(long offset) {
            log.append('{').append(offset);
        }

        @Override
        public void endObject(long offset) {
            log.append('}').append(offset);
        }

        @Override
        public void startArray(long offset) {
            log.append('[').append(offset);
        }

        @Override
        public void endArray(long offset) {
            log.append(']').append(offset);
        }

        @Override
        public boolean startString(long offset) {
            log.append("S").append(offset).append('(');
            return true;
        }

        @Override
        public void stringPart(byte[] utf8, int length) {
            log.append(new String(utf8, 0, length, StandardCharsets.UTF_8));
        }

        @Override
        public void endString(long offset, long characters) {
            log.append(")").append(offset).append('#').append(characters);
        }

        @Override
        public void number(byte[] ascii, int length) {
            log.append("D(")
                    .append(length < 0 ? "long" : new String(ascii, 0, length, StandardCharsets.US_ASCII))
                    .append(')');
        }

        @Override
        public void bool(boolean value) {
            log.append(value);
        }

        @Override
        public void nullValue() {
            log.append("null");
        }
    }

    private static String scan(byte[] json, int piece) {
        Recording recording = new Recording();
        JsonScanner scanner = new JsonScanner(recording, 64);
        for (int at = 0; at < json.length; at += piece) {
            scanner.feed(json, at, Math.min(json.length, at + piece));
        }
        scanner.end();
        return recording.log.toString();
    }

    private static String scan(String json) {
        return scan(json.getBytes(StandardCharsets.UTF_8), 1 << 20);
    }

    @Test
    void tells_everything_with_its_offset() {
        assertThat(scan(" {\"a\":[1,-2.5e+3,true,null],\"b\":\"x\"} "))
                .isEqualTo("{1N(a)[6D(1)D(-2.5e+3)truenull]27N(b)S32(x)35#1}36");
    }

    @Test
    void unescapes_names_and_texts_and_counts_characters() {
        assertThat(scan("{\"mod\\u0065l\":\"\\ud83d\\ude00é\\n\\/\"}")).isEqualTo("{0N(model)S14(😀é\n/)34#4}35");
        assertThat(scan("\"\\ud800x\\udc00\"")).isEqualTo("S0(\uFFFDx\uFFFD)15#3");
        assertThat(scan("\"\\ud800\\ud83d\\ude00\"")).isEqualTo("S0(\uFFFD😀)20#2");
    }

    @Test
    void tells_the_same_however_the_bytes_are_split() {
        String json = "{\"k\\u00e9y\":[\"héllo 你好 🚀 \\ud83d\\ude00\\\\\",{\"\":0.1e-7},false,[],{}],\"n\":-0}";
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        String whole = scan(bytes, bytes.length);
        for (int piece = 1; piece < bytes.length; piece++) {
            assertThat(scan(bytes, piece)).as("pieces of %d", piece).isEqualTo(whole);
        }
    }

    @Test
    void tells_long_texts_in_pieces_that_tear_no_character() {
        String text = "aé你🚀".repeat(2000);
        assertThat(scan("[\"" + text + "\"]")).isEqualTo("[0S1(" + text + ")20003#8000]20004");
    }

    @Test
    void tells_overlong_names_and_numbers_as_such() {
        assertThat(scan("{\"" + "n".repeat(256) + "\":1}")).contains("N(nnn");
        assertThat(scan("{\"" + "n".repeat(257) + "\":1}")).contains("N(long)");
        assertThat(scan("[" + "1".repeat(64) + "]")).contains("D(111");
        assertThat(scan("[" + "1".repeat(65) + "]")).contains("D(long)");
        assertThat(scan("{\"" + "é".repeat(3000) + "\":\"next\"}"))
                .contains("N(long)S")
                .contains("(next)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "[01]",
                "[1.]",
                "[.5]",
                "[1e]",
                "[+1]",
                "[-]",
                "[tru]",
                "[TRUE]",
                "[nul",
                "\"a",
                "[\"\\x\"]",
                "[\"\\u12g4\"]",
                "[\"\t\"]",
                "{]",
                "[}",
                "[1 2]",
                "{} {}",
                "{}x",
                "[\"a\" \"b\"]",
                "{\"a\":1 \"b\":2}",
                "]",
                "'a'",
                "--1"
            })
    void refuses_what_is_not_json(String json) {
        assertThatThrownBy(() -> scan(json)).isInstanceOf(JsonException.class).hasMessageContaining("at byte");
    }

    @Test
    void names_the_byte_where_it_goes_wrong() {
        assertThatThrownBy(() -> scan("{\"a\":1,x}")).hasMessage("not valid JSON at byte 7");
        assertThatThrownBy(() -> scan("[1")).hasMessage("not valid JSON: it ends too early, at byte 2");
    }

    @Test
    void accepts_a_bare_value_and_stops_at_its_end() {
        assertThat(scan("42")).isEqualTo("D(42)");
        assertThat(scan("\"x\"")).isEqualTo("S0(x)3#1");
        assertThat(scan("null")).isEqualTo("null");
    }

    @Test
    void refuses_nesting_beyond_its_bound() {
        assertThat(scan("[".repeat(64) + "]".repeat(64))).startsWith("[0[1");
        assertThatThrownBy(() -> scan("[".repeat(65) + "]".repeat(65)))
                .hasMessage("nested deeper than 64 levels at byte 64");
    }

    @Test
    void agrees_with_the_platform_about_utf_8() {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            byte[] inner = new byte[1 + random.nextInt(5)];
            random.nextBytes(inner);
            byte[] json = new byte[inner.length + 2];
            for (int i = 0; i < inner.length; i++) {
                json[i + 1] = (byte) (inner[i] | 0x80);
            }
            json[0] = '"';
            json[json.length - 1] = '"';
            boolean valid = !new String(json, StandardCharsets.UTF_8).contains("\uFFFD");
            assertThat(accepts(json))
                    .as("%s", java.util.HexFormat.of().formatHex(json))
                    .isEqualTo(valid);
        }
    }

    private static boolean accepts(byte[] json) {
        try {
            scan(json, 1);
            return true;
        } catch (JsonException e) {
            return false;
        }
    }
}
