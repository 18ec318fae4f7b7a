package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountRest;
import org.ccrelayer.internal.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rests that relays and the predecessor tell each other of, in a Redis that its software wrote. */
@Timeout(60)
class RedisRestsTest extends OnTheDump {
    private final Instant now = dump.dumpedAt;
    private final RedisRests mine = new RedisRests(dump.redis, RedisTime.of(dump.clock), dump.clock);
    private final RedisRests others = new RedisRests(dump.redis, RedisTime.of(dump.clock), dump.clock);
    private final String main = dump.account("main");
    private final String mark = "temp_unavailable:claude-console:" + main;
    private final String record = "claude_console_account:" + main;

    private AccountRest rest(String account, String family, long seconds, String cause, int status) {
        return new AccountRest(account, family, now.plusSeconds(seconds), cause, status, true, "words");
    }

    private void begun(AccountRest rest) {
        mine.begun(rest);
        // Does not wait; what is asked on the same connection comes behind it.
        mine.others();
    }

    private void over(String family) {
        mine.over(main, family);
        mine.others();
    }

    private List<AccountRest> heard() {
        return others.others().stream()
                .filter(rest -> rest.accountId().equals(main))
                .toList();
    }

    @Test
    void what_the_predecessor_has_rest_rests_here_too_and_no_consumer_login() {
        Map<String, AccountRest> told = new TreeMap<>();
        Map<String, DumpFixture.Print> before = dump.prints();
        others.others().forEach(rest -> told.put(rest.accountId(), rest));
        assertThat(dump.changedSince(before)).isEmpty();
        assertThat(told.keySet())
                .containsExactly(
                        "3fd53b2d-929f-4e2b-9e34-c518636d4eb2",
                        "7cf2750b-2327-4fea-ac21-48ba389835ec",
                        "ab3d2ff9-9f00-4565-8821-52df6c3cb240");
        AccountRest overload = told.get("7cf2750b-2327-4fea-ac21-48ba389835ec");
        assertThat(overload)
                .isEqualTo(new AccountRest(
                        overload.accountId(),
                        "",
                        overload.until(),
                        "overloaded",
                        529,
                        false,
                        "rests as the predecessor has it (529 overload)"));
        assertThat(overload.until()).isBetween(now.plusSeconds(500), now.plusSeconds(597));
        assertThat(told.get("3fd53b2d-929f-4e2b-9e34-c518636d4eb2").cause()).isEqualTo("credential_broken");
    }

    @Test
    void a_mark_that_never_ends_and_one_that_cannot_be_read_are_none() {
        dump.peer.ask("SET", mark, "{\"statusCode\":500,\"errorType\":\"server_error\"}");
        assertThat(heard()).isEmpty();
        dump.peer.ask("EXPIRE", mark, "100");
        assertThat(heard()).hasSize(1);
        dump.peer.ask("SET", mark, "{", "EX", "100");
        assertThat(heard()).isEmpty();
        dump.peer.ask("DEL", mark);
        dump.peer.ask("RPUSH", mark, "{}");
        dump.peer.ask("EXPIRE", mark, "100");
        assertThat(heard()).isEmpty();
        begun(rest(main, "", 60, "server_error", 500));
        assertThat(dump.peer.ask("TYPE", mark)).isEqualTo("list");
    }

