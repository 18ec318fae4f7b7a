package org.ccrelayer.internal.health;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ccrelayer.internal.health.Verdict.Kind;
import org.ccrelayer.internal.health.Verdict.Scope;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * A refusal while it is being judged.
 *
 * @param status its status
 * @param headers its header fields
 * @param error the error in its body
 * @param family the family of the model that was asked for; empty where it is not known
 * @param now when it came
 */
record Refusal(int status, HttpFields headers, UpstreamError error, String family, Instant now) {
    Refusal {
        requireNonNull(headers, "headers");
        requireNonNull(error, "error");
        requireNonNull(family, "family");
        requireNonNull(now, "now");
    }

    Optional<Duration> retryAfter() {
        return StatedTimes.retryAfter(headers, now);
    }

    /** When the wait that was asked for is over. */
    Optional<Instant> waitEnds() {
        return retryAfter().map(now::plus);
    }

    /** A verdict that another account may mend and the same one may not. */
    Verdict keepsOut(Kind kind, Scope scope, @Nullable Instant until) {
        return verdict(kind, scope, until, true, false);
    }

    /** A verdict that another account may mend, and the same one too. */
    Verdict passes(Kind kind, Scope scope, @Nullable Instant until) {
        return verdict(kind, scope, until, true, true);
    }

    /** A verdict on the request alone. */
    Verdict requestFault(boolean anotherMayHelp) {
        return verdict(Kind.REQUEST_FAULT, Scope.REQUEST, null, anotherMayHelp, false);
    }

    private Verdict verdict(Kind kind, Scope scope, @Nullable Instant until, boolean another, boolean inPlace) {
        return new Verdict(
                kind,
                scope,
                family,
                until == null ? null : StatedTimes.bounded(until, kind.longest(), now),
                retryAfter()
                        .map(wait -> wait.compareTo(kind.longest()) > 0 ? kind.longest() : wait)
                        .filter(wait -> !wait.isZero())
                        .orElse(null),
                another,
                inPlace,
                reason(kind),
                status);
    }

    private String reason(Kind kind) {
        String code = error.code().isEmpty() ? "" : " " + error.code();
        return kind.words() + " (" + status + code + ")";
    }

    /** The same, about another family. */
    Refusal of(String otherFamily) {
        return new Refusal(status, headers, error, otherFamily, now);
    }
}
