package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.store.SecretCipher;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of accounts in Redis. A change is made of what was read and written if that still stands, else made again. Locks are
 * the predecessor's, so that it does not call for a token while a relay does. Safe for concurrent use, also by several relays.
 */
final class RedisTokens implements TokenStore {
    private static final Script REPLACE = Script.of("replace");
    private static final Script LOCK = Script.of("lock");
    private static final Script UNLOCK = Script.of("unlock");
    private static final int MOST_TRIES = 1_000;
    private static final String NOTHING = "";

    private final RedisLink link;
    private final TokenText format;

    RedisTokens(RedisLink link, SecretCipher cipher) {
        this.link = link;
        this.format = new TokenText(cipher);
        link.load(REPLACE, LOCK, UNLOCK);
    }

    @Override
    public Optional<StoredToken> find(String accountId) {
        return token(accountId, read(accountId));
    }

    /** As {@link #find} for several, all of which are asked for before any is waited for; each answer fails by itself. */
    Map<String, Supplier<Optional<StoredToken>>> ask(List<String> accountIds) {
        Map<String, Supplier<Optional<StoredToken>>> answers = new HashMap<>();
        for (String id : accountIds) {
            CompletableFuture<String> text = link.sent(redis -> redis.get(RedisKeys.TOKEN.key(id)));
            answers.put(id, () -> token(id, orNothing(link.await(text))));
        }
        return answers;
    }

    private static String orNothing(@Nullable String text) {
        return text == null ? NOTHING : text;
    }

    private String read(String accountId) {
        return orNothing(link.<String>call(redis -> redis.get(RedisKeys.TOKEN.key(accountId))));
    }

    private Optional<StoredToken> token(String accountId, String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(format.token(accountId, text));
    }

    @Override
    public Optional<StoredToken> update(String accountId, UnaryOperator<Optional<StoredToken>> change) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            String before = read(accountId);
            Optional<StoredToken> after = change.apply(token(accountId, before));
            if (after.filter(token -> !token.accountId().equals(accountId)).isPresent()) {
                throw new IllegalArgumentException("a change must leave the account as it is");
            }
            String text = after.map(format::of).orElse(NOTHING);
            if (link.decides(REPLACE, List.of(RedisKeys.TOKEN.key(accountId)), List.of(before, text))) {
                return after;
            }
        }
        throw new RelayException(Outcome.STORE_UNAVAILABLE, "The tokens of an account change too often.");
    }

    /** Forgets everything of an account, since it was deleted. */
    void forget(String accountId) {
        link.call(redis -> redis.del(RedisKeys.TOKEN.key(accountId)));
    }

    @Override
    public boolean lock(String accountId, String owner, Duration ttl) {
        String millis = Long.toString(Math.max(1, RedisTime.micros(ttl) / 1_000));
        return link.decides(LOCK, lockKey(accountId), List.of(owner, millis));
    }

    @Override
    public void unlock(String accountId, String owner) {
        link.run(UNLOCK, lockKey(accountId), List.of(owner));
    }

    @Override
    public boolean locked(String accountId) {
        return link.<Long>call(redis -> redis.exists(RedisKeys.TOKEN_LOCK.key(accountId))) > 0;
    }

    private static List<String> lockKey(String accountId) {
        return List.of(RedisKeys.TOKEN_LOCK.key(accountId));
    }
}
