package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.LiteralTree;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccrelayer.testkit.JavaSources;
import org.junit.jupiter.api.Test;

/** That keys are made up in {@link RedisKeys} alone: nothing else here holds in a text what a key of its table begins with. */
class KeysInOnePlaceTest {
    private static final String PACKAGE = RedisKeys.class.getPackageName().replace('.', '/');
    private static final String TABLE = "RedisKeys.java";

    /** What stands elsewhere, and why it may. */
    private static final Map<Text, String> EXCEPTIONS = Map.of(
            new Text("predecessor.lua", "relay:"),
            "begins the relay's own members of a set of the predecessor, and no key",
            new Text(
                    "PredecessorCheck.java",
                    "usage:*, account_usage:*, system:metrics:minute:*, rate_limit:*, concurrency:*, lastUsedAt: as requests come."),
            "a sentence for operators, which sums up many keys of the table",
            new Text(
                    "PredecessorCheck.java",
                    "unified_claude_session_mapping:* and temp_unavailable:claude-console:*, as API-key accounts serve and rest."),
            "a sentence for operators, which sums up many keys of the table");

    /** In comments of Lua nothing is a text; what is one stands in the only group that is filled. */
    private static final Pattern LUA = Pattern.compile(
            "--\\[\\[.*?]]|--[^\\n]*|'((?:\\\\.|[^'\\\\])*)'|\"((?:\\\\.|[^\"\\\\])*)\"|\\[\\[(.*?)]]", Pattern.DOTALL);

    /** A text that stands in a source as it is. */
    private record Text(String file, String text) {
        boolean holds(Pattern beginning) {
            return beginning.matcher(text).find();
        }
    }

    @Test
    void no_text_but_those_of_the_table_holds_what_a_key_begins_with() throws IOException {
        Pattern beginning = Pattern.compile(beginnings().stream()
                .map(KeysInOnePlaceTest::whole)
                .collect(Collectors.joining("|", "(?<![A-Za-z0-9_])(", ")")));
        List<Text> found = Stream.concat(java().stream(), lua().stream())
                .filter(text -> !text.file().equals(TABLE) && text.holds(beginning))
                .toList();
        assertThat(found)
                .as("keys that are made up elsewhere, and exceptions that are none")
                .containsExactlyInAnyOrderElementsOf(EXCEPTIONS.keySet());
    }

    /** Of a key with several parts the first one, so that one that is put together is found too. */
    private static Set<String> beginnings() {
        Set<String> all = new TreeSet<>();
        for (RedisKeys each : RedisKeys.values()) {
            String prefix = each.prefix();
            all.add(prefix.substring(0, prefix.indexOf(':') + 1));
            all.add(prefix.contains(":") ? "" : prefix);
        }
        all.remove("");
        return all;
    }

    /** What begins a key goes on with its next part, or ends; in a sentence a space follows. */
    private static String whole(String beginning) {
        return Pattern.quote(beginning) + (beginning.endsWith(":") ? "(?! )" : "(?![A-Za-z0-9_])");
    }

    @Test
    void every_beginning_of_a_key_is_found_where_it_stands() throws IOException {
        List<Text> table =
                java().stream().filter(text -> text.file().equals(TABLE)).toList();
        assertThat(beginnings())
                .contains("relay:", "apikey:", "usage:", "account_groups")
                .allSatisfy(each ->
                        assertThat(table).as(each).anyMatch(text -> text.holds(Pattern.compile("^" + whole(each)))));
        assertThat(texts("""
                -- 'none' in a comment's
                call('a\\'b', "c--d") --[[ "none"
                'none' ]] x = [[e 'f']] .. ''""")).containsExactly("a\\'b", "c--d", "e 'f'", "");
    }

    private static List<Text> java() throws IOException {
        List<Text> found = new ArrayList<>();
        JavaSources.parse(files("src/main/java", ".java"), (unit, positions) -> {
            String file = Path.of(unit.getSourceFile().getName()).getFileName().toString();
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitLiteral(LiteralTree literal, Void unused) {
                    if (literal.getValue() instanceof String text) {
                        found.add(new Text(file, text));
                    }
                    return null;
                }
            }.scan(unit, null);
        });
        return found;
    }

    private static List<Text> lua() throws IOException {
        List<Text> found = new ArrayList<>();
        for (Path script : files("src/main/resources", ".lua")) {
            String file = script.getFileName().toString();
            texts(Files.readString(script)).forEach(text -> found.add(new Text(file, text)));
        }
        return found;
    }

    private static List<String> texts(String lua) {
        return LUA.matcher(lua).results().flatMap(KeysInOnePlaceTest::text).toList();
    }

    private static Stream<String> text(MatchResult match) {
        return Stream.of(1, 2, 3).map(match::group).filter(text -> text != null);
    }

    private static List<Path> files(String root, String ending) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(root, PACKAGE))) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(ending)).toList();
            assertThat(found).hasSizeGreaterThan(20);
            return found;
        }
    }
}
