package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.session.SessionStore;

/**
 * The sessions in Redis, and while that is away those that this relay saw last. A session that it does not know stays with no
 * account then, but for binding, which is a promise: nobody is bound without Redis who may be bound elsewhere. Safe for concurrent
 * use.
 */
final class AwaySessions implements SessionStore {
    /** A time to live may be endless. */
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private final SessionStore redis;
    private final Away away;
    private final Remembered<Name, Stay> known = new Remembered<>();

    private record Name(String keyId, String session) {}

    private record Stay(String accountId, Instant until) {}

    AwaySessions(SessionStore redis, Away away) {
        this.redis = redis;
        this.away = away;
    }

    @Override
    public Optional<String> account(String keyId, String session) {
        if (!away.now()) {
            try {
                Optional<String> account = redis.account(keyId, session);
                learned(keyId, session, account);
                return account;
            } catch (RelayException e) {
                passOn(e);
            }
        }
        return remembered(keyId, session);
    }

    private void learned(String keyId, String session, Optional<String> account) {
        account.ifPresentOrElse(
                found -> saw(keyId, session, found, Outage.LOCAL.multipliedBy(2)),
                () -> known.forget(new Name(keyId, session)));
    }

    @Override
    public CompletionStage<List<Optional<String>>> ask(String keyId, List<Question> questions) {
        if (away.now()) {
            return CompletableFuture.completedStage(remembered(keyId, questions));
        }
        return redis.ask(keyId, questions)
                .thenApply(accounts -> {
                    for (int number = 0; number < accounts.size(); number++) {
                        learned(keyId, questions.get(number).session(), accounts.get(number));
                    }
                    return accounts;
                })
                .exceptionally(e -> {
                    passOn(Away.problem(e));
                    return remembered(keyId, questions);
                });
    }

    private List<Optional<String>> remembered(String keyId, List<Question> questions) {
        return questions.stream()
                .map(question -> remembered(keyId, question.session()))
                .toList();
    }

    private Optional<String> remembered(String keyId, String session) {
        return known.get(new Name(keyId, session))
                .filter(stay -> away.moment().isBefore(stay.until()))
                .map(Stay::accountId);
    }

    private void saw(String keyId, String session, String accountId, Duration ttl) {
        known.saw(new Name(keyId, session), stay(accountId, ttl));
    }

    private Stay stay(String accountId, Duration ttl) {
        return new Stay(accountId, away.moment().plus(ttl.compareTo(LONGEST) > 0 ? LONGEST : ttl));
    }

    /** What is no outage stays what it is. */
    private void passOn(RelayException problem) {
        if (!away.began(problem)) {
            throw problem;
        }
    }

    @Override
    public void keep(String keyId, String session, String accountId, Duration ttl) {
        keep(keyId, session, accountId, ttl, Duration.ZERO);
    }

    @Override
    public void keepForAll(String keyId, String session, String common, String accountId, Duration ttl) {
        kept(keyId, session, stay(accountId, ttl), () -> redis.keepForAll(keyId, session, common, accountId, ttl));
    }

    @Override
    public void keep(String keyId, String session, String accountId, Duration ttl, Duration slack) {
        kept(keyId, session, stay(accountId, ttl), () -> redis.keep(keyId, session, accountId, ttl, slack));
    }

    private void kept(String keyId, String session, Stay stay, Runnable keeping) {
        if (!away.now()) {
            try {
                keeping.run();
                known.saw(new Name(keyId, session), stay);
                return;
            } catch (RelayException e) {
                passOn(e);
            }
        }
        known.owes(new Name(keyId, session), stay);
    }

    @Override
    public Optional<String> bind(String keyId, String session, String accountId, Duration ttl) {
        if (!away.now()) {
            try {
                Optional<String> before = redis.bind(keyId, session, accountId, ttl);
                saw(keyId, session, before.orElse(accountId), ttl);
                return before;
            } catch (RelayException e) {
                passOn(e);
            }
        }
        return Optional.of(remembered(keyId, session).orElseThrow(Outage::refusal));
    }

    @Override
    public boolean renew(String keyId, String session, Duration ttl) {
        if (!away.now()) {
            try {
                return redis.renew(keyId, session, ttl);
            } catch (RelayException e) {
                passOn(e);
            }
        }
        Optional<String> account = remembered(keyId, session);
        account.ifPresent(found -> known.owes(new Name(keyId, session), stay(found, ttl)));
        return account.isPresent();
    }

    @Override
    public void extend(String keyId, String session, Duration ttl) {
        if (away.now()) {
            renew(keyId, session, ttl);
        } else {
            redis.extend(keyId, session, ttl);
        }
    }

    @Override
    public void forget(String keyId, String session) {
        known.forget(new Name(keyId, session));
        if (!away.now()) {
            redis.forget(keyId, session);
        }
    }

    /** Hands Redis what was kept without it. */
    void replay() {
        known.owed().forEach((name, stay) -> {
            Duration left = Duration.between(away.moment(), stay.until());
            if (!left.isNegative() && !left.isZero()) {
                redis.keep(name.keyId(), name.session(), stay.accountId(), left);
            }
            known.sent(name, stay);
        });
    }
}