    @ParameterizedTest
    @CsvSource({
        "server_error, 500, 500, server_error, 300",
        "server_error, 503, 503, service_unavailable, 60",
        "overloaded, 503, 503, service_unavailable, 60",
        "overloaded, 529, 529, overload, 600",
        "timeout, 504, 504, timeout, 300",
        "timeout, 0, 504, timeout, 300",
        "credential_broken, 401, 401, auth_error, 1800",
        "credential_broken, 403, 403, auth_error, 1800",
        "five_hour_window, 429, 429, rate_limit, 90"
    })
    void the_predecessor_is_told_what_it_would_have_written(
            String cause, int status, int told, String type, long seconds) {
        begun(rest(main, "", 90, cause, status));
        JsonObject json = JsonObject.parse(dump.peer.ask("GET", mark));
        assertThat(json.without(List.of("relay")).toString())
                .isEqualTo("{\"statusCode\":" + told + ",\"errorType\":\"" + type
                        + "\",\"markedAt\":\"" + HashFields.text(now) + "\",\"ttlSeconds\":" + seconds
                        + ",\"cooldownSeconds\":" + seconds + ",\"expiresAt\":\""
                        + HashFields.text(now.plusSeconds(seconds)) + "\"}");
        assertThat(dump.ttl(mark)).isBetween(seconds * 1000 - 9_000, seconds * 1000);
    }

    @ParameterizedTest
    @CsvSource({"server_error, 0", "spend_cap, 402", "organization_disabled, 400", "server_error, 307"})
    void the_predecessor_is_not_told_what_it_would_pass_over(String cause, int status) {
        begun(rest(main, "", 90, cause, status));
        begun(rest(main, "opus", 90, "family_window", 429));
        assertThat(dump.peer.ask("EXISTS", mark)).isEqualTo("0");
        assertThat(heard()).extracting(AccountRest::family).containsExactlyInAnyOrder("", "opus");
    }

    @Test
    void a_short_rest_is_told_to_the_predecessor_only() {
        begun(rest(main, "", 2, "server_error", 500));
        assertThat(dump.peer.ask("EXISTS", mark)).isEqualTo("1");
        assertThat(heard()).isEmpty();
        begun(rest(main, "", 2, "server_error", 0));
        assertThat(dump.peer.ask("EXISTS", "relay:rests")).isEqualTo("0");
    }

    @Test
    void relays_hear_what_others_told_until_it_is_over_or_taken_back() {
        AccountRest rest = rest(main, "", 90, "overloaded", 529);
        begun(rest);
        begun(rest(main, "opus", 50, "family_window", 429));
        assertThat(heard()).contains(rest).hasSize(2);
        assertThat(mine.others()).extracting(AccountRest::accountId).doesNotContain(main);
        dump.clock.move(Duration.ofSeconds(50));
        assertThat(heard()).containsExactly(rest);
        over("opus");
        assertThat(heard()).isEmpty();
        assertThat(dump.peer.ask("EXISTS", mark)).isEqualTo("0");
    }

    @Test
    void an_account_under_the_relays_own_prefix_is_told_to_relays_alone() {
        begun(rest("own", "", 90, "server_error", 500));
        assertThat(others.others()).extracting(AccountRest::accountId).contains("own");
        assertThat(dump.peer.ask("KEYS", "temp_unavailable:*own")).isEmpty();
        assertThat(dump.peer.ask("KEYS", "*:own")).isEmpty();
    }

    @Test
    void what_the_predecessor_told_stays_and_no_mark_becomes_shorter() {
        String theirs = "{\"statusCode\":500,\"errorType\":\"server_error\"}";
        dump.peer.ask("SET", mark, theirs, "EX", "20");
        begun(rest(main, "", 90, "overloaded", 529));
        over("");
        assertThat(dump.peer.ask("GET", mark)).isEqualTo(theirs);
        assertThat(dump.ttl(mark)).isLessThanOrEqualTo(20_000);
        dump.peer.ask("DEL", mark);
        begun(rest(main, "", 90, "credential_broken", 401));
        begun(rest(main, "", 90, "overloaded", 503));
        assertThat(dump.ttl(mark)).isGreaterThan(1_700_000);
        others.over(main, "");
        others.others();
        assertThat(dump.peer.ask("EXISTS", mark)).as("another relay's").isEqualTo("1");
    }

