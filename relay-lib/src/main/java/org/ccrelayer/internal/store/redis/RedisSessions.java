package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.ccrelayer.session.SessionStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions in Redis, bounded by relay key. Safe for concurrent use. */
final class RedisSessions implements SessionStore {
    private static final Logger LOG = LoggerFactory.getLogger(RedisSessions.class);
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
    public CompletionStage<List<Optional<String>>> ask(String keyId, List<Question> questions) {
        RedisTexts.Keys keys = keys(keyId);
        List<CompletableFuture<Optional<String>>> answers =
                questions.stream().map(question -> ask(keys, question)).toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> answers.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<Optional<String>> ask(RedisTexts.Keys keys, Question question) {
        String session = session(question.session());
        String common = question.common();
        if (common == null) {
            return accounts.ask(keys, List.of(session)).thenApply(found -> Optional.ofNullable(found.get(0)));
        }
        return question.bound()
                ? predecessors.bound(keys, session, session(common))
                : predecessors.account(keys, session, session(common));
    }

    @Override
    public void keepForAll(String keyId, String session, String common, String accountId, Duration ttl) {
        keptForAll(keyId, session, common, accountId, ttl).whenComplete((answer, e) -> lost(e));
    }

    /** As {@link #keepForAll}, whose end may be looked at. */
    CompletableFuture<?> keptForAll(String keyId, String session, String common, String accountId, Duration ttl) {
        return predecessors.keep(
                keys(keyId), session(session), session(common), accountId(accountId), requireTime(ttl));
    }

    /** Does not wait: a session that is not kept only costs a cache. */
    @Override
    public void keep(String keyId, String session, String accountId, Duration ttl) {
        keep(keyId, session, accountId, ttl, Duration.ZERO);
    }

    @Override
    public void keep(String keyId, String session, String accountId, Duration ttl, Duration slack) {
        kept(keyId, session, accountId, ttl, slack).whenComplete((answer, e) -> lost(e));
    }

    /** As {@link #keep(String, String, String, Duration, Duration)}, whose end may be looked at. */
    CompletableFuture<?> kept(String keyId, String session, String accountId, Duration ttl, Duration slack) {
        if (slack.isNegative()) {
            throw new IllegalArgumentException("slack: must be zero or longer");
        }
        String named = session(session);
        return accounts.keep(keys(keyId), List.of(named), accountId(accountId), requireTime(ttl), slack);
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
    public void extend(String keyId, String session, Duration ttl) {
        extended(keyId, session, ttl).whenComplete((answer, e) -> lost(e));
    }

    /** As {@link #extend}, whose end may be looked at. */
    CompletableFuture<?> extended(String keyId, String session, Duration ttl) {
        return accounts.extend(keys(keyId), session(session), requireTime(ttl));
    }

    private static void lost(@Nullable Throwable problem) {
        if (problem != null) {
            LOG.debug("A session could not be kept with its account.", problem);
        }
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
