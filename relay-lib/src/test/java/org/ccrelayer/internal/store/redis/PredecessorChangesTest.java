package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.AuthHeader;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.KeyRouting;
import org.ccrelayer.internal.json.JsonObject;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the relay's changes write into a Redis that the predecessor's software wrote: what they mean, and nothing else. */
@Timeout(60)
class PredecessorChangesTest extends OnTheDump {
    private static final String NOW = "2026-11-22T17:54:19.709Z";
    private static final long YEAR = Duration.ofDays(365).toMillis();

    private final Map<String, DumpFixture.Print> before = dump.prints();

    @Test
    void reading_writes_nothing() {
        dump.accounts.list();
        dump.keys.list();
        authenticate("key-basic");
        dump.accounts.update(dump.account("main"), same -> same);
        dump.keys.update(dump.keyId("key-basic"), same -> same);
        assertThat(dump.changedSince(before)).isEmpty();
    }

    @Test
    void a_use_makes_a_key_live_for_another_year_and_never_shorter() {
        String key = RedisKeys.KEY.key(dump.keyId("key-basic"));
        long left = dump.ttl(key);
        authenticate("key-basic");
        assertThat(dump.ttl(key)).isLessThanOrEqualTo(left);
        dump.redis.call(commands -> commands.pexpire(key, 1_000_000));
        authenticate("key-basic");
        assertThat(dump.ttl(key)).isBetween(YEAR - 60_000, YEAR);
        dump.redis.call(commands -> commands.persist(key));
        authenticate("key-basic");
        assertThat(dump.ttl(key)).isEqualTo(-1);
    }

    @Test
    void what_the_predecessor_cannot_say_outlives_its_record_of_a_key() {
        String id = dump.keyId("key-basic");
        dump.keys.update(id, old -> limited(old, KeyLimits.ofModels(Set.of("model-a"))));
        assertThat(dump.ttl(RedisKeys.OWN_KEY.key(id))).isEqualTo(-1);
        dump.redis.call(commands -> commands.pexpire(RedisKeys.KEY.key(id), 1_000_000));
        authenticate("key-basic");
        assertThat(dump.ttl(RedisKeys.OWN_KEY.key(id))).isEqualTo(-1);
        assertThat(dump.keys.find(id).orElseThrow().limits().modelsAllowed()).containsExactly("model-a");
    }

    private static ApiKey limited(ApiKey old, KeyLimits limits) {
        return new ApiKey(
                old.id(),
                old.name(),
                old.hash(),
                old.enabled(),
                limits,
                old.createdAt(),
                old.expiresAt(),
                old.activation(),
                old.routing(),
                old.access());
    }

    @Test
    void a_change_shortens_no_life_and_ends_none_that_has_no_end() {
        String id = dump.keyId("key-basic");
        String key = RedisKeys.KEY.key(id);
        dump.redis.call(commands -> commands.pexpire(key, 2 * YEAR));
        dump.keys.update(id, old -> named(old, "longer", old.enabled()));
        assertThat(dump.ttl(key)).isGreaterThan(YEAR + 60_000);
        dump.redis.call(commands -> commands.persist(key));
        dump.keys.update(id, old -> named(old, "for ever", old.enabled()));
        assertThat(dump.ttl(key)).isEqualTo(-1);
        dump.keys.delete(id);
        assertThat(dump.ttl(key)).isEqualTo(-1);
        String other = RedisKeys.KEY.key(dump.keyId("key-rate"));
        dump.redis.call(commands -> commands.pexpire(other, 2 * YEAR));
        dump.keys.delete(dump.keyId("key-rate"));
        assertThat(dump.ttl(other)).isGreaterThan(YEAR + 60_000);
    }

    private void authenticate(String name) {
        dump.authenticator(false).authenticate(HttpFields.build().put("x-api-key", dump.plaintext(name)), null);
    }

