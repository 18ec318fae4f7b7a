package org.ccrelayer.standalone;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.event.Attempt;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.internal.store.redis.PredecessorRules;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.PredecessorDump;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RecordingListener;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.RedisPrints;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A whole relay on a Redis that the predecessor's software wrote: every relay key that was issued there asks over HTTP, and what the
 * relay left behind is looked at with the predecessor's eyes.
 */
@Timeout(120)
class PredecessorTrafficTest {
    private static final int OFFSET = 8;
    private static final String MODEL = "claude-sonnet-4-5-20250929";
    private static final JsonObject SECRETS = PredecessorDump.secrets();

    /** $3, $15, $3.75, $6 and $0.30 for a million. */
    private static final Tokens USED = new Tokens(100, 20, 8, 5, 5_000);

    private static final BigDecimal PRICE = new BigDecimal("0.00216");

    /** That of a model that nobody knows, as the one that an account calls otherwise: $5, $25, $6.25, $10 and $0.50. */
    private static final BigDecimal UNKNOWN_PRICE = new BigDecimal("0.0036");

    /** {@code system:service_rates}. */
    private static final BigDecimal RATE = new BigDecimal("1.5");

    private static final List<String> UNAUTHENTICATED = List.of("key-expired", "key-disabled", "key-deleted");
    /** That of the key, beside it. */
    private static final BigDecimal RATE_OF_ALL_BUDGETS = new BigDecimal("0.8");

    private static final List<String> FORBIDDEN = List.of("key-perm-openai-only", "key-client-restricted");

    /** Keys that are bound to consumer logins. */
    private static final Set<String> LOGINS = Set.of(
            "key-bound-claude-main",
            "key-bound-claude-dedicated",
            "key-bound-claude-socks",
            "key-bound-claude-http",
            "key-bound-warn",
            "key-bound-rl",
            "key-bound-opus",
            "key-bound-401",
            "key-bound-blocked",
            "key-bound-500",
            "キー 鍵 🔑");

    /** A hash as JSON. */
    private static final String FIELDS = """
            local fields, found = redis.call('HGETALL', KEYS[1]), {}
            for i = 1, #fields, 2 do
              found[fields[i]] = fields[i + 1]
            end
            return cjson.encode(found)""";

    private static final Map<String, List<Asked>> ASKED = new TreeMap<>();
    private static final Map<String, String> IDS = new TreeMap<>();
    private static final Map<String, String> VERDICTS = new TreeMap<>();
    private static final TreeSet<String> SESSIONS = new TreeSet<>();

    private static RedisPeer peer;
    private static SimulatedClaude upstream;
    private static PredecessorRules rules;
    private static RecordingListener listener;
    private static Relay relay;
    private static RelayServer server;
    private static RedisPrints before;
    private static Map<String, BigDecimal> figures;
    private static Map<String, Map<String, String>> records;
    private static List<String> pool;
    private static JsonObject usage;
    private static Map<String, JsonObject> usageOfKeys;

    /**
     * One request.
     *
     * @param limit by which the predecessor would have refused it; empty for none
     */
    private record Asked(String limit, RawClient.Answer answer) {}

    @BeforeAll
    static void ask() throws Exception {
        peer = RedisPeer.start();
        upstream = SimulatedClaude.start(SimulatedClaude.Options.defaults().withoutRecording());
        upstream.always(Script.answer()
                .withUsage(USED.input(), USED.output(), USED.cacheWrite5m(), USED.cacheWrite1h(), USED.cacheRead()));
        PredecessorDump.into(peer);
        letAccountsStandAt(upstream.uri());
        String encryptionKey = SECRETS.string("encryptionKey").orElseThrow();
        rules = PredecessorRules.of(peer, encryptionKey);
        start(encryptionKey);
        look();
        for (JsonObject issued : SECRETS.objects("apiKeys")) {
            askWith(
                    issued.string("name").orElseThrow(),
                    issued.string("plaintext").orElseThrow());
        }
    }

    private static void letAccountsStandAt(URI place) {
        for (String key : peer.ask("KEYS", "claude_console_account:*-*").split("\n")) {
            String was = peer.ask("HGET", key, "apiUrl");
            assertThat(was).startsWith("http://127.0.0.1:21010");
            peer.ask("HSET", key, "apiUrl", place + (was.endsWith("/v1/messages") ? "/v1/messages" : ""));
        }
    }

