package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccrelayer.internal.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions of which the predecessor knows something too: what it says stands in for what the relay does not keep, and it is told
 * of accounts that it knows, each in the script that reads or writes the relay's own. Safe for concurrent use.
 */
final class PredecessorSessions {
    private static final Logger LOG = LoggerFactory.getLogger(PredecessorSessions.class);
    private static final Script ACCOUNT = Script.of("time", "texts", "mapping", "session-account");
    private static final Script BOUND = Script.of("time", "texts", "mapping", "session-bound");
    private static final Script KEEP = Script.of("time", "texts", "mapping", "session-keep");

    private final RedisLink link;
    private final RedisTime time;
    private final int most;
    private final AtomicBoolean toldOfLogins = new AtomicBoolean();

    /** @param most how many sessions of a relay key are kept */
    PredecessorSessions(RedisLink link, RedisTime time, int most) {
        this.link = link;
        this.time = time;
        this.most = most;
        link.load(ACCOUNT, BOUND, KEEP);
    }

    /** The account of a session. */
    CompletableFuture<Optional<String>> account(RedisTexts.Keys keys, String session, String common) {
        List<String> all = List.of(
                keys.texts(),
                keys.asked(),
                RedisKeys.SESSION_MAPPING.key(common),
                RedisKeys.OLD_SESSION_MAPPING.key(common));
        return link.sent(ACCOUNT, all, asking(session)).thenApply(PredecessorSessions::first);
    }

    /** The account that a session is bound to; a consumer login is none that could serve it. */
    CompletableFuture<Optional<String>> bound(RedisTexts.Keys keys, String session, String common) {
        List<String> all = List.of(keys.texts(), keys.asked(), RedisKeys.SESSION_BINDING.key(common));
        return link.sent(BOUND, all, asking(session)).thenApply(this::withoutLogins);
    }

    private Optional<String> withoutLogins(List<Object> answer) {
        if (answer.contains("login") && toldOfLogins.compareAndSet(false, true)) {
            LOG.info(
                    "Sessions that the predecessor bound to consumer logins are bound anew, to accounts of the relay.");
        }
        return first(answer);
    }

    private List<String> asking(String session) {
        return List.of(time.argument(), session, RedisKeys.CONSOLE.prefix());
    }

    private static Optional<String> first(List<Object> answer) {
        return answer.isEmpty() ? Optional.empty() : Optional.ofNullable((String) answer.get(0));
    }

    /** Keeps a session. Does not wait: a session that is lost finds an account again. */
    CompletableFuture<?> keep(RedisTexts.Keys keys, String session, String common, String accountId, Duration ttl) {
        List<String> all = List.of(
                keys.texts(), keys.asked(), RedisKeys.SESSION_MAPPING.key(common), RedisKeys.CONSOLE.key(accountId));
        List<String> arguments = List.of(
                time.argument(),
                accountId,
                Long.toString(RedisTime.micros(ttl)),
                Integer.toString(most),
                session,
                mapping(accountId));
        return link.sent(KEEP, all, arguments);
    }

    /** The predecessor reads the first two members only. */
    private static String mapping(String accountId) {
        return JsonObject.empty()
                .with("accountId", accountId)
                .with("accountType", "claude-console")
                .with("relay", true)
                .toString();
    }
}