    @Test
    void a_renamed_key_changes_its_name_and_the_index_of_names() {
        String id = dump.keyId("key-basic");
        Map<String, String> fields = dump.hash(RedisKeys.KEY.key(id));
        dump.keys.update(id, old -> named(old, "Renamed 鍵", old.enabled()));
        assertThat(changed(RedisKeys.KEY.key(id), fields)).isEqualTo(Map.of("name", "Renamed 鍵", "updatedAt", NOW));
        assertThat(dump.changedSince(before)).containsExactly(RedisKeys.KEY.key(id), RedisKeys.KEYS_BY_NAME.key());
        List<String> names = dump.redis.call(commands -> commands.zrange(RedisKeys.KEYS_BY_NAME.key(), 0, -1));
        assertThat(names).contains("renamed 鍵\0" + id).doesNotContain("key-basic\0" + id);
        assertThat(dump.ttl(RedisKeys.KEY.key(id))).isBetween(YEAR - 60_000, YEAR);
    }

    @Test
    void a_key_that_is_switched_off_is_off_for_the_predecessor_too() {
        String id = dump.keyId("key-basic");
        Map<String, String> fields = dump.hash(RedisKeys.KEY.key(id));
        dump.keys.update(id, old -> named(old, old.name(), false));
        assertThat(changed(RedisKeys.KEY.key(id), fields)).isEqualTo(Map.of("isActive", "false", "updatedAt", NOW));
        assertThat(dump.changedSince(before)).containsExactly(RedisKeys.KEY.key(id), RedisKeys.KEYS_ACTIVE.key());
        assertThat(dump.rules.verdict(dump.plaintext("key-basic"), dump.dumpedAt))
                .isEqualTo("API key is disabled");
        dump.keys.update(id, old -> named(old, old.name(), true));
        assertThat(dump.changedSince(before)).containsExactly(RedisKeys.KEY.key(id));
        assertThat(dump.rules.verdict(dump.plaintext("key-basic"), dump.dumpedAt))
                .isEqualTo("ok");
    }

    private static ApiKey named(ApiKey old, String name, boolean enabled) {
        return new ApiKey(
                old.id(),
                name,
                old.hash(),
                enabled,
                old.limits(),
                old.createdAt(),
                old.expiresAt(),
                old.activation(),
                old.routing(),
                old.access());
    }

    @Test
    void a_first_use_sets_the_end_as_the_predecessor_does() {
        String id = dump.keyId("key-activation-unused");
        Map<String, String> fields = dump.hash(RedisKeys.KEY.key(id));
        authenticate("key-activation-unused");
        assertThat(changed(RedisKeys.KEY.key(id), fields))
                .isEqualTo(Map.of(
                        "isActivated",
                        "true",
                        "activatedAt",
                        NOW,
                        "expiresAt",
                        "2026-11-24T17:54:19.709Z",
                        "updatedAt",
                        NOW));
        assertThat(dump.changedSince(before)).containsExactly(RedisKeys.KEY.key(id));
    }

    @Test
    void a_deleted_key_stays_as_the_predecessor_leaves_it() {
        String id = dump.keyId("key-basic");
        Map<String, String> fields = dump.hash(RedisKeys.KEY.key(id));
        assertThat(dump.keys.delete(id)).isTrue();
        assertThat(changed(RedisKeys.KEY.key(id), fields))
                .isEqualTo(Map.of(
                        "isActive", "false",
                        "isDeleted", "true",
                        "deletedAt", NOW,
                        "deletedBy", "relay",
                        "deletedByType", "admin"));
        assertThat(dump.changedSince(before))
                .containsExactly(
                        RedisKeys.KEY.key(id),
                        RedisKeys.KEY_HASHES.key(),
                        RedisKeys.KEYS_ACTIVE.key(),
                        RedisKeys.KEYS_DELETED.key());
        assertThat(dump.rules.verdict(dump.plaintext("key-basic"), dump.dumpedAt))
                .isEqualTo("API key not found");
        assertThat(dump.keys.delete(id)).isFalse();
    }

