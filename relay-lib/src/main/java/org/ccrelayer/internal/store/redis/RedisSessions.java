package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ccrelayer.session.SessionStore;

/** The sessions in Redis, bounded by relay key. Safe for concurrent use. */
final class RedisSessions implements SessionStore {
    private static final int MOST_PER_KEY = 100_000;

    private final RedisTexts accounts;
    private final PredecessorSessions predecessors;

    RedisSessions(RedisLink link, RedisTime time) {
        this(link, time, MOST_PER_KEY);
    }

    /** @param most how many sessions of a relay key are kept */
    RedisSessions(RedisLink link, RedisTime time, int most) {
        this.accounts = new RedisTexts(link, time, most);
        this.predecessors = new PredecessorSessions(link, time, most);
    }

    @Override
    public Optional<String> account(String keyId, String session) {
        return Optional.ofNullable(
                accounts.texts(keys(keyId), List.of(session(session))).get(0));
    }

    @Override
    public Optional<String> account(String keyId, String session, String common) {
        return predecessors.account(keys(keyId), session(session), session(common));
    }

    @Override
    public Optional<String> bound(String keyId, String session, String common) {
        return predecessors.bound(keys(keyId), session(session), session(common));
    }

    @Override
    public void keepForAll(String keyId, String session, String common, String accountId, Duration ttl) {
        predecessors.keep(keys(keyId), session(session), session(common), accountId(accountId), requireTime(ttl));
    }

    @Override
    public void keep(String keyId, String session, String accountId, Duration ttl) {
        keep(keyId, session, accountId, ttl, Duration.ZERO);
    }

    @Override
    public void keep(String keyId, String session, String accountId, Duration ttl, Duration slack) {
        if (slack.isNegative()) {
            throw new IllegalArgumentException("slack: must be zero or longer");
        }
        accounts.keep(keys(keyId), List.of(session(session)), accountId(accountId), requireTime(ttl), slack);
    }

    @Override
    public Optional<String> bind(String keyId, String session, String accountId, Duration ttl) {
        return accounts.bind(keys(keyId), session(session), accountId(accountId), requireTime(ttl));
    }

    @Override
    public boolean renew(String keyId, String session, Duration ttl) {
        return accounts.renew(keys(keyId), session(session), requireTime(ttl));
    }

    @Override
    public void forget(String keyId, String session) {
        accounts.forget(keys(keyId), session(session));
    }

    private static RedisTexts.Keys keys(String keyId) {
        String id = Names.required("keyId", keyId, MAX_LENGTH);
        return new RedisTexts.Keys(RedisKeys.SESSIONS.key(id), RedisKeys.SESSIONS_ASKED.key(id));
    }

    private static String session(String session) {
        return Names.required("session", session, MAX_LENGTH);
    }

    private static String accountId(String accountId) {
        return Names.required("accountId", accountId, MAX_LENGTH);
    }

    private static Duration requireTime(Duration ttl) {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("ttl: must be longer than zero");
        }
        return ttl;
    }
}
