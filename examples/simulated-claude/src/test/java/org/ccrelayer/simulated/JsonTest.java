package org.ccrelayer.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void findsMembersOfEveryKindInAnyPlace() {
        assertThat(members(" { \"a\" : \"x\" , \"b\":[1,{\"c\":2}],\"d\":-1.5e+3,\"e\":{},\"stream\":true } \n"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("a", "\"x\"", "b", "[1,{\"c\":2}]", "d", "-1.5e+3", "e", "{}", "stream", "true"));
    }

    @Test
    void isNotFooledByNestedOrQuotedMembers() {
        String body = "{\"messages\":[{\"stream\":true,\"t\":\"}]\\\",\\\"stream\\\":true\"}],"
                + "\"text\":\"\\\\\",\"x\":\"\\\"stream\\\":true\",\"model\":\"m\"}";

        assertThat(members(body)).containsOnlyKeys("messages", "text", "x", "model");
    }

    @Test
    void readsEscapedNames() {
        assertThat(members("{\"str\\u0065am\":true}")).containsEntry("stream", "true");
    }

    @Test
    void takesTheLastOfEqualNames() {
        assertThat(members("{\"stream\":true,\"stream\":false}")).containsEntry("stream", "false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":}",
                "{\"a\":\"x",
                "{\"a\":[1",
                "{\"a\":1",
                "{} x",
                "{\"\\"
            })
    void rejectsWhatIsNoObject(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> members(text));
    }

    @Test
    void findsTheElementsOfAList() {
        assertThat(Json.elements(" [ 1 , \"],\" ,{\"a\":[2]},[] ] "))
                .containsExactly("1", "\"],\"", "{\"a\":[2]}", "[]");
        assertThat(Json.elements("[ ]")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null", "[", "[1", "[1,", "[1,]", "[] x"})
    void rejectsWhatIsNoList(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.elements(text));
    }

    @Test
    void takesAwayWhiteSpaceOutsideStrings() {
        assertThat(Json.compact("{ \"a b\" :\t[ \"\\\" \", 1 ]\n}")).isEqualTo("{\"a b\":[\"\\\" \",1]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "\"\\\n\r\t\b\f\u0001", "h\u00e9llo \u4f60\u597d \ud83d\ude80", "\ud83d"})
    void unquotesWhatItQuotes(String text) {
        assertThat(Json.quote(text)).doesNotContain("\n", "\u0001");
        assertThat(Json.unquote(Json.quote(text))).isEqualTo(text);
    }

    @Test
    void unquotesEveryEscape() {
        assertThat(Json.unquote("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00fc\"")).isEqualTo("\"\\/\b\f\n\r\t\u00fc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "", "\"", "\"\\u12\"", "\"\\uwxyz\""})
    void refusesToUnquoteWhatIsNoString(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.unquote(text));
    }

    private static Map<String, String> members(String text) {
        return Json.members(text.getBytes(StandardCharsets.UTF_8));
    }
}