    @Test
    void a_key_of_the_relay_is_one_of_the_predecessors() {
        ApiKey key = new ApiKey(
                "0b0e7a5e-1111-4222-8333-444444444444",
                "New Key",
                "f3b822570e182068b21af9f5efb511a6830a57036b2a67125aff8f76f53d17d3",
                true,
                KeyLimits.NONE.withConcurrency(3),
                dump.dumpedAt,
                null,
                Activation.NONE);
        dump.keys.create(key);
        assertThat(dump.rules.verdict("cr_" + "ab".repeat(32), dump.dumpedAt)).isEqualTo("ok");
        assertThat(dump.changedSince(before))
                .containsExactly(
                        RedisKeys.KEY.key(key.id()),
                        RedisKeys.KEY_HASHES.key(),
                        RedisKeys.KEYS_ALL.key(),
                        RedisKeys.KEYS_BY_CREATION.key(),
                        RedisKeys.KEYS_BY_USE.key(),
                        RedisKeys.KEYS_BY_NAME.key(),
                        RedisKeys.KEYS_ACTIVE.key());
        assertThat(dump.hash(RedisKeys.KEY.key(key.id())).keySet())
                .isEqualTo(dump.hash(RedisKeys.KEY.key(dump.keyId("key-concurrency")))
                        .keySet());
        assertThat(dump.ttl(RedisKeys.KEY.key(key.id()))).isBetween(YEAR - 60_000, YEAR);
        assertThat(dump.keys.find(key.id())).contains(key);
    }

    @Test
    void what_the_predecessor_cannot_say_of_a_key_stands_beside_it() {
        String id = dump.keyId("key-bound-console-main");
        Map<String, String> fields = dump.hash(RedisKeys.KEY.key(id));
        KeyLimits only = KeyLimits.ofModels(Set.of("model-a"));
        KeyRouting stays = new KeyRouting(dump.account("main"), null, false, false);
        ApiKey kept = dump.keys
                .update(
                        id,
                        old -> new ApiKey(
                                old.id(),
                                old.name(),
                                old.hash(),
                                true,
                                only,
                                old.createdAt(),
                                null,
                                old.activation(),
                                stays,
                                old.access()))
                .orElseThrow();
        assertThat(changed(RedisKeys.KEY.key(id), fields)).isEmpty();
        assertThat(dump.hash(RedisKeys.OWN_KEY.key(id)).keySet())
                .containsExactlyInAnyOrder("modelsAllowed", "mayLeave", "contentAffinity");
        assertThat(dump.keys.find(id)).contains(kept);
        dump.redis.call(commands -> commands.hset(RedisKeys.KEY.key(id), "claudeConsoleAccountId", "another"));
        assertThat(dump.keys.find(id).orElseThrow().routing())
                .as("what was said of another binding is no longer meant")
                .isEqualTo(new KeyRouting("another", null, true, false));
    }

    @Test
    void an_edited_account_changes_only_what_was_edited() {
        String id = dump.account("map");
        Map<String, String> fields = dump.hash(RedisKeys.CONSOLE.key(id));
        dump.redis.call(commands -> commands.hset(RedisKeys.CONSOLE.key(id), "unknownToAll", "kept"));
        dump.accounts.update(id, old -> with(old, 7, old.schedulable(), old.tls()));
        Map<String, String> changed = changed(RedisKeys.CONSOLE.key(id), fields);
        assertThat(changed).isEqualTo(Map.of("priority", "7", "updatedAt", NOW, "unknownToAll", "kept"));
        assertThat(dump.changedSince(before)).containsExactly(RedisKeys.CONSOLE.key(id));
    }

