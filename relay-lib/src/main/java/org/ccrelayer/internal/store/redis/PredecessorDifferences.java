package org.ccrelayer.internal.store.redis;

import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.ccrelayer.account.Account;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.internal.json.JsonObject;

/**
 * Tells what the predecessor does with what it wrote, and the relay does not, or otherwise. Immutable.
 *
 * @param texts the texts of keys in Redis
 * @param ofLogins whether a group would serve with the predecessor, and does not here
 * @param logins the ids of consumer logins
 * @param zone where days begin here
 */
record PredecessorDifferences(
        Function<String, Optional<String>> texts, Predicate<String> ofLogins, Set<String> logins, ZoneOffset zone) {
    private static final String GROUP = "group:";

    /** Switches of the predecessor, and what to know of those that are on. */
    static final Map<String, String> SWITCHES = Map.of(
            "claudeCodeOnlyEnabled", "every program that has a relay key is served here",
            "globalSessionBindingEnabled", "here it is the setting session-binding, which is off unless it is set",
            "userMessageQueueEnabled", "requests of one account do not wait for each other here",
            "concurrentRequestQueueEnabled", "a request over the limit is refused here at once, with retry-after");

    /** What means something else; {@code keys} are those that may be used, {@code accounts} all. */
    List<String> of(List<PredecessorKey> keys, List<Account> accounts) {
        List<String> told = new ArrayList<>();
        told.add(
                "Days and weeks begin at UTC" + (zone.equals(ZoneOffset.UTC) ? "" : zone)
                        + " here; the predecessor's begin there too if its TIMEZONE_OFFSET says so, of which unset and 0 are 8.");
        rates(told);
        keys(keys, told);
        accounts(accounts, told);
        return told;
    }

    /** What some would miss: switches that do nothing here, and those of the keys that may be used that no account serves. */
    List<String> lost(List<PredecessorKey> keys) {
        List<String> told = new ArrayList<>();
        settings(told);
        bound(keys, logins::contains, "a consumer login", told);
        bound(keys, this::isGroupOfLogins, "a group that has consumer logins and no account", told);
        return told;
    }

    private static void bound(List<PredecessorKey> keys, Predicate<String> to, String what, List<String> told) {
        long bound = keys.stream()
                .filter(key -> to.test(key.fields().text("claudeAccountId")))
                .count();
        if (bound > 0) {
            told.add("Relay keys that are bound to " + what + ": " + bound
                    + ". They are told that no account serves them, until they are bound to an account.");
        }
    }

    private boolean isGroupOfLogins(String boundTo) {
        return boundTo.startsWith(GROUP) && ofLogins.test(boundTo.substring(GROUP.length()));
    }

    private void settings(List<String> told) {
        String key = RedisKeys.SETTINGS.key();
        JsonObject settings = new HashFields(Map.of(key, texts.apply(key).orElse(""))).object(key);
        SWITCHES.keySet().stream()
                .sorted()
                .filter(name -> Boolean.TRUE.equals(settings.get(name)))
                .forEach(name -> told.add(key + "." + name + " is on: " + SWITCHES.get(name) + "."));
    }

    private void rates(List<String> told) {
        BigDecimal factor =
                GlobalRates.of(texts.apply(RedisKeys.SERVICE_RATES.key())).factor(KeyAccess.CLAUDE);
        if (factor.compareTo(BigDecimal.ONE) != 0) {
            told.add(RedisKeys.SERVICE_RATES.key() + " counts " + HashFields.plain(factor)
                    + " times the price for Claude against the limits of every relay key.");
        }
    }

    private void keys(List<PredecessorKey> keys, List<String> told) {
        long ratios = keys.stream()
                .filter(key ->
                        key.key().access().rates().factor(KeyAccess.CLAUDE).compareTo(BigDecimal.ONE) != 0)
                .count();
        if (ratios > 0) {
            told.add(ratios + " relay keys count use by serviceRates.claude of their own.");
        }
    }

    private static void accounts(List<Account> accounts, List<String> told) {
        having(
                accounts.stream().filter(each -> each.routing().concurrency() > 0),
                "with maxConcurrentTasks",
                "Each relay counts what runs on it alone, and the predecessor what runs on that.",
                told);
        having(
                accounts.stream().filter(each -> each.terms().dailyQuotaNanoUsd() > 0),
                "with a dailyQuota",
                "Only what the relays spend counts here, and not what the predecessor does.",
                told);
        having(
                accounts.stream().filter(each -> each.terms().quotaResetAt().getMinute() != 0),
                "whose quotaResetTime is not a full hour",
                "Their day begins here with that hour: at 08:00 for 08:30.",
                told);
        having(
                accounts.stream().filter(each -> each.terms().interceptWarmup()),
                "with interceptWarmup",
                "The relay answers nothing by itself: warm-ups go to the upstream, and cost what it takes for them.",
                told);
    }

    private static void having(Stream<Account> accounts, String what, String here, List<String> told) {
        long having = accounts.count();
        if (having > 0) {
            told.add("Accounts " + what + ": " + having + ". " + here);
        }
    }
}
