package org.ccrelayer.internal.credential;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.FederationCredential;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.account.StoredToken.Access;
import org.ccrelayer.account.StoredToken.Failure;
import org.ccrelayer.account.StoredToken.Intent;
import org.ccrelayer.account.TokenOrigin;
import org.ccrelayer.account.TokenStatus;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.credential.TokenRefresher.Key;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One account's way to a new token: take the lock, look whether somebody else was quicker, store the intent, call, store what
 * came, tell those who wait. Driven by one thread at a time.
 */
final class TokenRefresh implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(TokenRefresh.class);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 10;

    /** Codes of RFC 6749 section 5.2 that the same call meets again, however late. */
    private static final Set<String> LASTING = Set.of(
            "invalid_request",
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope");

    private final TokenRefresher refresher;
    private final TokenRefresher.Parts parts;
    private final TokenStore tokens;
    private final Key key;
    private final boolean regardless;
    private final @Nullable Secret before;
    private final RefreshLock lock;
    private int pauses;
    private boolean uncertain;

    /**
     * What came and could not be stored.
     *
     * @param granted what came
     * @param intent the call that it came from
     */
    record Unsaved(TokenReply.Granted granted, Intent intent) {}

    /**
     * A refresh that has not begun.
     *
     * @param regardless whether a token is obtained although the one that is there would do, or others failed
     */
    TokenRefresh(TokenRefresher refresher, Key key, boolean regardless) {
        this.refresher = refresher;
        this.parts = refresher.parts();
        this.tokens = parts.tokens();
        this.key = key;
        this.regardless = regardless;
        this.lock = new RefreshLock(parts, key.accountId());
        this.before = access(kept());
    }

    @Override
    public void run() {
        guarded(() -> {
            Optional<Boolean> mine = lock.take();
            if (mine.equals(Optional.of(true))) {
                locked();
            } else if (mine.isPresent() && ++pauses > RefreshLock.MOST_PAUSES) {
                end(null, new NoTokenException("another relay holds the account's lock", soon()));
            } else {
                parts.scheduler().schedule(this::again, RefreshLock.PAUSE);
            }
        });
    }

    private void again() {
        try {
            parts.executor().execute(this);
        } catch (RejectedExecutionException e) {
            end(null, new RelayException(Outcome.DRAINING));
        }
    }

    private void locked() {
        StoredToken known = kept();
        Instant now = parts.clock().instant();
        Unsaved unsaved = refresher.unsaved().get(key);
        Failure failure = known.failure();
        if (unsaved != null) {
            save(unsaved);
        } else if (isEnough(known, now)) {
            end(access(known), null);
        } else if (!regardless && failure != null && failure.standsAt(now)) {
            end(null, NoTokenException.of(failure));
        } else if (account().isEmpty()) {
            end(null, new NoTokenException("the account was changed", soon()));
        } else {
            intend(new Intent(lock.owner(), now));
        }
    }

    /** Whether another one has obtained a token meanwhile. */
    private boolean isEnough(StoredToken known, Instant now) {
        Secret token = access(known);
        return regardless
                ? token != null && !token.equals(before)
                : TokenUse.of(TokenRefresher.usable(known), now) == TokenUse.USE;
    }

    private void intend(Intent intent) {
        uncertain = kept().intent() != null;
        if (uncertain) {
            LOG.warn("account {}: {}; another call is made", key.accountId(), TokenStatus.OUTCOME_UNKNOWN);
        }
        StoredToken intended = tokens.update(
                        key.accountId(), found -> Optional.of(own(found).intending(intent)))
                .orElseThrow();
        // Read again after that: whoever changes or deletes the account from now on finds the intent, and removes it.
        Optional<Account> account = account();
        if (account.isEmpty()) {
            tokens.update(key.accountId(), kept -> kept.filter(token -> !isMine(token, intent)));
            end(null, new NoTokenException("the account was changed", soon()));
        } else {
            call(account.get(), intended, intent);
        }
    }

    /** The account, unless it has another credential by now. */
    private Optional<Account> account() {
        return parts.accounts()
                .find(key.accountId())
                .filter(present -> TokenOrigin.of(present).equals(key.origin()));
    }

    private void call(Account account, StoredToken known, Intent intent) {
        if (!isReadable(account, known.refreshToken())) {
            refused(intent, "refresh failed: a stored secret cannot be decrypted; set it anew", true);
            return;
        }
        TokenRequest request;
        try {
            request = request(account, known);
        } catch (AssertionReader.Missing e) {
            refused(intent, "refresh failed: " + e.problem(), false);
            return;
        }
        parts.endpoint().post(account, request).whenComplete((answer, failure) -> {
            Runnable next = () -> guarded(() -> {
                if (failure == null) {
                    answered(intent, TokenReply.of(answer, request.secrets()));
                } else {
                    unanswered(intent, TokenRefresher.cause(failure));
                }
            });
            later(next);
        });
    }

    private static boolean isReadable(Account account, @Nullable Secret refreshToken) {
        return account.hasReadableCredential() && (refreshToken == null || refreshToken.isReadable());
    }

    private void later(Runnable next) {
        try {
            parts.executor().execute(next);
        } catch (RejectedExecutionException e) {
            end(null, new RelayException(Outcome.DRAINING));
        }
    }

    private TokenRequest request(Account account, StoredToken known) throws AssertionReader.Missing {
        if (account.credential() instanceof OAuthCredential credential) {
            return TokenRequest.of(credential, known.refreshToken());
        }
        FederationCredential credential = (FederationCredential) account.credential();
        return TokenRequest.of(credential, account.baseUrl(), parts.assertions().read(credential.assertion()));
    }

    private void answered(Intent intent, TokenReply reply) {
        if (reply instanceof TokenReply.Granted granted) {
            save(new Unsaved(granted, intent));
        } else if (reply instanceof TokenReply.Refused refusal) {
            LOG.debug("account {}: the token endpoint says: {}", key.accountId(), refusal.description());
            refused(intent, problem(refusal), isLasting(refusal));
        } else {
            unknown(intent, ((TokenReply.Unreadable) reply).reason());
        }
    }

    /** An assertion is read anew for each exchange, so no refusal of one is the last word. */
    private boolean isLasting(TokenReply.Refused refusal) {
        boolean federated = account()
                .filter(account -> account.credential() instanceof FederationCredential)
                .isPresent();
        return !federated && LASTING.contains(refusal.reason());
    }

    private String problem(TokenReply.Refused refusal) {
        return uncertain && refusal.reason().equals("invalid_grant")
                ? TokenStatus.OUTCOME_UNKNOWN + ", then invalid_grant: give the account a new refreshToken"
                : "refresh failed: " + refusal.reason();
    }

    private void unanswered(Intent intent, Throwable failure) {
        if (!(failure instanceof TokenEndpoint.Unanswered call)) {
            LOG.warn("account {}: the call for a token failed", key.accountId(), failure);
            unknown(intent, "the call failed");
        } else if (call.heard()) {
            unknown(intent, call.words());
        } else {
            refused(intent, "refresh failed: " + call.words(), false);
        }
    }

    private void save(Unsaved unsaved) {
        refresher.unsaved().put(key, unsaved);
        Intent intent = unsaved.intent();
        TokenReply.Granted granted = unsaved.granted();
        Access access = new Access(granted.token(), intent.at().plus(granted.lifetime()), intent.at());
        Optional<StoredToken> kept = tokens.update(
                key.accountId(),
                found -> found.map(
                        token -> isMine(token, intent) ? token.obtained(access, granted.refreshToken()) : token));
        refresher.unsaved().remove(key);
        if (kept.filter(token -> token.holds(granted.token())).isPresent()) {
            parts.obtained().accept(key.accountId());
            end(granted.token(), null);
        } else {
            end(null, new NoTokenException("the account was changed", soon()));
        }
    }

    /** What became of an earlier call stays unknown until a refresh token is given or refused. */
    private void refused(Intent intent, String problem, boolean lasting) {
        fail(intent, problem, lasting, lasting || !uncertain);
    }

    /** The endpoint may have given a new refresh token and taken the old one back; only the next call can tell. */
    private void unknown(Intent intent, String words) {
        LOG.warn("account {}: {}", key.accountId(), words);
        fail(intent, TokenStatus.OUTCOME_UNKNOWN, false, false);
    }

    private void fail(Intent intent, String problem, boolean lasting, boolean known) {
        Failure failure = failure(problem, lasting);
        tokens.update(
                key.accountId(),
                kept -> kept.map(token ->
                        !isMine(token, intent) ? token : known ? token.failed(failure) : token.unanswered(failure)));
        LOG.warn(
                "account {}: {}; {}",
                key.accountId(),
                problem,
                failure.againAt() == null ? "an operator must change the account" : "again at " + failure.againAt());
        end(null, NoTokenException.of(failure));
    }

    private Failure failure(String problem, boolean lasting) {
        Failure last = kept().failure();
        int inARow = last == null ? 1 : Math.min(last.inARow() + 1, MOST_DOUBLINGS);
        Duration wait = FIRST_WAIT.multipliedBy(1L << (inARow - 1));
        Duration bounded = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        return new Failure(
                problem, inARow, lasting ? null : parts.clock().instant().plus(bounded));
    }

    private Instant soon() {
        return parts.clock().instant().plus(FIRST_WAIT);
    }

    private static boolean isMine(StoredToken token, Intent intent) {
        return intent.equals(token.intent());
    }

    private StoredToken kept() {
        return own(tokens.find(key.accountId()));
    }

    /** What is kept, but nothing of what another credential was given. */
    private StoredToken own(Optional<StoredToken> found) {
        return found.filter(token -> TokenRefresher.isOf(key, token))
                .orElseGet(() -> StoredToken.none(key.accountId(), key.origin()));
    }

    private static @Nullable Secret access(StoredToken token) {
        Access access = TokenRefresher.usable(token);
        return access == null ? null : access.token();
    }

    /** Runs a part of the way; whatever it throws ends it, since others wait. */
    private void guarded(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException | Error e) {
            end(null, e);
        }
    }

    private void end(@Nullable Secret token, @Nullable Throwable failure) {
        try {
            lock.giveBack();
        } finally {
            refresher.ended(key, token, failure);
        }
    }
}