    @Test
    void an_account_that_is_taken_out_is_not_put_back_by_the_predecessor() {
        String id = dump.account("e429");
        Map<String, String> fields = dump.hash(RedisKeys.CONSOLE.key(id));
        dump.accounts.update(id, old -> with(old, old.priority(), false, old.tls()));
        assertThat(changed(RedisKeys.CONSOLE.key(id), fields).get("rateLimitAutoStopped"))
                .isEmpty();
        assertThat(dump.accounts.find(id).orElseThrow().schedulable()).isFalse();
        dump.clock.move(Duration.ofDays(2));
        Account back = dump.accounts
                .update(id, old -> with(old, old.priority(), true, old.tls()))
                .orElseThrow();
        assertThat(dump.accounts.find(id)).contains(back);
        assertThat(dump.hash(RedisKeys.CONSOLE.key(id)))
                .containsEntry("isActive", "true")
                .containsEntry("status", "active")
                .containsEntry("schedulable", "true")
                .doesNotContainKeys("rateLimitedAt", "rateLimitStatus");
    }

    @Test
    void an_account_of_the_relay_is_one_of_the_predecessors() {
        dump.redis.call(commands -> commands.set(RedisKeys.CONSOLE_INDEX_EMPTY.key(), "1"));
        Account account = console("0b0e7a5e-1111-4222-8333-555555555555", "sk-ant-api03-test", AuthHeader.X_API_KEY);
        dump.accounts.create(account);
        assertThat(dump.accounts.find(account.id())).contains(account);
        assertThat(dump.rules.pool(dump.dumpedAt)).first().isEqualTo(account.id());
        assertThat(dump.hash(RedisKeys.CONSOLE.key(account.id())).keySet())
                .containsAll(
                        dump.hash(RedisKeys.CONSOLE.key(dump.account("main"))).keySet());
        assertThat(dump.hash(RedisKeys.CONSOLE.key(account.id())).get("apiKey")).matches("[0-9a-f]{32}:[0-9a-f]+");
        assertThat(dump.changedSince(before))
                .containsExactly(
                        RedisKeys.CONSOLE.key(account.id()),
                        RedisKeys.CONSOLE_INDEX.key(),
                        RedisKeys.CONSOLE_SHARED.key());
        dump.accounts.delete(account.id());
        assertThat(dump.changedSince(before)).isEmpty();
    }

    @Test
    void an_account_that_the_predecessor_would_use_wrongly_is_hidden_from_it() {
        Account account = console("0b0e7a5e-1111-4222-8333-666666666666", "sk-ant-api03-test", AuthHeader.BEARER);
        dump.accounts.create(account);
        assertThat(dump.accounts.find(account.id())).contains(account);
        assertThat(dump.changedSince(before))
                .containsExactly(RedisKeys.OWN_ACCOUNT.key(account.id()), RedisKeys.OWN_ACCOUNTS.key());
        assertThat(dump.hash(RedisKeys.OWN_ACCOUNT.key(account.id())).toString())
                .doesNotContain("sk-ant-api03-test");
    }

    @Test
    void an_account_leaves_the_predecessor_and_comes_back_with_everything() {
        String id = dump.account("map");
        Map<String, String> fields = dump.hash(RedisKeys.CONSOLE.key(id));
        TlsPolicy pinned =
                new TlsPolicy(List.of(), List.of(), List.of(), null, Set.of("pin"), null, TlsPolicy.Provider.JDK);
        Account moved = dump.accounts
                .update(id, old -> with(old, old.priority(), old.schedulable(), pinned))
                .orElseThrow();
        assertThat(dump.hash(RedisKeys.CONSOLE.key(id))).isEmpty();
        assertThat(dump.accounts.find(id)).contains(moved);
        dump.accounts.update(id, old -> with(old, old.priority(), old.schedulable(), TlsPolicy.DEFAULT));
        Map<String, String> rest = changed(RedisKeys.CONSOLE.key(id), fields);
        rest.keySet().removeAll(Set.of("apiKey", "apiUrl", "supportedModels"));
        rest.values().removeIf(String::isEmpty);
        assertThat(rest).isEmpty();
        assertThat(dump.hash(RedisKeys.OWN_ACCOUNT.key(id))).isEmpty();
        assertThat(dump.changedSince(before)).containsExactly(RedisKeys.CONSOLE.key(id));
    }

