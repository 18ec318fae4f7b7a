package org.ccrelayer.internal.store.redis;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.store.SecretCipher;

/**
 * The accounts in Redis: in the predecessor's layout where that can express them, and otherwise under the relay's own prefix, where the
 * predecessor does not see them. Consumer logins are none of them. Safe for concurrent use, also by several relays.
 */
public final class RedisAccounts implements AccountStore {
    private static final Script READ = Script.of("accounts-read");
    private static final Script WRITE = Script.of("rests", "account-write");
    private static final Script DELETE = Script.of("account-delete");
    private static final int TRIES = 256;

    private final RedisLink redis;
    private final AccountRecords records;
    private final InstantSource clock;
    private final AtomicBoolean indexed = new AtomicBoolean();

    /**
     * How accounts are sealed, where their days begin, and where they may stand.
     *
     * @param predecessors seals as the predecessor can open it
     * @param own seals what the predecessor does not see
     * @param zone where days begin
     * @param endpoints decides on the addresses that the predecessor's accounts have
     */
    public record Terms(SecretCipher predecessors, SecretCipher own, ZoneOffset zone, Endpoints endpoints) {
        public Terms {
            requireNonNull(predecessors, "predecessors");
            requireNonNull(own, "own");
            requireNonNull(zone, "zone");
            requireNonNull(endpoints, "endpoints");
        }
    }

    /** Keeps accounts in that Redis. */
    RedisAccounts(RedisLink redis, Terms terms, InstantSource clock) {
        this.redis = requireNonNull(redis, "redis");
        this.records = new AccountRecords(terms);
        this.clock = requireNonNull(clock, "clock");
        redis.load(READ, WRITE, DELETE);
    }

    @Override
    public void create(Account account) {
        if (write(account.id(), "", records.created(account)).equals("taken")) {
            throw new IllegalStateException("an account with this id exists");
        }
    }

    private String write(String id, String digest, JsonObject change) {
        List<String> keys = List.of(
                RedisKeys.CONSOLE.key(id),
                RedisKeys.OWN_ACCOUNT.key(id),
                RedisKeys.CONSOLE_INDEX.key(),
                RedisKeys.CONSOLE_INDEX_EMPTY.key(),
                RedisKeys.CONSOLE_SHARED.key(),
                RedisKeys.OWN_ACCOUNTS.key(),
                RedisKeys.GROUPS.key(),
                RedisKeys.GROUPS_OF.key(id),
                RedisKeys.LOGIN.key(id),
                RedisKeys.RESTS.key(),
                RedisKeys.COOLDOWN.key(id));
        List<Object> answer =
                redis.run(WRITE, keys, List.of(digest, change.toString(), RedisKeys.GROUP_MEMBERS.prefix()));
        return answer.get(0).toString();
    }

    @Override
    public Optional<Account> find(String id) {
        return read(List.of(id)).stream().findFirst().map(AccountRecords.Read::account);
    }

    @Override
    public List<Account> list() {
        index();
        return read(List.of()).stream()
                .map(AccountRecords.Read::account)
                .sorted(Comparator.comparing(Account::createdAt).thenComparing(Account::id))
                .toList();
    }

    /** A predecessor of long ago kept no index; the present one makes it likewise when it first lists accounts. */
    private void index() {
        if (indexed.get()) {
            return;
        }
        if (redis.call(commands -> commands.exists(RedisKeys.CONSOLE_INDEX.key())) == 0) {
            Set<String> ids = RedisScan.names(
                    redis,
                    RedisKeys.CONSOLE.prefix(),
                    key -> RedisKeys.CONSOLE.id(key).isPresent());
            if (!ids.isEmpty()) {
                redis.call(commands -> commands.sadd(RedisKeys.CONSOLE_INDEX.key(), ids.toArray(String[]::new)));
                redis.call(commands -> commands.del(RedisKeys.CONSOLE_INDEX_EMPTY.key()));
            }
        }
        indexed.set(true);
    }

    private List<AccountRecords.Read> read(List<String> ids) {
        List<String> arguments = new ArrayList<>(
                List.of(RedisKeys.CONSOLE.prefix(), RedisKeys.OWN_ACCOUNT.prefix(), RedisKeys.GROUP_MEMBERS.prefix()));
        arguments.addAll(ids);
        List<String> keys =
                List.of(RedisKeys.CONSOLE_INDEX.key(), RedisKeys.OWN_ACCOUNTS.key(), RedisKeys.GROUPS.key());
        return redis.run(READ, keys, arguments).stream()
                .flatMap(answer -> records.read((List<?>) answer).stream())
                .toList();
    }

    @Override
    public Optional<Account> update(String id, UnaryOperator<Account> change) {
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<AccountRecords.Read> read = read(List.of(id)).stream().findFirst();
            if (read.isEmpty()) {
                return Optional.empty();
            }
            Account old = read.get().account();
            Account changed = change.apply(old);
            if (!changed.id().equals(old.id())) {
                throw new IllegalArgumentException("a change must not touch the id");
            }
            JsonObject json = records.changed(read.get(), changed, clock.instant());
            if (changed.equals(old) || write(id, read.get().digest(), json).equals("done")) {
                // What kept the account from being used may be gone, and with it what stood for its key.
                return old.hasReadableCredential() ? Optional.of(changed) : find(id);
            }
        }
        throw new RelayException(Outcome.STORE_UNAVAILABLE, "The account is being changed too often. Try again.");
    }

    @Override
    public boolean delete(String id) {
        List<String> keys = List.of(
                RedisKeys.CONSOLE.key(id),
                RedisKeys.OWN_ACCOUNT.key(id),
                RedisKeys.CONSOLE_INDEX.key(),
                RedisKeys.CONSOLE_SHARED.key(),
                RedisKeys.OWN_ACCOUNTS.key(),
                RedisKeys.GROUPS.key(),
                RedisKeys.GROUPS_OF.key(id),
                RedisKeys.TOKEN.key(id));
        return redis.run(DELETE, keys, List.of(id, RedisKeys.GROUP_MEMBERS.prefix()))
                .get(0)
                .equals("done");
    }

    static JsonObject json(Map<String, String> fields) {
        JsonObject.Builder json = JsonObject.build();
        fields.forEach(json::with);
        return json.end();
    }
}
