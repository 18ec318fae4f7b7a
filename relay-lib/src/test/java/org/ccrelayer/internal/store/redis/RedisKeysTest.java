package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.ccrelayer.account.AccountRest;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.ownership.Maker;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageSubject;
import org.junit.jupiter.api.Test;

/** The table of keys: it is what the documentation says, and what is in a Redis. */
class RedisKeysTest {
    private static final Path DOCUMENT = Path.of("../docs/redis.md");
    private static final Duration TTL = Duration.ofMinutes(5);

    @Test
    void the_document_holds_the_table() throws IOException {
        assertThat(Files.readString(DOCUMENT)).contains(RedisKeys.table(false), RedisKeys.table(true));
    }

    @Test
    void no_two_names_make_the_same_key() {
        String[] names = {"a", "b", "a:b", "b:a", ":", "%", "%003A", "", "\ud800", "\ud801", "?", "ä", "\ud83d\ude00"};
        Set<String> keys = new HashSet<>();
        for (String key : names) {
            for (String kind : names) {
                assertThat(keys.add(utf8(RedisKeys.OBJECTS.key(key, kind)))).isTrue();
                assertThat(keys.add(utf8(RedisKeys.OBJECTS_ASKED.key(key, kind))))
                        .isTrue();
            }
            for (UsageSubject.Kind kind : UsageSubject.Kind.values()) {
                String sum = RedisKeys.usage(new UsageSubject(kind, key));
                assertThat(kind == UsageSubject.Kind.EVERYTHING || keys.add(utf8(sum)))
                        .isTrue();
            }
            assertThat(keys.add(utf8(RedisKeys.MODELS.key(key)))).isTrue();
        }
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Test
    void every_key_stands_in_the_table_with_its_type_and_its_life_and_no_secret_in_it() throws IOException {
        try (RedisPeer peer = RedisPeer.start();
                RedisRelay relay = RedisRelay.of(peer, RedisRelay.PATIENT, InstantSource.system())) {
            doEverything(relay);
            relay.away().noticed();
            Wait.until(
                    "Redis is found to take writes",
                    () -> peer.ask("EXISTS", "relay:probe").equals("1"));
            Set<String> seen = new HashSet<>();
            for (String key : peer.ask("KEYS", "relay:*").split("\n")) {
                String[] row = row(key);
                seen.add(row[1]);
                assertThat(peer.ask("TYPE", key).replace("zset", "sorted set"))
                        .as(key)
                        .isEqualTo(row[2]);
                boolean lasts = row[3].startsWith("none") || key.matches("relay:objects:.*:(file|skill|batch)");
                assertThat(peer.ask("PTTL", key).equals("-1")).as(key).isEqualTo(lasts);
                assertThat(everything(peer, key)).as(key).doesNotContain("canary");
            }
            assertThat(seen)
                    .as("kinds of keys that were made")
                    .hasSize(RedisKeys.table(false).split("\n").length - 2);
        }
    }

    private static void doEverything(RedisRelay relay) {
        relay.apiKeys().create(Samples.key("k", 7));
        relay.accounts().create(Samples.account("a", 2));
        Budgets budgets = new Budgets(BudgetMode.STRICT, 90, 90, new Budgets.Weekly(90, "all", 1, 0), null);
        KeyLimits limits = KeyLimits.NONE.withBudgets(budgets).withRate(new RateLimit(9, 9, 9, 9));
        for (String exchange : new String[] {"x", "y"}) {
            relay.limits().claim(new Claim(new Lease("k", exchange), limits, ZoneOffset.UTC, "opus", 9, TTL));
        }
        UsageRecord row = Samples.row("x-1", "x", "k", 4);
        Samples.book(relay.usage(), row);
        Samples.book(relay.usage(), Samples.row("foreign", "x", "k", 4));
        relay.usage().open(Samples.row("x-2", "x", "k", 4).in(UsageRecord.State.RESERVED));
        relay.sessions().keep("k", "s", "a", TTL);
        List<ObjectId> objects = new ArrayList<>();
        for (ObjectKind kind : ObjectKind.values()) {
            objects.add(new ObjectId(kind, Canary.ACCESS_TOKEN.text()));
        }
        relay.objects().made("k", objects, new Maker("a", "w"));
        StoredToken token = new StoredToken(
                "a",
                Canary.CLIENT_SECRET.text(),
                new StoredToken.Access(Secret.of(Canary.ACCESS_TOKEN.text()), Samples.START, Samples.START),
                Secret.of(Canary.REFRESH_TOKEN.text()),
                null,
                null);
        relay.tokens().update("a", none -> Optional.of(token));
        relay.tokens().lock("a", "me", TTL);
        AccountRest rest = new AccountRest("a", "", Instant.now().plus(TTL), "timeout", 504, true, "timed out (504)");
        relay.rests().orElseThrow().begun(rest);
    }

    private static String everything(RedisPeer peer, String key) {
        String text = key;
        for (String command : new String[] {"GET", "HGETALL"}) {
            text += peer.ask(command, key);
        }
        return text + peer.ask("ZRANGE", key, "0", "-1");
    }

    /** The most particular pattern that a key has. */
    private static String[] row(String key) {
        Map<String, String[]> rows = new HashMap<>();
        for (String line : RedisKeys.table(false).split("\n")) {
            String[] cells = line.split(" ?\\| ?");
            if (cells.length > 1 && cells[1].startsWith("`")) {
                String pattern = cells[1].replace("`", "")
                        .replace("{sum}", "relay:usage:(everything|(key|account|model):[^:]*)")
                        .replace(":{period}", ":(hour|day|month)")
                        .replace(":{name}", ":[-:0-9]+")
                        .replace("usage:{kind}", "usage:(key|account|model)")
                        .replace("{kind}", "[a-z_]+")
                        .replaceAll("\\{[a-z]+}", "[^:]*");
                rows.put(pattern, cells);
            }
        }
        List<String> fits = rows.keySet().stream()
                .filter(pattern -> Pattern.matches(pattern, key))
                .toList();
        assertThat(fits).as(key).hasSize(1);
        return rows.get(fits.get(0));
    }
}
