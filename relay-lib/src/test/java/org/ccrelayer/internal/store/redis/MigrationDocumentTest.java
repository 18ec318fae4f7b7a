package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.testkit.PredecessorDump;
import org.junit.jupiter.api.Test;

/** Whether the document on migration tells of everything that the predecessor's software wrote, and once. */
class MigrationDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "migration.md");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final String FIELD_OF = "| field of `";
    private static final String MEMBER_OF = "| member of `";
    private static final String KEYS = "| key |";
    private static final String SESSIONS = "unified_claude_session_mapping";
    private static final String SETTINGS = "claude_relay_config";

    /** The names in the first column of each table, by the table's heading; each with what is said of it. */
    private final Map<String, Map<String, String>> tables = new LinkedHashMap<>();

    private final List<String> twice = new ArrayList<>();

    MigrationDocumentTest() throws IOException {
        String table = "";
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.startsWith(FIELD_OF) || line.startsWith(MEMBER_OF) || line.startsWith(KEYS)) {
                table = line.startsWith(KEYS) ? KEYS : line.split("[`:]")[1];
                tables.putIfAbsent(table, new TreeMap<>());
            } else if (!line.startsWith("|")) {
                table = "";
            } else if (!table.isEmpty() && !line.startsWith("|---")) {
                add(table, line.split("\\|"));
            }
        }
    }

    private void add(String table, String[] columns) {
        Matcher names = NAME.matcher(columns[1]);
        while (names.find()) {
            if (tables.get(table).put(names.group(1), columns[2].strip()) != null) {
                twice.add(table + " " + names.group(1));
            }
        }
    }

    @Test
    void nothing_is_listed_twice_and_everything_has_a_place() {
        assertThat(twice).isEmpty();
        assertThat(tables.keySet())
                .containsExactly("apikey", "claude_console_account", "claude", KEYS, SESSIONS, SETTINGS);
        assertThat(tables.values().stream().flatMap(table -> table.values().stream()))
                .isSubsetOf("used", "preserved", "refused");
    }

    @Test
    void every_field_of_the_dump_is_listed() {
        assertThat(unlisted("apikey", key -> RedisKeys.KEY.id(key).isPresent())).isEmpty();
        assertThat(unlisted(
                        "claude_console_account",
                        key -> RedisKeys.CONSOLE.id(key).isPresent()))
                .isEmpty();
        assertThat(unlisted("claude", key -> RedisKeys.LOGIN.id(key).isPresent()))
                .isEmpty();
    }

    private TreeSet<String> unlisted(String table, Predicate<String> keys) {
        TreeSet<String> fields = PredecessorDump.rows().stream()
                .filter(row -> keys.test(key(row)))
                .flatMap(row -> row.object("value").orElseThrow().names().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(fields).hasSizeGreaterThan(40);
        fields.removeAll(tables.get(table).keySet());
        return fields;
    }

    @Test
    void every_member_of_the_texts_on_sessions_and_of_the_settings_is_listed() {
        assertThat(members(RedisKeys.SESSION_MAPPING)).contains("accountId", "accountType");
        assertThat(members(RedisKeys.SESSION_BINDING)).contains("accountId", "accountType", "createdAt", "lastUsedAt");
        assertThat(members(RedisKeys.SETTINGS)).hasSizeGreaterThanOrEqualTo(20);
        Map<RedisKeys, String> listedIn = Map.of(
                RedisKeys.SESSION_MAPPING, SESSIONS,
                RedisKeys.OLD_SESSION_MAPPING, SESSIONS,
                RedisKeys.SESSION_BINDING, SESSIONS,
                RedisKeys.SETTINGS, SETTINGS);
        TreeSet<String> unlisted = new TreeSet<>();
        listedIn.forEach((kind, table) -> members(kind).stream()
                .filter(member -> !tables.get(table).containsKey(member))
                .forEach(member -> unlisted.add(kind.prefix() + " " + member)));
        assertThat(unlisted).isEmpty();
    }

    /** The members of all texts of a kind in the dump, of which old ones have none. */
    private static TreeSet<String> members(RedisKeys kind) {
        return PredecessorDump.rows().stream()
                .filter(row -> key(row).startsWith(kind.prefix()))
                .map(row -> row.string("value").orElseThrow())
                .filter(text -> text.startsWith("{"))
                .flatMap(text -> JsonObject.parse(text).names().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void what_the_check_tells_of_the_settings_is_listed_as_refused() {
        TreeMap<String, String> refused = new TreeMap<>(tables.get(SETTINGS));
        refused.values().removeIf(becomes -> !becomes.equals("refused"));
        assertThat(refused.keySet()).isEqualTo(PredecessorDifferences.SWITCHES.keySet());
    }

    @Test
    void every_key_of_the_dump_is_listed() {
        List<Pattern> patterns = tables.get(KEYS).keySet().stream()
                .map(MigrationDocumentTest::pattern)
                .toList();
        assertThat(PredecessorDump.rows())
                .hasSize(849)
                .extracting(MigrationDocumentTest::key)
                .allMatch(key -> patterns.stream()
                        .anyMatch(pattern -> pattern.matcher(key).matches()));
    }

    private static String key(JsonObject row) {
        return row.string("key").orElseThrow();
    }

    private static Pattern pattern(String name) {
        return Pattern.compile(
                "\\Q" + name.replace("{}", "\\E[^:]+\\Q").replace("*", "\\E.*\\Q") + "\\E", Pattern.DOTALL);
    }

    @Test
    void what_the_relay_writes_is_listed_as_used() {
        Map<String, String> keys = tables.get("apikey");
        assertThat(List.of("name", "isActive", "expiresAt", "activatedAt", "updatedAt", "isDeleted", "permissions"))
                .allMatch(field -> keys.get(field).equals("used"));
    }
}