    @Test
    void a_limited_account_rests_there_for_as_long_as_there_is_said_and_here_no_longer_than_it_must() {
        Map<String, String> before = new TreeMap<>(dump.hash(record));
        Account account = dump.accounts.find(main).orElseThrow();
        begun(rest(main, "", 90, "transient_throttle", 429));
        Map<String, String> limited = new TreeMap<>(dump.hash(record));
        limited.entrySet().removeAll(before.entrySet());
        String at = HashFields.text(now);
        assertThat(limited)
                .isEqualTo(Map.of(
                        "rateLimitedAt", at,
                        "rateLimitStatus", "limited",
                        "rateLimitAutoStopped", "true",
                        "status", "rate_limited",
                        "isActive", "false",
                        "schedulable", "false",
                        "errorMessage", "Rate limited at " + at));
        assertThat(dump.rules.pool(now)).doesNotContain(main);
        assertThat(dump.accounts.find(main)).contains(account);
        over("");
        Map<String, String> after = new TreeMap<>(dump.hash(record));
        List.of("rateLimitedAt", "rateLimitStatus").forEach(name -> {
            before.remove(name, "");
            after.remove(name, "");
        });
        assertThat(after).isEqualTo(before);
        assertThat(dump.peer.ask("EXISTS", "relay:account:" + main)).isEqualTo("0");
        assertThat(dump.rules.pool(now)).contains(main);
    }

    @Test
    void an_account_that_protects_itself_no_more_or_has_no_time_for_it_is_not_marked() {
        dump.peer.ask("HSET", record, "rateLimitDuration", "0");
        Map<String, String> before = dump.hash(record);
        begun(rest(main, "", 90, "transient_throttle", 429));
        assertThat(dump.hash(record)).isEqualTo(before);
        assertThat(dump.peer.ask("EXISTS", mark)).isEqualTo("1");
        dump.peer.ask("DEL", mark);
        dump.peer.ask("HSET", record, "disableAutoProtection", "true");
        begun(rest(main, "", 90, "overloaded", 529));
        assertThat(dump.peer.ask("EXISTS", mark)).isEqualTo("0");
        assertThat(heard()).hasSize(1);
    }

    @Test
    void who_was_taken_out_by_an_operator_stays_out() {
        toggle(false);
        begun(rest(main, "", 90, "transient_throttle", 429));
        over("");
        assertThat(dump.hash(record)).containsEntry("schedulable", "false").containsEntry("status", "active");
        toggle(true);
        begun(rest(main, "", 90, "transient_throttle", 429));
        toggle(false);
        assertThat(dump.accounts.find(main).orElseThrow().schedulable()).isFalse();
        over("");
        assertThat(dump.accounts.find(main).orElseThrow().schedulable()).isFalse();
    }

    @Test
    void an_operators_change_ends_what_relays_told_and_putting_back_ends_everything() {
        begun(rest(main, "", 90, "overloaded", 529));
        begun(rest(main, "opus", 90, "family_window", 429));
        dump.accounts.update(main, old -> changed(old, "renamed", true));
        assertThat(heard()).isEmpty();
        assertThat(dump.peer.ask("EXISTS", mark)).isEqualTo("0");
        dump.peer.ask("SET", mark, "{\"statusCode\":401,\"errorType\":\"auth_error\"}", "EX", "1800");
        dump.accounts.update(main, old -> changed(old, "renamed again", true));
        assertThat(heard()).hasSize(1);
        toggle(false);
        assertThat(heard()).hasSize(1);
        toggle(true);
        assertThat(heard()).isEmpty();
        assertThat(dump.peer.ask("EXISTS", mark)).isEqualTo("0");
    }

    private void toggle(boolean schedulable) {
        dump.accounts.update(main, old -> changed(old, old.name(), schedulable));
    }

    private static Account changed(Account old, String name, boolean schedulable) {
        return new Account(
                old.id(),
                name,
                old.credential(),
                old.baseUrl(),
                old.priority(),
                schedulable,
                old.models(),
                old.createdAt(),
                old.routing(),
                old.proxy(),
                old.tls(),
                old.terms());
    }
}
