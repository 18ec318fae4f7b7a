package org.ccrelayer.internal.admin;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.account.TokenOrigin;
import org.ccrelayer.account.TokenStatus;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.store.RelayStore;

/** What operators see of tokens and can do about them. Safe for concurrent use; blocks. */
final class TokenAdministration {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Whoever waits here holds one of the relay's few workers. */
    private static final int MOST_WAITING = 2;

    private final RelayStore store;
    private final Function<Account, CompletionStage<?>> refresh;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);

    /** Has tokens obtained by {@code refresh}, whose stage fails with a {@link RelayException}. */
    TokenAdministration(RelayStore store, Function<Account, CompletionStage<?>> refresh) {
        this.store = requireNonNull(store, "store");
        this.refresh = requireNonNull(refresh, "refresh");
    }

    TokenStatus status(String id) {
        TokenStore tokens = store.tokens();
        return TokenStatus.of(tokens.find(id), tokens.locked(id));
    }

    /** An operator has changed the account: what another credential was given is dropped, and what failed may be tried again. */
    void changed(Account account) {
        String origin = TokenOrigin.of(account);
        store.tokens()
                .update(
                        account.id(),
                        kept -> kept.filter(token -> token.origin().equals(origin))
                                .map(StoredToken::forgiven));
    }

    Optional<TokenStatus> refresh(String id) {
        Optional<Account> account = store.accounts().find(id);
        account.ifPresent(this::refresh);
        return account.map(known -> status(id));
    }

    private void refresh(Account account) {
        if (TokenOrigin.of(account).isEmpty()) {
            throw new IllegalArgumentException("kind: accounts of kind "
                    + account.kind().id() + " have nothing to refresh, only those of kind oauth and federation");
        }
        if (!waiting.tryAcquire()) {
            throw new RelayException(Outcome.RELAY_BUSY, "Other accounts are being refreshed. Try again in a moment.")
                    .retryAfter(Duration.ofSeconds(1));
        }
        try {
            await(refresh.apply(account));
        } finally {
            waiting.release();
        }
    }

    private static void await(CompletionStage<?> refreshed) {
        try {
            refreshed.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RelayException told
                    ? told
                    : new RelayException(Outcome.INTERNAL_ERROR, Outcome.INTERNAL_ERROR.message(), e.getCause());
        } catch (TimeoutException e) {
            throw new RelayException(Outcome.UPSTREAM_TIMEOUT, "The token was not refreshed within a minute.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RelayException(Outcome.DRAINING);
        }
    }
}
