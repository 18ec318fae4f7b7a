package org.ccrelayer.internal.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What the relay makes of a Redis that the predecessor wrote. Immutable; holds no secret.
 *
 * @param accounts the API-key accounts
 * @param logins the consumer logins, which are never used
 * @param keys the relay keys
 * @param differences what means something else here
 * @param writes what would be written
 */
public record PredecessorReport(
        List<AccountFound> accounts,
        List<LoginFound> logins,
        List<KeyFound> keys,
        List<String> differences,
        List<String> writes) {
    /** An API-key account and what becomes of it. */
    public record AccountFound(String id, String name, AccountVerdict verdict) {}

    /** A consumer login, and whether a proxy is written there that can be copied. */
    public record LoginFound(String id, String name, boolean proxied) {}

    /** A relay key and what becomes of it. */
    public record KeyFound(String id, String name, KeyVerdict verdict) {}

    public PredecessorReport {
        accounts = List.copyOf(accounts);
        logins = List.copyOf(logins);
        keys = List.copyOf(keys);
        differences = List.copyOf(differences);
        writes = List.copyOf(writes);
    }

    /** How many keys there are of each verdict. */
    public Map<KeyVerdict, Long> keysByVerdict() {
        return counted(keys, KeyFound::verdict);
    }

    /** How many accounts there are of each verdict. */
    public Map<AccountVerdict, Long> accountsByVerdict() {
        return counted(accounts, AccountFound::verdict);
    }

    private static <T, V extends Comparable<V>> Map<V, Long> counted(List<T> found, Function<T, V> verdict) {
        Map<V, Long> counted = new TreeMap<>();
        found.forEach(each -> counted.merge(verdict.apply(each), 1L, Long::sum));
        return counted;
    }

    /** The report for people, with ends of lines. */
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add("API-key accounts: " + accounts.size());
        accountsByVerdict().forEach((verdict, count) -> lines.add("  " + count + " " + verdict.words()));
        accounts.stream()
                .filter(account -> account.verdict() != AccountVerdict.USABLE)
                .forEach(account -> lines.add("  - " + shown(account.name(), account.id()) + ": "
                        + account.verdict().words()));
        lines.add("Consumer logins: " + logins.size() + (logins.isEmpty() ? "" : ", never used, left as they are"));
        logins.forEach(login -> lines.add(
                "  - " + shown(login.name(), login.id()) + (login.proxied() ? ", its proxy can be copied" : "")));
        lines.add("Relay keys: " + keys.size());
        keysByVerdict().forEach((verdict, count) -> lines.add("  " + count + " " + verdict.words()));
        keys.stream()
                .filter(key -> !key.verdict().usable())
                .forEach(key -> lines.add("  - " + shown(key.name(), key.id()) + ": "
                        + key.verdict().words()));
        section("What means something else here", differences, lines);
        section("What would be written", writes, lines);
        return String.join("\n", lines) + "\n";
    }

    private static void section(String title, List<String> texts, List<String> lines) {
        lines.add(title + (texts.isEmpty() ? ": nothing" : ":"));
        texts.forEach(text -> lines.add("  - " + text));
    }

    /** Names come from outside: no control character reaches a terminal. */
    private static String shown(String name, String id) {
        return name.replaceAll("\\p{Cntrl}", "?") + " (" + id.replaceAll("\\p{Cntrl}", "?") + ")";
    }
}
