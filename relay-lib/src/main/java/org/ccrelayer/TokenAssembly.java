package org.ccrelayer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.account.Account;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.credential.AssertionReader;
import org.ccrelayer.internal.credential.CredentialSource;
import org.ccrelayer.internal.credential.NoTokenException;
import org.ccrelayer.internal.credential.TokenRefresher;
import org.ccrelayer.internal.health.AccountHealth;
import org.ccrelayer.internal.health.Verdict;
import org.ccrelayer.internal.pipeline.RelayResources;
import org.ccrelayer.internal.pipeline.TokenCalls;
import org.ccrelayer.internal.threads.RelayThreads;
import org.ccrelayer.internal.upstream.UpstreamClient;
import org.ccrelayer.store.RelayStore;

/** The part of a relay that obtains tokens. */
final class TokenAssembly {
    private static final Duration LAST_CALLS = Duration.ofSeconds(5);

    /** Of its own, so that those who wait for a token in the relay's workers do not keep it from coming. */
    private static final int WORKERS = 4;

    private final RelayThreads threads = new RelayThreads();
    private final ThreadPoolExecutor workers;
    private final AccountHealth health;
    private final TokenRefresher refresher;

    TokenAssembly(
            RelayStore store,
            UpstreamClient upstreams,
            InstantSource clock,
            RelayResources resources,
            AccountHealth health) {
        this.workers = workers(threads);
        this.health = health;
        this.refresher = new TokenRefresher(new TokenRefresher.Parts(
                store.accounts(),
                store.tokens(),
                new TokenCalls(upstreams, resources.scheduler(), TokenCalls.PATIENCE),
                new AssertionReader(System::getenv),
                clock,
                workers,
                resources.scheduler(),
                id -> health.lift(id, Set.of(Verdict.Kind.NO_TOKEN))));
    }

    private static ThreadPoolExecutor workers(RelayThreads threads) {
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                WORKERS, WORKERS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads.named("relay-tokens"));
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }

    CredentialSource credentials() {
        return new CredentialSource(refresher);
    }

    /** A new token at an operator's wish, after which a refused credential counts as mended. */
    CompletionStage<?> refresh(Account account) {
        return refresher
                .refresh(account)
                .thenAccept(token ->
                        health.lift(account.id(), Set.of(Verdict.Kind.NO_TOKEN, Verdict.Kind.CREDENTIAL_BROKEN)))
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(told(TokenRefresher.cause(failure))));
    }

    private static RelayException told(Throwable failure) {
        if (failure instanceof NoTokenException none) {
            return new RelayException(
                    Outcome.UPSTREAM_UNREACHABLE, "The token could not be obtained: " + none.problem() + ".");
        }
        return failure instanceof RelayException known
                ? known
                : new RelayException(Outcome.INTERNAL_ERROR, Outcome.INTERNAL_ERROR.message(), failure);
    }

    /** Sees running calls out, before the client that makes them is closed. */
    void awaitIdle() {
        try {
            refresher.awaitIdle(LAST_CALLS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close() throws InterruptedException {
        workers.shutdown();
        workers.awaitTermination(LAST_CALLS.toMillis(), TimeUnit.MILLISECONDS);
        threads.awaitEnd(LAST_CALLS);
    }
}