    private static void start(String encryptionKey) {
        RelayConfig config = RelayFixture.config(Map.of(
                ConfigKey.REDIS_ADDR,
                peer.address(),
                ConfigKey.ENCRYPTION_KEY,
                encryptionKey,
                ConfigKey.PREDECESSOR_COMPAT,
                "true",
                ConfigKey.PATH_ALIASES,
                "/api,/claude"));
        listener = new RecordingListener();
        relay = Relay.builder(config).listener(listener).start();
        server = RelayServer.start(config, relay);
    }

    private static void look() {
        SECRETS.objects("apiKeys")
                .forEach(issued -> IDS.put(
                        issued.string("name").orElseThrow(), issued.string("id").orElseThrow()));
        usage = admin("/admin/usage");
        usageOfKeys = new TreeMap<>();
        for (String name : List.of("key-basic", "key-all-budgets", "key-rate")) {
            usageOfKeys.put(name, usageOf(name));
        }
        before = RedisPrints.of(peer);
        figures = PredecessorCounters.of(peer);
        records = records();
        VERDICTS.putAll(verdicts());
        pool = rules.pool(Instant.now());
    }

    private static Map<String, Map<String, String>> records() {
        Map<String, Map<String, String>> records = new TreeMap<>();
        for (String pattern : List.of("apikey:*-*-*-*-*", "claude_console_account:*-*-*-*-*")) {
            for (String key : peer.ask("KEYS", pattern).split("\n")) {
                String fields = peer.ask("EVAL", FIELDS, "1", key);
                records.put(key, PredecessorDump.fields(JsonObject.parse(fields)));
            }
        }
        return records;
    }

    private static List<UsageRecord> rows() {
        return listener.summaries().stream()
                .flatMap(summary -> summary.attempts().stream())
                .map(Attempt::row)
                .toList();
    }

    private static Map<String, String> verdicts() {
        Map<String, String> found = new TreeMap<>();
        SECRETS.objects("apiKeys")
                .forEach(issued -> found.put(
                        issued.string("name").orElseThrow(),
                        rules.verdict(issued.string("plaintext").orElseThrow(), Instant.now())));
        return found;
    }

    /** Once for a message, once for a stream, and twice in a session, on every path there is. */
    private static void askWith(String name, String key) throws IOException {
        String session =
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        SESSIONS.add(session);
        List<Asked> asked = new ArrayList<>();
        asked.add(askOnce(name, "/v1/messages", key, body(false, "")));
        asked.add(askOnce(name, "/api/v1/messages", key, body(true, "")));
        asked.add(askOnce(name, "/claude/v1/messages", key, body(true, session)));
        asked.add(askOnce(name, "/v1/messages", key, body(false, session)));
        ASKED.put(name, asked);
    }

    private static Asked askOnce(String name, String path, String key, byte[] body) throws IOException {
        String limit = rules.limit(requireNonNull(IDS.get(name)), Instant.now(), OFFSET);
        RawClient.Answer answer = post(path, key, body);
        awaitIdle();
        return new Asked(limit, answer);
    }

    private static void awaitIdle() {
        Wait.until(
                "everything is settled",
                () -> relay.exchangesInFlight() == 0
                        && peer.ask("KEYS", "relay:lease:*").isEmpty());
    }