    @Test
    void groups_of_the_predecessor_are_joined_and_left() {
        String group = "316fe2f8-5680-4185-8b57-854630aef5b5";
        String id = dump.account("main");
        dump.accounts.update(id, old -> grouped(old, Set.of(group, "own-group")));
        assertThat(dump.members("account_group_members:" + group)).contains(id);
        assertThat(dump.members(RedisKeys.GROUPS_OF.key(id))).containsExactly(group);
        assertThat(dump.accounts.find(id).orElseThrow().routing().groups())
                .containsExactlyInAnyOrder(group, "own-group");
        dump.accounts.update(id, old -> grouped(old, Set.of()));
        assertThat(dump.changedSince(before)).isEmpty();
    }

    @Test
    void an_account_is_mended_whose_proxy_or_address_cannot_be_used() {
        String id = dump.account("main");
        String record = RedisKeys.CONSOLE.key(id);
        String proxy = "{\"type\":\"https\",\"host\":\"p.example\",\"port\":1}";
        dump.redis.call(commands -> commands.hset(record, Map.of("proxy", proxy, "apiUrl", "http://10.0.0.1")));
        assertThat(problemOf(id)).contains("The proxy cannot be used");
        dump.accounts.update(id, old -> with(old, old.priority() + 1, old.schedulable(), old.tls()));
        assertThat(dump.hash(record)).containsEntry("proxy", proxy).containsEntry("apiUrl", "http://10.0.0.1");
        TlsPolicy pinned =
                new TlsPolicy(List.of(), List.of(), List.of(), null, Set.of("pin"), null, TlsPolicy.Provider.JDK);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dump.accounts.update(id, old -> with(old, 1, true, pinned)))
                .withMessageStartingWith("proxy: ");
        dump.accounts.update(id, old -> onRoad(old, old.baseUrl(), EgressProxy.DIRECT, old.tls()));
        assertThat(dump.hash(record)).containsEntry("proxy", "");
        assertThat(problemOf(id)).contains("The baseUrl cannot be used: it must begin with https://");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dump.accounts.update(id, old -> with(old, 1, true, pinned)))
                .withMessageStartingWith("baseUrl: ");
        URI mended = URI.create("https://mended.example");
        assertThat(dump.accounts.update(id, old -> onRoad(old, mended, old.proxy(), pinned)))
                .hasValueSatisfying(
                        moved -> assertThat(moved.hasReadableCredential()).isTrue());
        Account back = dump.accounts
                .update(id, old -> onRoad(old, mended, old.proxy(), TlsPolicy.DEFAULT))
                .orElseThrow();
        assertThat(back.hasReadableCredential()).isTrue();
        assertThat(dump.hash(record)).containsEntry("apiUrl", "https://mended.example");
    }

    private String problemOf(String id) {
        return dump.accounts.find(id).orElseThrow().credentialProblem().orElseThrow();
    }

    private static Account onRoad(Account old, URI baseUrl, EgressProxy proxy, TlsPolicy tls) {
        return new Account(
                old.id(),
                old.name(),
                old.credential(),
                baseUrl,
                old.priority(),
                old.schedulable(),
                old.models(),
                old.createdAt(),
                old.routing(),
                proxy,
                tls,
                old.terms());
    }

    private static Account grouped(Account old, Set<String> groups) {
        AccountRouting routing = old.routing().withGroups(groups);
        return new Account(
                old.id(),
                old.name(),
                old.credential(),
                old.baseUrl(),
                old.priority(),
                old.schedulable(),
                old.models(),
                old.createdAt(),
                routing,
                old.proxy(),
                old.tls(),
                old.terms());
    }

    private Account console(String id, String key, AuthHeader header) {
        return new Account(
                id,
                "new",
                new ApiKeyCredential(Secret.of(key), header),
                URI.create("https://upstream.example"),
                1,
                true,
                Set.of(),
                dump.dumpedAt);
    }

    private static Account with(Account old, int priority, boolean schedulable, TlsPolicy tls) {
        return new Account(
                old.id(),
                old.name(),
                old.credential(),
                old.baseUrl(),
                priority,
                schedulable,
                old.models(),
                old.createdAt(),
                old.routing(),
                old.proxy(),
                tls,
                old.terms());
    }

    @Test
    void what_the_predecessor_writes_at_the_same_moment_is_not_lost() {
        String id = dump.account("main");
        String key = RedisKeys.CONSOLE.key(id);
        AtomicInteger tries = new AtomicInteger();
        dump.accounts.update(id, old -> {
            if (tries.getAndIncrement() == 0) {
                dump.redis.call(commands -> commands.hset(key, "priority", "33"));
                dump.redis.call(commands -> commands.hset(key, "lastUsedAt", NOW));
            }
            return with(old, old.priority() + 1, old.schedulable(), old.tls());
        });
        assertThat(tries).hasValue(2);
        assertThat(dump.hash(key)).containsEntry("priority", "34").containsEntry("lastUsedAt", NOW);
        String keyId = dump.keyId("key-basic");
        dump.keys.update(keyId, old -> {
            if (tries.getAndIncrement() == 2) {
                dump.redis.call(commands -> commands.hset(RedisKeys.KEY.key(keyId), "name", "theirs"));
            }
            return named(old, old.name() + " and ours", old.enabled());
        });
        assertThat(dump.hash(RedisKeys.KEY.key(keyId))).containsEntry("name", "theirs and ours");
    }

    @Test
    void a_use_by_the_predecessor_is_no_change() {
        String id = dump.account("main");
        AtomicInteger tries = new AtomicInteger();
        dump.accounts.update(id, old -> {
            tries.incrementAndGet();
            dump.redis.call(commands -> commands.hset(RedisKeys.CONSOLE.key(id), "lastUsedAt", NOW));
            return with(old, 99, old.schedulable(), old.tls());
        });
        assertThat(tries).hasValue(1);
        assertThat(dump.hash(RedisKeys.CONSOLE.key(id))).containsEntry("priority", "99");
    }

    /** The fields that have another value than before, or are new; a field that is gone fails. */
    private Map<String, String> changed(String key, Map<String, String> former) {
        Map<String, String> now = new LinkedHashMap<>(dump.hash(key));
        assertThat(now.keySet()).containsAll(former.keySet());
        former.forEach(now::remove);
        return new TreeMap<>(now);
    }

    @Test
    void the_predecessor_judges_as_before_after_all_of_it() {
        Map<String, String> verdicts = verdicts(dump.dumpedAt);
        List<String> pool = dump.rules.pool(dump.dumpedAt);
        for (ApiKey key : dump.keys.list()) {
            dump.keys.update(key.id(), old -> named(old, old.name() + " 2", old.enabled()));
        }
        for (Account account : dump.accounts.list()) {
            dump.accounts.update(account.id(), old -> with(old, old.priority() + 1, old.schedulable(), old.tls()));
        }
        assertThat(verdicts(dump.dumpedAt)).isEqualTo(verdicts).hasSizeGreaterThan(40);
        assertThat(dump.rules.pool(dump.dumpedAt)).isEqualTo(pool).isNotEmpty();
    }

    private Map<String, String> verdicts(Instant now) {
        Map<String, String> verdicts = new TreeMap<>();
        for (JsonObject issued : dump.issued()) {
            verdicts.put(
                    issued.string("name").orElseThrow(),
                    dump.rules.verdict(issued.string("plaintext").orElseThrow(), now));
        }
        return verdicts;
    }
}
