package org.ccrelayer.internal.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ccrelayer.internal.health.Verdict.Kind;
import org.ccrelayer.internal.health.Verdict.Scope;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * Tells what an upstream's answer means: by its error code, then its wording where that is documented, then its type, then
 * its status. The table is docs/upstream-answers.md. Stateless and safe for concurrent use; no answer makes it throw.
 */
public final class UpstreamVerdicts {
    /** How long an account is left alone whose upstream does not say until when it may not spend. */
    private static final Duration UNDATED_SPEND_CAP = Duration.ofHours(1);

    private static final Set<String> SPEND_CODES =
            Set.of("enforced_spend_limit_reached", "contract_spend_limit_reached");
    private static final Set<String> REQUEST_CODES = Set.of("claude_code_version_too_old", "sandbox_egress_restricted");
    private static final Set<String> ENCRYPTION_CODES = Set.of("cmek_key_unreachable", "cmek_context_unavailable");

    /**
     * The verdict on an answer.
     *
     * @param body what was read of a refusal; null where nothing was
     * @param family the family of the model that was asked for; empty where it is not known
     */
    public Verdict classify(int status, HttpFields headers, byte @Nullable [] body, String family, Instant now) {
        if (status >= 200 && status < 300) {
            return Verdict.ok(family);
        }
        Verdict verdict = judge(new Refusal(status, headers, UpstreamError.of(body), family, now));
        return shouldRetry(headers).map(verdict::shouldRetry).orElse(verdict);
    }

    /** The verdict where no answer came. */
    public Verdict ofFailure(Failure failure, String family) {
        Kind kind = failure == Failure.TIMED_OUT ? Kind.TIMEOUT : Kind.SERVER_ERROR;
        boolean inPlace = failure != Failure.TIMED_OUT;
        String reason = failure.words();
        return new Verdict(kind, Scope.ACCOUNT, family, null, null, true, inPlace, reason);
    }

    /**
     * The verdict on an error event in a stream that has the header fields of a good answer, which say nothing of it.
     *
     * @param type the error's type
     * @param body the event's data; null where it cannot be read
     * @param family the family of the model that was asked for; empty where it is not known
     */
    public Verdict ofErrorEvent(String type, byte @Nullable [] body, String family, Instant now) {
        return classify(statusOf(type), HttpFields.EMPTY, body, family, now);
    }

    /** The status with which an upstream tells an error of that type; 500 for a type that is not known. */
    public static int statusOf(String errorType) {
        return switch (errorType) {
            case "invalid_request_error" -> 400;
            case "authentication_error" -> 401;
            case "billing_error" -> 402;
            case "permission_error" -> 403;
            case "not_found_error" -> 404;
            case "conflict_error" -> 409;
            case "request_too_large" -> 413;
            case "rate_limit_error" -> 429;
            case "timeout_error" -> 504;
            case "overloaded_error" -> 529;
            default -> 500;
        };
    }

    private static Optional<Boolean> shouldRetry(HttpFields headers) {
        String value = headers.get("x-should-retry");
        boolean known = "true".equalsIgnoreCase(value) || "false".equalsIgnoreCase(value);
        return known ? Optional.of(Boolean.valueOf(value)) : Optional.empty();
    }

    private static Verdict judge(Refusal refusal) {
        return byCode(refusal)
                .or(() -> byWording(refusal))
                .or(() -> byType(refusal))
                .orElseGet(() -> byStatus(refusal));
    }

    private static Optional<Verdict> byCode(Refusal refusal) {
        String code = refusal.error().code();
        if (SPEND_CODES.contains(code)) {
            return Optional.of(spendCap(refusal, Scope.ACCOUNT));
        }
        if (code.startsWith("linked_organization_")) {
            return Optional.of(spendCap(refusal, Scope.REQUEST));
        }
        if (code.equals("ramp_limit_exceeded")) {
            return Optional.of(new Throttling(refusal).transientThrottle());
        }
        if (code.equals("organization_on_hold")) {
            return Optional.of(refusal.keepsOut(Kind.ORGANIZATION_DISABLED, Scope.ACCOUNT, null));
        }
        if (ENCRYPTION_CODES.contains(code)) {
            return Optional.of(refusal.keepsOut(
                    Kind.SERVER_ERROR, Scope.ACCOUNT, refusal.waitEnds().orElse(null)));
        }
        return isRequests(code) && refusal.status() < 500 ? Optional.of(refusal.requestFault(false)) : Optional.empty();
    }

