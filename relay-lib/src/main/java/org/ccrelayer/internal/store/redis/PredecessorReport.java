package org.ccrelayer.internal.store.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the relay makes of a Redis that the predecessor wrote. Immutable; holds no secret.
 *
 * @param accounts the API-key accounts
 * @param logins the consumer logins, which are never used
 * @param keys the relay keys
 * @param lost what will not work as before, beside accounts, logins and keys
 * @param differences what means something else here
 * @param writes what would be written
 */
public record PredecessorReport(
        List<AccountFound> accounts,
        List<LoginFound> logins,
        List<KeyFound> keys,
        List<String> lost,
        List<String> differences,
        List<String> writes) {
    /** An API-key account and what becomes of it; {@code problem} is what its address or proxy lacks, in sentences, or empty. */
    public record AccountFound(String id, String name, AccountVerdict verdict, String problem) {}

    /** A consumer login, and whether a proxy is written there that can be copied. */
    public record LoginFound(String id, String name, boolean proxied) {}

    /** A relay key and what becomes of it. */
    public record KeyFound(String id, String name, KeyVerdict verdict) {}

    public PredecessorReport {
        accounts = List.copyOf(accounts);
        logins = List.copyOf(logins);
        keys = List.copyOf(keys);
        lost = List.copyOf(lost);
        differences = List.copyOf(differences);
        writes = List.copyOf(writes);
    }

    /** The same with more that means something else here. */
    public PredecessorReport with(Collection<String> moreDifferences) {
        List<String> all =
                Stream.concat(differences.stream(), moreDifferences.stream()).toList();
        return new PredecessorReport(accounts, logins, keys, lost, all, writes);
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

    /** A sentence for everything that will not work as before. */
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        accounts.stream()
                .filter(account -> account.verdict().lost())
                .forEach(account -> missing.add("Account " + named(account.name(), account.id()) + ": "
                        + account.verdict().words() + "."
                        + (account.problem().isEmpty() ? "" : " " + account.problem())));
        keys.stream()
                .filter(key -> key.verdict().lost())
                .forEach(key -> missing.add("Relay key " + named(key.name(), key.id()) + ": "
                        + key.verdict().words() + "."));
        if (!logins.isEmpty()) {
            missing.add("Consumer logins, which serve nobody here: " + logins.size()
                    + ". With a proxy that an account can take over: "
                    + logins.stream().filter(LoginFound::proxied).count() + ".");
        }
        missing.addAll(lost);
        return missing;
    }

    /** Names come from outside: no control character reaches a terminal. */
    private static String named(String name, String id) {
        return name.replaceAll("\\p{Cntrl}", "?") + " (" + id.replaceAll("\\p{Cntrl}", "?") + ")";
    }
}
