package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.session.SessionStore;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the predecessor says of sessions, and is told of them, in a Redis that its software wrote. */
@Timeout(60)
class PredecessorSessionsTest extends OnTheDump {
    private static final Duration TTL = Duration.ofHours(1);
    private static final String SESSION = "3f1a2b4c-1111-4aaa-8bbb-000000000001";
    private static final String MAPPED = "684de7ce-87b0-413a-803d-4d11a8b698f5";
    private static final String NEW = "3f1a2b4c-9999-4aaa-8bbb-000000000009";

    private final RedisSessions sessions = new RedisSessions(dump.redis, RedisTime.of(dump.clock));
    private final String other = "f6c28464-7f3f-4a0d-9d35-70615a45f0e1";

    private String mappingKey(String session) {
        return "unified_claude_session_mapping:" + session;
    }

    private void set(String key, String value) {
        dump.peer.ask("SET", key, value, "EX", "100");
    }

    /** As the predecessor reads it. */
    private JsonObject mapping(String session) {
        return JsonObject.parse(dump.peer.ask("GET", mappingKey(session)));
    }

    private void keep(String key, String session, String account) {
        sessions.keepForAll(key, session, session, account, TTL);
        // Does not wait; what is asked on the same connection comes behind it.
        sessions.account(key, session);
    }

    private Optional<String> account(String key, String session, String common) {
        return ask(key, new SessionStore.Question(session, common, false));
    }

    private Optional<String> bound(String key, String session, String common) {
        return ask(key, new SessionStore.Question(session, common, true));
    }

    private Optional<String> ask(String key, SessionStore.Question question) {
        return sessions.ask(key, List.of(question)).toCompletableFuture().join().get(0);
    }

    @Test
    void a_session_that_the_predecessor_served_finds_its_account_until_the_relay_has_one_of_its_own() {
        Map<String, DumpFixture.Print> before = dump.prints();
        assertThat(account("k", "own-name", SESSION)).contains(MAPPED);
        assertThat(dump.changedSince(before)).as("a hint is only read").isEmpty();
        sessions.keep("k", "own-name", "another", TTL);
        assertThat(account("k", "own-name", SESSION)).contains("another");
        assertThat(account("k2", "own-name", SESSION)).contains(MAPPED);
        assertThat(sessions.account("k", "own-name")).contains("another");
    }

    @Test
    void it_takes_one_command() {
        account("k", "s", SESSION);
        dump.peer.countAnew();
        account("k", "s", SESSION);
        sessions.keepForAll("k", "s", SESSION, other, TTL);
        Wait.until(
                "it is kept", () -> !dump.peer.ask("EXISTS", "relay:sessions:k").equals("0"));
        assertThat(dump.peer.calls().get("evalsha")).isEqualTo(2);
    }

    @Test
    void the_old_mapping_counts_where_there_is_no_newer_one() {
        set("sticky_session:" + NEW, other);
        assertThat(account("k", NEW, NEW)).contains(other);
        set(mappingKey(NEW), "{\"accountId\":\"" + MAPPED + "\",\"accountType\":\"claude-console\"}");
        assertThat(account("k", NEW, NEW)).contains(MAPPED);
        set(mappingKey(NEW), "{\"accountId\":\"" + MAPPED + "\",\"accountType\":\"claude-official\"}");
        assertThat(account("k", NEW, NEW)).isEmpty();
    }

    @Test
    void a_mapping_that_names_no_account_of_the_relay_is_none() {
        for (String text : new String[] {
            "{\"accountId\":\"gone\",\"accountType\":\"claude-console\"}",
            "{\"accountId\":\"" + other + "\",\"accountType\":\"ccr\"}",
            "{\"accountId\":null,\"accountType\":\"claude-console\"}",
            "{\"accountId\":[\"" + other + "\"],\"accountType\":\"claude-console\"}",
            "{\"accountType\":\"claude-console\"}",
            "[]",
            "null",
            "\"" + other + "\"",
            other,
            "{",
            ""
        }) {
            set(mappingKey(NEW), text);
            assertThat(account("k", NEW, NEW)).as(text).isEmpty();
        }
        dump.peer.ask("DEL", mappingKey(NEW));
        dump.peer.ask("RPUSH", mappingKey(NEW), other);
        dump.peer.ask("RPUSH", "sticky_session:" + NEW, other);
        assertThat(account("k", NEW, NEW)).isEmpty();
        keep("k", NEW, other);
        assertThat(dump.peer.ask("TYPE", mappingKey(NEW))).isEqualTo("list");
        assertThat(account("k", NEW, NEW)).contains(other);
    }

