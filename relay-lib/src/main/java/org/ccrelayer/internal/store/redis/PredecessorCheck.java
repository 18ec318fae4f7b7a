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
        Instant now = clock.instant();
        PredecessorDifferences differences = new PredecessorDifferences(this::text, names.logins, terms.zone());
        return new PredecessorReport(
                names.accounts.stream().flatMap(id -> account(id, now).stream()).toList(),
                names.logins.stream().flatMap(id -> login(id).stream()).toList(),
                keys.stream()
                        .map(key ->
                                new KeyFound(key.id(), key.fields().text("name"), KeyVerdict.of(key, now, byUserAgent)))
                        .toList(),
                differences.lost(keys),
                differences.of(keys),
                writes(keys, now));
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

    private Optional<AccountFound> account(String id, Instant now) {
        HashFields fields = fields(RedisKeys.CONSOLE.key(id));
        if (!fields.has("id")) {
            return Optional.empty();
        }
        PredecessorAccount record = new PredecessorAccount(fields, fields(RedisKeys.OWN_ACCOUNT.key(id)), Set.of());
        AccountVerdict verdict = AccountVerdict.of(record.account(terms), record.key(terms.predecessors()), now);
        String problem = verdict == AccountVerdict.REFUSED
                ? record.problem(terms.guard()).orElse("")
                : "";
        return Optional.of(new AccountFound(id, fields.text("name"), verdict, problem));
    }

    private Optional<LoginFound> login(String id) {
        HashFields fields = fields(RedisKeys.LOGIN.key(id));
        boolean proxied = PredecessorProxy.read(fields.text("proxy"))
                .filter(proxy -> !proxy.equals(EgressProxy.DIRECT))
                .isPresent();
        return fields.has("id") ? Optional.of(new LoginFound(id, fields.text("name"), proxied)) : Optional.empty();
    }

    /** Nothing is written before a request or an operator comes. */
    private List<String> writes(List<PredecessorKey> keys, Instant now) {
        Map<String, String> hashes = redis.call(commands -> commands.hgetall(RedisKeys.KEY_HASHES.key()));
        List<String> writes = new ArrayList<>();
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
