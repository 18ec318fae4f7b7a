package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.Optional;
import org.ccrelayer.internal.credential.NoTokenException;
import org.ccrelayer.internal.health.AccountHealth;
import org.ccrelayer.internal.health.Failure;
import org.ccrelayer.internal.health.UpstreamVerdicts;
import org.ccrelayer.internal.health.Verdict;
import org.ccrelayer.internal.health.WindowReading;
import org.ccrelayer.internal.upstream.UpstreamFailure;
import org.eclipse.jetty.http.HttpFields;

/** Tells what attempts say about their accounts. Safe for concurrent use. */
public final class AccountJudge {
    private final AccountHealth health;
    private final InstantSource clock;
    private final UpstreamVerdicts verdicts = new UpstreamVerdicts();

    /** Tells {@code health} what answers say of windows. */
    public AccountJudge(AccountHealth health, InstantSource clock) {
        this.health = requireNonNull(health, "health");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Headers have come, whatever they say. */
    void answered(UpstreamAttempt attempt, HttpFields headers) {
        health.read(attempt.account().id(), WindowReading.of(headers, clock.instant()));
    }

    /** There is no token to ask with. */
    void withoutToken(UpstreamAttempt attempt, NoTokenException failure) {
        attempt.judged(Verdict.noToken(attempt.family(), failure.againAt(), clock.instant(), failure.problem()));
    }

    /** A token did not come in time. */
    void withoutTokenInTime(UpstreamAttempt attempt) {
        attempt.judged(verdicts.ofFailure(Failure.TIMED_OUT, attempt.family()));
    }

    /** The upstream refused. */
    Verdict refused(UpstreamAttempt attempt, int status, HttpFields headers, Optional<byte[]> explanation) {
        Verdict verdict =
                verdicts.classify(status, headers, explanation.orElse(null), attempt.family(), clock.instant());
        attempt.judged(verdict);
        return verdict;
    }

    /** The upstream refused in the first event of a stream. */
    Verdict refusedInStream(UpstreamAttempt attempt, String errorType, Optional<byte[]> explanation) {
        Verdict verdict = verdicts.ofErrorEvent(errorType, explanation.orElse(null), attempt.family(), clock.instant());
        attempt.judged(verdict);
        return verdict;
    }

    /** There is no answer. */
    void failed(Exchange exchange, UpstreamAttempt attempt, UpstreamFailure failure) {
        if (failure.kind() != UpstreamFailure.Kind.CANCELLED
                || exchange.unwanted().isEmpty()) {
            attempt.judged(verdicts.ofFailure(failure(failure.kind()), attempt.family()));
        }
    }

    private static Failure failure(UpstreamFailure.Kind kind) {
        return switch (kind) {
            case UNREACHABLE, ADDRESS_REFUSED -> Failure.UNREACHABLE;
            case PROXY_UNREACHABLE, PROXY_REFUSED, PROXY_LOGIN_REFUSED, PROXY_TIMED_OUT, PROXY_BROKEN -> Failure.PROXY;
            case TLS_FAILED, TLS_TIMED_OUT, TLS_NOT_PINNED, TLS_UNUSABLE -> Failure.TLS;
            case TIMEOUT, CANCELLED -> Failure.TIMED_OUT;
        };
    }

    /** The answer broke before any of it was handed on. */
    void broken(Exchange exchange, UpstreamAttempt attempt) {
        if (exchange.unwanted().isEmpty()) {
            attempt.judged(verdicts.ofFailure(Failure.BROKEN, attempt.family()));
        }
    }
}
