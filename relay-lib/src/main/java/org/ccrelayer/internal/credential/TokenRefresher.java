package org.ccrelayer.internal.credential;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.account.StoredToken.Access;
import org.ccrelayer.account.StoredToken.Failure;
import org.ccrelayer.account.TokenOrigin;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Keeps accounts in tokens: what has time left is used, what has little is replaced meanwhile, what has none is waited for. For
 * each account there is one call at a time, whoever asks, and nobody holds a thread while it runs. Safe for concurrent use; may
 * block on the store.
 */
public final class TokenRefresher {
    private final Parts parts;
    private final Map<Key, CompletableFuture<Secret>> running = new ConcurrentHashMap<>();

    /** Tokens that came and could not be stored. They are stored before anything else is tried, since nobody gives them again. */
    private final Map<Key, TokenRefresh.Unsaved> unsaved = new ConcurrentHashMap<>();

    /** An account with one credential. */
    record Key(String accountId, String origin) {}

    /**
     * What it works with.
     *
     * @param accounts the accounts
     * @param tokens what is kept of their tokens
     * @param endpoint the road to token endpoints
     * @param assertions reads assertions
     * @param clock the time
     * @param executor runs what may block
     * @param scheduler runs what is to wait; nothing on it blocks
     * @param obtained is told the ids of accounts that have a new token
     */
    public record Parts(
            AccountStore accounts,
            TokenStore tokens,
            TokenEndpoint endpoint,
            AssertionReader assertions,
            InstantSource clock,
            Executor executor,
            Scheduler scheduler,
            Consumer<String> obtained) {
        public Parts {
            requireNonNull(accounts, "accounts");
            requireNonNull(tokens, "tokens");
            requireNonNull(endpoint, "endpoint");
            requireNonNull(assertions, "assertions");
            requireNonNull(clock, "clock");
            requireNonNull(executor, "executor");
            requireNonNull(scheduler, "scheduler");
            requireNonNull(obtained, "obtained");
        }
    }

    /** Works with those. */
    public TokenRefresher(Parts parts) {
        this.parts = requireNonNull(parts, "parts");
    }

    /** A token for a request of the account; where there is none the stage fails with a {@link NoTokenException}. */
    CompletionStage<Secret> token(Account account) {
        Key key = key(account);
        Optional<StoredToken> kept = parts.tokens().find(key.accountId()).filter(token -> isOf(key, token));
        Access access = kept.map(TokenRefresher::usable).orElse(null);
        Instant now = parts.clock().instant();
        Optional<Failure> standing = kept.map(StoredToken::failure).filter(failure -> failure.standsAt(now));
        TokenUse use = TokenUse.of(access, now);
        if (use == TokenUse.USE_AND_RENEW && standing.isEmpty()) {
            begin(key, false);
        }
        if (access != null && use != TokenUse.RENEW) {
            return CompletableFuture.completedStage(access.token());
        }
        CompletionStage<Secret> renewed = standing.isPresent()
                ? CompletableFuture.failedStage(NoTokenException.of(standing.get()))
                : begin(key, false);
        return renewed.exceptionallyCompose(failure -> whileItLasts(access, failure));
    }

    /** A token with a few seconds left is better than none. */
    private CompletionStage<Secret> whileItLasts(@Nullable Access access, Throwable failure) {
        boolean lasts = access != null && parts.clock().instant().isBefore(access.expiresAt());
        return cause(failure) instanceof NoTokenException && access != null && lasts
                ? CompletableFuture.completedStage(access.token())
                : CompletableFuture.failedStage(cause(failure));
    }

    /** What went wrong, without the wrapping of a stage. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /** The upstream refused a token; it is dropped unless there is another one by now. */
    void refused(Account account, Secret token) {
        if (parts.tokens().find(account.id()).filter(kept -> kept.holds(token)).isPresent()) {
            parts.tokens().update(account.id(), kept -> kept.map(now -> now.holds(token) ? now.withoutAccess() : now));
        }
    }

    /**
     * Obtains a new token for an account at once, whatever is left of the one it has and however often that was tried in vain. The
     * stage completes when it is stored, and fails with a {@link NoTokenException} where none was given.
     */
    public CompletionStage<Secret> refresh(Account account) {
        return begin(key(account), true);
    }

    private CompletionStage<Secret> begin(Key key, boolean regardless) {
        CompletableFuture<Secret> fresh = new CompletableFuture<>();
        CompletableFuture<Secret> known = running.putIfAbsent(key, fresh);
        if (known != null) {
            return known;
        }
        try {
            parts.executor().execute(new TokenRefresh(this, key, regardless));
        } catch (RejectedExecutionException e) {
            ended(key, null, new RelayException(Outcome.DRAINING));
        } catch (RuntimeException e) {
            ended(key, null, e);
        }
        return fresh;
    }

    /** Tells all who wait; whoever comes later finds what was stored. */
    void ended(Key key, @Nullable Secret token, @Nullable Throwable failure) {
        CompletableFuture<Secret> ending = running.remove(key);
        if (ending == null) {
            return;
        }
        if (failure != null) {
            ending.completeExceptionally(failure);
        } else {
            ending.complete(requireNonNull(token));
        }
    }

    Parts parts() {
        return parts;
    }

    Map<Key, TokenRefresh.Unsaved> unsaved() {
        return unsaved;
    }

    /** The token that requests may carry; null also where it cannot be decrypted. */
    static @Nullable Access usable(StoredToken kept) {
        Access access = kept.access();
        return access == null || !access.token().isReadable() ? null : access;
    }

    static boolean isOf(Key key, StoredToken token) {
        return token.origin().equals(key.origin());
    }

    private static Key key(Account account) {
        return new Key(account.id(), TokenOrigin.of(account));
    }

    /** Waits until no call runs: what was given by one that is cut is lost. */
    public void awaitIdle(Duration limit) throws InterruptedException {
        CompletableFuture<?>[] calls = running.values().toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(calls).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // How they ended is told to those who asked; what did not end is known by its intent at the next start.
            return;
        }
    }
}
