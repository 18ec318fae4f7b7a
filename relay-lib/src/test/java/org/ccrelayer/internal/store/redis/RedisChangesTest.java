package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.testkit.OnRedis;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Relays that would keep what they know for an hour hear of each other's changes. */
class RedisChangesTest extends OnRedis {
    private static final Confirmed.Terms AN_HOUR =
            new Confirmed.Terms(Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(10), 100);

    private RedisRelay one;
    private RedisRelay other;

    @BeforeEach
    void openBoth() {
        peer.clear();
        one = RedisRelay.keeping(peer, AN_HOUR);
        other = RedisRelay.keeping(peer, AN_HOUR);
        Wait.until("both to hear", () -> hearing() == 2);
    }

    @AfterEach
    void closeBoth() {
        one.close();
        other.close();
        assertThat(peer.ask("PUBSUB", "NUMSUB", RedisKeys.CHANGES)).endsWith("\n0");
    }

    private static int hearing() {
        return Integer.parseInt(peer.ask("PUBSUB", "NUMSUB", RedisKeys.CHANGES).split("\n")[1]);
    }

    private Optional<ApiKey> found(ApiKey key) {
        return other.apiKeys().findByHash(key.hash());
    }

    private static ApiKey renamed(ApiKey old) {
        return new ApiKey(
                old.id(),
                "another",
                old.hash(),
                old.enabled(),
                old.limits(),
                old.createdAt(),
                old.expiresAt(),
                old.activation());
    }

    @Test
    void a_key_that_is_issued_changed_or_deleted() {
        ApiKey key = Samples.key("k", 1);
        assertThat(found(key)).isEmpty();
        one.apiKeys().create(key);
        Wait.until("the new key to be known", () -> found(key).isPresent());
        one.apiKeys().update("k", RedisChangesTest::renamed);
        Wait.until("its name to be known", () -> found(key).orElseThrow().name().equals("another"));
        assertThat(one.apiKeys().findByHash(key.hash()).orElseThrow().name()).isEqualTo("another");
        one.apiKeys().delete("k");
        assertThat(one.apiKeys().findByHash(key.hash())).isEmpty();
        Wait.until("it to be gone", () -> found(key).isEmpty());
    }

    @Test
    void an_account_that_is_added_changed_or_deleted() {
        Account account = Samples.account("a", 1);
        assertThat(other.accounts().list()).isEmpty();
        one.accounts().create(account);
        Wait.until("the new account to be known", () -> other.accounts().list().size() == 1);
        one.accounts().update("a", old -> Samples.account("a", 2));
        Wait.until(
                "its change to be known",
                () -> other.accounts()
                        .list()
                        .get(0)
                        .name()
                        .equals(Samples.account("a", 2).name()));
        one.accounts().delete("a");
        assertThat(one.accounts().list()).isEmpty();
        Wait.until("it to be gone", () -> other.accounts().list().isEmpty());
    }

    @Test
    void tokens_and_what_was_read_before_a_lock() {
        assertThat(other.tokens().find("a")).isEmpty();
        one.tokens().update("a", none -> Optional.of(StoredToken.none("a", "origin")));
        Wait.until("the tokens to be known", () -> other.tokens().find("a").isPresent());
        peer.ask("DEL", RedisKeys.TOKEN.key("a"));
        assertThat(other.tokens().find("a")).as("nobody told").isPresent();
        assertThat(other.tokens().lock("a", "o", Duration.ofSeconds(5))).isTrue();
        assertThat(other.tokens().find("a")).isEmpty();
    }

    @Test
    void a_connection_that_was_cut_hears_again() {
        ApiKey key = Samples.key("k", 1);
        one.apiKeys().create(key);
        peer.ask("CLIENT", "KILL", "TYPE", "pubsub");
        Wait.until("both to hear again", () -> hearing() == 2);
        assertThat(found(key)).isPresent();
        one.apiKeys().delete("k");
        Wait.until("it to be gone", () -> found(key).isEmpty());
    }

    @Test
    void a_message_that_is_none_of_a_relay_is_no_harm() {
        ApiKey key = Samples.key("k", 1);
        one.apiKeys().create(key);
        assertThat(found(key)).isPresent();
        for (String message : new String[] {"", " ", "KEY", "SOMETHING k", "KEY "}) {
            peer.ask("PUBLISH", RedisKeys.CHANGES, message);
        }
        one.apiKeys().delete("k");
        Wait.until("it to be gone", () -> found(key).isEmpty());
    }

    @Test
    void who_may_not_hear_starts_all_the_same() {
        peer.ask("ACL", "SETUSER", "deaf", "on", ">password", "~*", "+@all", "resetchannels");
        RedisTarget target = RedisTarget.of("redis://deaf:password@" + peer.address(), null, null);
        try (RedisLink link = RedisLink.open(target, RedisRelay.PATIENT, InstantSource.system());
                RedisChanges changes = new RedisChanges(link)) {
            changes.hear();
            changes.tell(RedisChanges.Kind.KEY, "k");
            assertThat(link.<String>call(redis -> redis.ping())).isEqualTo("PONG");
        } finally {
            peer.ask("ACL", "DELUSER", "deaf");
        }
    }
}