    private static RawClient.Answer post(String path, String key, byte[] body) throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            return client.post(path, key, body).readAnswer();
        }
    }

    private static byte[] body(boolean stream, String session) {
        String user = "user_" + "0".repeat(64) + "_account__session_" + session;
        return ("{\"model\":\"" + MODEL + "\",\"max_tokens\":100,\"stream\":" + stream
                        + (session.isEmpty() ? "" : ",\"metadata\":{\"user_id\":\"" + user + "\"}")
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + Canary.PROMPT.text() + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject usageOf(String name) {
        return admin("/admin/usage?key=" + IDS.get(name));
    }

    private static JsonObject admin(String path) {
        String login = "{\"username\":\"admin\",\"password\":\"" + RelayFixture.ADMIN_PASSWORD + "\"}";
        try (RawClient client = new RawClient(server.port());
                RawClient asking = new RawClient(server.port())) {
            String answer = client.post("/admin/login", "", login.getBytes(StandardCharsets.UTF_8))
                    .readAnswer()
                    .text();
            Canaries.rememberIssued(answer);
            String token = JsonObject.parse(answer).string("token").orElseThrow();
            return JsonObject.parse(asking.head("GET " + path, "authorization: Bearer " + token)
                    .readAnswer()
                    .text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        rules.close();
        upstream.close();
        peer.close();
    }

    private static List<RawClient.Answer> answers(String name) {
        return asked(name).stream().map(Asked::answer).toList();
    }

    private static List<Asked> asked(String name) {
        return requireNonNull(ASKED.get(name), name);
    }

    private static void assertRefused(RawClient.Answer answer, int status, String type) {
        assertThat(answer.head().status()).isEqualTo(status);
        JsonObject error = JsonObject.parse(answer.text()).object("error").orElseThrow();
        assertThat(error.string("type")).contains(type);
    }

    @Test
    void every_key_that_was_issued_has_its_verdict() {
        assertThat(ASKED).hasSize(43).containsKeys(UNAUTHENTICATED.toArray(String[]::new));
        ASKED.forEach((name, all) -> {
            String verdict = VERDICTS.get(name);
            for (Asked each : all) {
                if (UNAUTHENTICATED.contains(name)) {
                    assertThat(verdict).as(name).startsWith("API key ");
                    assertRefused(each.answer(), 401, "authentication_error");
                } else if (FORBIDDEN.contains(name)) {
                    assertThat(verdict).as(name).matches("permission_error|client must be .*");
                    assertRefused(each.answer(), 403, "permission_error");
                } else if (verdict.startsWith("API key ")) {
                    assertThat(name).as("a life of 30 days, over some day").isEqualTo("key-activation-used");
                } else {
                    assertIsLetIn(name, each);
                }
            }
        });
    }

    private static void assertIsLetIn(String name, Asked asked) {
        assertThat(VERDICTS.get(name)).as(name).isIn("ok", "begins");
        if (!asked.limit().isEmpty()) {
            boolean budget = asked.limit().endsWith("CostLimit");
            assertRefused(asked.answer(), 429, budget ? "billing_error" : "rate_limit_error");
        } else if (LOGINS.contains(name)) {
            assertRefused(asked.answer(), 529, "overloaded_error");
        } else {
            assertThat(asked.answer().head().status()).as(name).isEqualTo(200);
            assertThat(asked.answer().text()).as(name).containsAnyOf("event: message_stop", "\"stop_reason\"");
        }
    }

    @Test
    void keys_with_limits_were_let_in_until_those_were_reached() {
        for (String name : List.of("key-rate", "key-rate-cost", "key-rate-tokens-legacy", "key-total")) {
            assertThat(asked(name))
                    .as(name)
                    .last()
                    .matches(last -> !last.limit().isEmpty());
        }
        assertThat(answers("key-rate"))
                .extracting(answer -> answer.head().status())
                .containsExactly(200, 200, 200, 429);
    }

    @Test
    void nothing_changed_but_what_the_document_says_of_those_that_took_part() throws IOException {
        TreeSet<String> ids = new TreeSet<>(SESSIONS);
        ids.add(sessionByText(Canary.PROMPT.text()));
        rows().forEach(row -> ids.addAll(List.of(row.keyId(), row.accountId(), row.model())));
        TreeSet<String> changed = RedisPrints.of(peer).changedSince(before);
        changed.removeIf(key -> key.startsWith("relay:"));
        assertThat(changed).hasSizeGreaterThan(300).allMatch(WriteTable.of(ids));
        assertThat(WriteTable.of(ids).test("usage:" + IDS.get("key-disabled"))).isFalse();
    }

    /** A conversation that names no session goes by its first text. */
    private static String sessionByText(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, 32);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void records_keep_every_field_but_those_that_tell_of_the_use() {
        List<String> uses = List.of("lastUsedAt");
        List<String> begins = List.of("lastUsedAt", "isActivated", "activatedAt", "expiresAt", "updatedAt");
        records().forEach((record, fields) -> {
            Map<String, String> was = requireNonNull(records.get(record), record);
            TreeSet<String> names = new TreeSet<>(was.keySet());
            names.addAll(fields.keySet());
            names.removeIf(name -> Objects.equals(was.get(name), fields.get(name)));
            boolean begun = record.endsWith(requireNonNull(IDS.get("key-activation-unused")));
            assertThat(names).as(record).isSubsetOf(begun ? begins : uses);
        });
    }

    @Test
    void no_life_became_shorter() {
        assertThat(RedisPrints.of(peer).shortenedSince(before)).isEmpty();
    }

    @Test
    void the_predecessor_would_judge_as_before() {
        Map<String, String> expected = new TreeMap<>(VERDICTS);
        assertThat(expected.put("key-activation-unused", "ok")).isEqualTo("begins");
        assertThat(verdicts()).isEqualTo(expected);
        assertThat(rules.pool(Instant.now())).isEqualTo(pool).isNotEmpty();
        for (String name : ASKED.keySet()) {
            String last = asked(name).get(asked(name).size() - 1).limit();
            boolean served =
                    answers(name).stream().anyMatch(answer -> answer.head().status() == 200);
            if (!served || !last.isEmpty()) {
                assertThat(rules.limit(IDS.get(name), Instant.now(), OFFSET))
                        .as(name)
                        .isEqualTo(last);
            }
        }
    }

    /** What was used, from what the clients were answered and not from what the relay counted. */
    @Test
    void every_counter_of_the_predecessor_rose_by_what_was_used() {
        long served = ASKED.keySet().stream()
                .flatMap(name -> answers(name).stream())
                .filter(answer -> answer.head().status() == 200)
                .count();
        assertThat(rows()).hasSize((int) served).allMatch(row -> row.state() == UsageRecord.State.FINAL);
        PredecessorCounters used = new PredecessorCounters(OFFSET);
        for (UsageRecord row : rows()) {
            used.add(row, rules.week(row.keyId(), row.admittedAt(), OFFSET), USED, price(row), counted(row));
        }
        Map<String, BigDecimal> expected = used.addedTo(figures);
        Map<String, BigDecimal> found = PredecessorCounters.of(peer);
        assertThat(different(found, expected)).isEmpty();
    }

    private static Map<String, String> different(Map<String, BigDecimal> found, Map<String, BigDecimal> expected) {
        TreeSet<String> names = new TreeSet<>(found.keySet());
        names.addAll(expected.keySet());
        names.removeIf(name -> Objects.equals(found.get(name), expected.get(name)));
        Map<String, String> different = new TreeMap<>();
        names.forEach(name -> different.put(name, found.get(name) + " and not " + expected.get(name)));
        return different;
    }

    private static BigDecimal price(UsageRecord row) {
        return row.model().equals(MODEL) ? PRICE : UNKNOWN_PRICE;
    }

    private static BigDecimal counted(UsageRecord row) {
        BigDecimal rated = price(row).multiply(RATE);
        return row.keyId().equals(IDS.get("key-all-budgets")) ? rated.multiply(RATE_OF_ALL_BUDGETS) : rated;
    }

    @Test
    void the_administration_tells_of_exactly_as_much_more() {
        assertRose(admin("/admin/usage"), usage, rows());
        usageOfKeys.forEach((name, was) -> {
            List<UsageRecord> its = rows().stream()
                    .filter(row -> row.keyId().equals(IDS.get(name)))
                    .toList();
            assertThat(its).hasSizeGreaterThan(2);
            assertRose(usageOf(name), was, its);
        });
    }

    private static void assertRose(JsonObject now, JsonObject was, List<UsageRecord> rows) {
        BigDecimal requests = BigDecimal.valueOf(rows.size());
        assertRose("requests", now, was, requests);
        assertRose("inputTokens", now, was, requests.multiply(BigDecimal.valueOf(USED.input())));
        assertRose("cacheReadTokens", now, was, requests.multiply(BigDecimal.valueOf(USED.cacheRead())));
        assertRose("costUsd", now, was, sum(rows, PredecessorTrafficTest::price));
        assertRose("countedUsd", now, was, sum(rows, PredecessorTrafficTest::counted));
    }

    private static BigDecimal sum(List<UsageRecord> rows, Function<UsageRecord, BigDecimal> amount) {
        return rows.stream().map(amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static void assertRose(String name, JsonObject now, JsonObject was, BigDecimal by) {
        assertThat(number(now, name).subtract(number(was, name))).as(name).isEqualByComparingTo(by);
    }

    private static BigDecimal number(JsonObject usage, String name) {
        return usage.decimal(name).orElseThrow();
    }
}
