package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.testkit.OnRedis;
import org.ccrelayer.testkit.PredecessorDump;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command that looks through the predecessor's Redis, as an operator gives it. */
@Timeout(120)
class MigrateTest extends OnRedis {
    private static final String KEY =
            PredecessorDump.secrets().string("encryptionKey").orElseThrow();

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void load() throws IOException {
        PredecessorDump.into(peer);
    }

    /** The exit status of the command with those lines of a file. */
    private int migrate(List<String> settings, String... arguments) throws Exception {
        Path file = Files.write(folder.resolve("migration.properties"), settings);
        List<String> command = new ArrayList<>(List.of("migrate", "--config", file.toString()));
        command.addAll(List.of(arguments));
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new Main())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(command.toArray(String[]::new));
    }

    private static List<String> complete(RedisPeer redis) {
        return List.of("redis-addr=" + redis.address(), "encryption-key=" + KEY, "predecessor-compat=true");
    }

    private static Map<String, String> dumps() {
        Map<String, String> dumps = new TreeMap<>();
        for (String key : peer.ask("KEYS", "*").split("\n")) {
            dumps.put(key, peer.ask("DUMP", key));
        }
        return dumps;
    }

    @Test
    void it_reports_on_the_predecessors_data_without_secrets_and_writes_nothing() throws Exception {
        Map<String, String> before = dumps();
        assertThat(before).hasSize(849);
        peer.countAnew();
        assertThat(migrate(complete(peer), "--check")).as(err.toString()).isEqualTo(1);
        assertThat(peer.calls().keySet())
                .contains("scan", "hgetall")
                .isSubsetOf(
                        "scan",
                        "type",
                        "hgetall",
                        "get",
                        "exists",
                        "smembers",
                        "info",
                        "ping",
                        "hello",
                        "client|setinfo",
                        "client",
                        "auth",
                        "select",
                        "config|resetstat",
                        "config");
        assertThat(dumps()).isEqualTo(before);
        assertThat(out.toString())
                .startsWith("Redis at " + peer.address() + ", only read:\n")
                .contains("     13  API-key accounts\n", "     43  relay keys\n", "Will not work as before:\n  - ")
                .contains("Days and weeks begin at UTC+08:00");
        for (JsonObject field : PredecessorDump.secrets().objects("encryptedFields")) {
            String secret = field.string("plaintext").orElseThrow();
            assertThat(secret.length() > 5 && out.toString().contains(secret)).isFalse();
        }
        assertThat(out + err.toString()).doesNotContain(KEY, "pr0xy");
    }

    @Test
    void programs_get_one_object_and_nothing_else() throws Exception {
        assertThat(migrate(complete(peer), "--check", "--json")).isEqualTo(1);
        assertThat(JsonObject.parse(out.toString()).objects("relayKeys")).hasSize(43);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void an_empty_redis_is_fine() throws Exception {
        try (RedisPeer empty = RedisPeer.start()) {
            assertThat(migrate(complete(empty), "--check")).isZero();
            assertThat(out.toString()).contains("      0  relay keys\n", "Will not work as before: nothing.\n");
            assertThat(empty.ask("DBSIZE")).isEqualTo("0");
        }
    }

    @Test
    void settings_that_are_wrong_are_told_and_end_with_the_status_of_that() throws Exception {
        assertThat(migrate(List.of("encryption-key=" + RelayFixture.ENCRYPTION_KEY), "--check"))
                .isEqualTo(2);
        assertThat(err.toString()).startsWith("Nothing was checked:\n").contains("REDIS_ADDR): is required");
        assertThat(migrate(List.of("redis-addr=" + peer.address(), "encryption-key=short"), "--check"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("predecessor-compat (PREDECESSOR_COMPAT)")
                .doesNotContain("=short");
        assertThat(migrate(List.of("REDIS_HOST=localhost"), "--check")).isEqualTo(2);
        assertThat(err.toString()).contains("REDIS_HOST: there is no such setting; give host and port as redis-addr");
        assertThat(migrate(complete(peer), "--check", "--set", "encryption-key=" + KEY))
                .isEqualTo(2);
        assertThat(err.toString()).contains("others can read the command line").doesNotContain(KEY);
        assertThat(migrate(complete(peer))).isEqualTo(2);
        assertThat(err.toString()).contains("--check");
    }

    @Test
    void a_redis_that_does_not_answer_is_told() throws Exception {
        String address;
        try (RedisPeer gone = RedisPeer.start()) {
            address = gone.address();
        }
        assertThat(migrate(
                        List.of("redis-addr=" + address, "encryption-key=" + RelayFixture.ENCRYPTION_KEY), "--check"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("REDIS_ADDR: no Redis answers at " + address);
        assertThat(out.toString()).isEmpty();
    }
}