    /** What a client's request can bring about must not cost the account anything. */
    private static boolean isRequests(String code) {
        return REQUEST_CODES.contains(code)
                || Stream.of("thread_", "user_profile_", "compaction_").anyMatch(code::startsWith);
    }

    private static Optional<Verdict> byWording(Refusal refusal) {
        if (refusal.status() == 400 && refusal.error().saysSpent()) {
            return Optional.of(spendCap(refusal, Scope.ACCOUNT));
        }
        boolean disabled = (refusal.status() == 400 || refusal.status() == 403)
                && refusal.error().saysDisabled();
        return disabled
                ? Optional.of(refusal.keepsOut(Kind.ORGANIZATION_DISABLED, Scope.ACCOUNT, null))
                : Optional.empty();
    }

    private static Optional<Verdict> byType(Refusal refusal) {
        return switch (refusal.error().type()) {
            case "authentication_error" -> Optional.of(credential(refusal));
            case "permission_error" -> Optional.of(permission(refusal));
            case "billing_error" -> Optional.of(spendCap(refusal, Scope.ACCOUNT));
            case "rate_limit_error" -> Optional.of(new Throttling(refusal).verdict());
            case "overloaded_error" -> Optional.of(trouble(refusal, Kind.OVERLOADED));
            case "timeout_error" -> Optional.of(timeout(refusal, Scope.ACCOUNT));
            default -> Optional.empty();
        };
    }

    private static Verdict byStatus(Refusal refusal) {
        return switch (refusal.status()) {
            case 401 -> credential(refusal);
            case 402 -> spendCap(refusal, Scope.ACCOUNT);
            case 403 -> permission(refusal);
            case 408 -> timeout(refusal, Scope.REQUEST);
            case 429 -> new Throttling(refusal).verdict();
            case 504 -> timeout(refusal, Scope.ACCOUNT);
            case 529 -> trouble(refusal, Kind.OVERLOADED);
            default -> general(refusal);
        };
    }

    private static Verdict general(Refusal refusal) {
        if (refusal.status() >= 500) {
            return trouble(refusal, Kind.SERVER_ERROR);
        }
        // A redirect is answered by what stands at the base URL, not by the API; asking again changes nothing.
        return refusal.status() < 400
                ? refusal.keepsOut(Kind.SERVER_ERROR, Scope.ACCOUNT, null)
                : refusal.requestFault(false);
    }

    private static Verdict credential(Refusal refusal) {
        return refusal.keepsOut(Kind.CREDENTIAL_BROKEN, Scope.ACCOUNT, null);
    }

    /** What is not permitted may be the request's doing, so it is never the last word on the account. */
    private static Verdict permission(Refusal refusal) {
        Instant again = refusal.now().plus(Kind.CREDENTIAL_BROKEN.longest());
        return refusal.keepsOut(Kind.CREDENTIAL_BROKEN, Scope.ACCOUNT, again);
    }

    private static Verdict trouble(Refusal refusal, Kind kind) {
        return refusal.passes(kind, Scope.ACCOUNT, refusal.waitEnds().orElse(null));
    }

    private static Verdict timeout(Refusal refusal, Scope scope) {
        return refusal.keepsOut(Kind.TIMEOUT, scope, refusal.waitEnds().orElse(null));
    }

    private static Verdict spendCap(Refusal refusal, Scope scope) {
        Instant until = refusal.error()
                .statedDate()
                .filter(date -> date.isAfter(refusal.now()))
                .or(refusal::waitEnds)
                .orElse(refusal.now().plus(UNDATED_SPEND_CAP));
        return refusal.keepsOut(Kind.SPEND_CAP, scope, until);
    }
}
