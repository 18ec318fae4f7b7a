package org.ccrelayer.internal.store.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.internal.store.redis.PredecessorReport.AccountFound;
import org.ccrelayer.internal.store.redis.PredecessorReport.KeyFound;
import org.ccrelayer.internal.store.redis.PredecessorReport.LoginFound;

/** Looks through a Redis that the predecessor wrote, with commands that only read. Safe for concurrent use. */
public final class PredecessorCheck {
    /** Nobody's request waits for it, and the map of all hashes may be large. */
    private static final LinkTerms PATIENT =
            new LinkTerms(Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(2));

    private final RedisLink redis;
    private final RedisAccounts.Terms terms;
    private final InstantSource clock;
    private final boolean byUserAgent;

    /**
     * Looks through that Redis.
     *
     * @param byUserAgent whether keys that are limited to certain programs are let in by {@code User-Agent}
     */
    public PredecessorCheck(RedisLink redis, RedisAccounts.Terms terms, InstantSource clock, boolean byUserAgent) {
        this.redis = requireNonNull(redis, "redis");
        this.terms = requireNonNull(terms, "terms");
        this.clock = requireNonNull(clock, "clock");
        this.byUserAgent = byUserAgent;
    }

    /**
     * Connects, looks through that Redis and lets go of it. {@code byUserAgent} as with the constructor.
     *
     * @throws IllegalStateException if no server answers, it refuses the login, or it is one that the relay cannot use
     * @throws org.ccrelayer.error.RelayException {@code STORE_UNAVAILABLE} where it stops answering
     */
    public static PredecessorReport of(
            RedisTarget target, RedisAccounts.Terms terms, InstantSource clock, boolean byUserAgent) {
        try (RedisLink redis = RedisLink.open(target, PATIENT, clock)) {
            return new PredecessorCheck(redis, terms, clock, byUserAgent).report();
        }
    }

    /**
     * What is there, and what the relay makes of it.
     *
     * @throws org.ccrelayer.error.RelayException {@code STORE_UNAVAILABLE} where Redis does not answer
     */
    public PredecessorReport report() {
        Names names = names();
        List<PredecessorKey> keys = names.keys.stream()
                .map(id -> new PredecessorKey(fields(RedisKeys.KEY.key(id)), fields(RedisKeys.OWN_KEY.key(id))))
                .filter(key -> key.fields().has("id") && key.fields().has("apiKey"))
                .toList();
        List<PredecessorAccount> accounts = names.accounts.stream()
                .map(id -> new PredecessorAccount(
                        fields(RedisKeys.CONSOLE.key(id)), fields(RedisKeys.OWN_ACCOUNT.key(id)), Set.of()))
                .filter(account -> account.fields().has("id"))
                .toList();
        Instant now = clock.instant();
        PredecessorDifferences differences =
                new PredecessorDifferences(this::text, this::hasOnlyLogins, names.logins, terms.zone());
        List<PredecessorKey> usable = keys.stream()
                .filter(key -> KeyVerdict.of(key, now, byUserAgent).usable())
                .toList();
        return new PredecessorReport(
                accounts.stream().map(account -> found(account, now)).toList(),
                names.logins.stream().flatMap(id -> login(id).stream()).toList(),
                keys.stream()
                        .map(key ->
                                new KeyFound(key.id(), key.fields().text("name"), KeyVerdict.of(key, now, byUserAgent)))
                        .toList(),
                differences.lost(usable),
                differences.of(
                        usable,
                        accounts.stream().map(account -> account.account(terms)).toList()),
                writes(names, keys, now));
    }

    /** The ids of what is there. */
    private record Names(Set<String> accounts, Set<String> logins, Set<String> keys) {}