    @Test
    void an_answered_session_is_warm_for_the_predecessor() {
        keep("k", NEW, other);
        assertThat(mapping(NEW).string("accountId")).contains(other);
        assertThat(mapping(NEW).string("accountType")).contains("claude-console");
        assertThat(dump.ttl(mappingKey(NEW))).isBetween(3_590_000L, 3_600_000L);
    }

    @Test
    void what_one_relay_key_wrote_moves_no_session_of_another() {
        keep("k", NEW, other);
        assertThat(account("k2", NEW, NEW)).isEmpty();
        keep("k2", NEW, MAPPED);
        assertThat(mapping(NEW).string("accountId")).contains(MAPPED);
        assertThat(account("k", NEW, NEW)).contains(other);
        assertThat(account("k2", NEW, NEW)).contains(MAPPED);
    }

    @Test
    void an_account_that_the_predecessor_does_not_know_is_not_told() {
        keep("k", NEW, "own-account");
        assertThat(sessions.account("k", NEW)).contains("own-account");
        assertThat(dump.peer.ask("EXISTS", mappingKey(NEW))).isEqualTo("0");
        keep("k", SESSION, "own-account");
        assertThat(mapping(SESSION).string("accountId")).contains(MAPPED);
    }

    @Test
    void a_mapping_lives_on_and_never_for_less() {
        String text = dump.peer.ask("GET", mappingKey(SESSION));
        dump.peer.ask("EXPIRE", mappingKey(SESSION), "1000");
        keep("k", SESSION, MAPPED);
        assertThat(dump.ttl(mappingKey(SESSION))).as("not yet short").isLessThanOrEqualTo(1_000_000);
        dump.peer.ask("EXPIRE", mappingKey(SESSION), "800");
        keep("k", SESSION, MAPPED);
        assertThat(dump.ttl(mappingKey(SESSION))).isGreaterThan(3_500_000);
        assertThat(dump.peer.ask("GET", mappingKey(SESSION))).isEqualTo(text);
        dump.peer.ask("EXPIRE", mappingKey(SESSION), "9000");
        keep("k", SESSION, other);
        assertThat(mapping(SESSION).string("accountId")).contains(other);
        assertThat(dump.ttl(mappingKey(SESSION))).isGreaterThan(8_900_000);
        dump.peer.ask("PERSIST", mappingKey(SESSION));
        keep("k", SESSION, MAPPED);
        assertThat(dump.ttl(mappingKey(SESSION))).isEqualTo(-1);
        assertThat(mapping(SESSION).string("accountId")).contains(MAPPED);
    }

    @Test
    void a_session_that_is_bound_to_a_consumer_login_is_free_for_the_relay() {
        String bound = "3f1a2b4c-2222-4aaa-8bbb-000000000002";
        Map<String, DumpFixture.Print> before = dump.prints();
        assertThat(bound("k", "binding:s", bound)).isEmpty();
        assertThat(bound("k", "binding:s", "unknown")).isEmpty();
        assertThat(dump.changedSince(before)).isEmpty();
        set("original_session_binding:" + NEW, "{\"accountId\":\"" + other + "\",\"accountType\":\"claude-console\"}");
        assertThat(bound("k", "binding:s", NEW)).contains(other);
        sessions.bind("k", "binding:s", MAPPED, TTL);
        assertThat(bound("k", "binding:s", NEW)).contains(MAPPED);
        set("original_session_binding:" + NEW, "{\"accountId\":\"gone\",\"accountType\":\"claude-console\"}");
        assertThat(bound("k2", "binding:s", NEW)).isEmpty();
    }
}