    private Names names() {
        Names names = new Names(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        RedisScan.each(redis, "*", key -> {
            RedisKeys.CONSOLE.id(key).ifPresent(names.accounts::add);
            RedisKeys.LOGIN.id(key).ifPresent(names.logins::add);
            RedisKeys.KEY.id(key).ifPresent(names.keys::add);
        });
        return names;
    }

    private HashFields fields(String key) {
        return redis.call(commands -> commands.type(key)).equals("hash")
                ? new HashFields(redis.call(commands -> commands.hgetall(key)))
                : HashFields.NONE;
    }

    private Optional<String> text(String key) {
        return Optional.ofNullable(redis.call(commands -> commands.get(key)));
    }

    private AccountFound found(PredecessorAccount record, Instant now) {
        AccountVerdict verdict = AccountVerdict.of(record, terms, now);
        String problem = verdict == AccountVerdict.REFUSED
                ? record.problem(terms.endpoints()).orElse("")
                : "";
        return new AccountFound(record.id(), record.fields().text("name"), verdict, problem);
    }

    private Optional<LoginFound> login(String id) {
        HashFields fields = fields(RedisKeys.LOGIN.key(id));
        boolean proxied = PredecessorProxy.read(fields.text("proxy"))
                .filter(proxy -> !proxy.equals(EgressProxy.DIRECT))
                .isPresent();
        return fields.has("id") ? Optional.of(new LoginFound(id, fields.text("name"), proxied)) : Optional.empty();
    }

    /** Whether a group would serve with the predecessor, but has no account that serves here. */
    private boolean hasOnlyLogins(String group) {
        Set<String> members = redis.call(commands -> commands.smembers(RedisKeys.GROUP_MEMBERS.key(group)));
        return members.stream().anyMatch(id -> fields(RedisKeys.LOGIN.key(id)).has("id"))
                && members.stream()
                        .noneMatch(id -> fields(RedisKeys.CONSOLE.key(id)).has("id"))
                && redis.call(commands -> commands.smembers(RedisKeys.OWN_ACCOUNTS.key())).stream()
                        .noneMatch(id -> ownGroups(id).contains(group));
    }

    /** The groups of an account that the predecessor does not see. */
    private Set<String> ownGroups(String id) {
        List<String> own = new ArrayList<>();
        fields(RedisKeys.OWN_ACCOUNT.key(id)).values().forEach((name, value) -> own.addAll(List.of(name, value)));
        return new AccountRecords(terms)
                .read(List.of(id, List.of(), own, List.of(), ""))
                .map(read -> read.account().routing().groups())
                .orElse(Set.of());
    }

    /** What the relay writes at its start and with requests; what operators change comes beside it. */
    private List<String> writes(Names names, List<PredecessorKey> keys, Instant now) {
        List<String> writes = new ArrayList<>();
        if (!names.accounts.isEmpty() && redis.call(commands -> commands.exists(RedisKeys.CONSOLE_INDEX.key())) == 0) {
            writes.add(RedisKeys.CONSOLE_INDEX.key() + ", which is missing, once a relay starts.");
        }
        if (!keys.isEmpty()) {
            writes.add(
                    "usage:*, account_usage:*, system:metrics:minute:*, rate_limit:*, concurrency:*, lastUsedAt: as requests come.");
            writes.add(
                    "unified_claude_session_mapping:* and temp_unavailable:claude-console:*, as API-key accounts serve and rest.");
        }
        Map<String, String> hashes = redis.call(commands -> commands.hgetall(RedisKeys.KEY_HASHES.key()));
        long pending = keys.stream()
                .filter(key -> KeyVerdict.of(key, now, byUserAgent) == KeyVerdict.NOT_ACTIVATED)
                .count();
        if (pending > 0) {
            writes.add("activatedAt, isActivated and expiresAt of relay keys whose life begins with their first use: "
                    + pending + ".");
        }
        long unmapped = keys.stream()
                .filter(key ->
                        !key.deleted() && !hashes.containsKey(key.fields().text("apiKey")))
                .count();
        if (unmapped > 0) {
            writes.add("Relay keys that are missing in " + RedisKeys.KEY_HASHES.key()
                    + ", as far as apikey_hash still knows them, with their first use: " + unmapped + ".");
        }
        if (!keys.isEmpty()) {
            writes.add("The 365 days of a relay key, which begin anew with its use, once a day at most.");
        }
        return writes;
    }
}
