package org.ccrelayer.internal.admin;

import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ccrelayer.account.AccountTerms;

/**
 * What is agreed for an account in a request body, laid over what is agreed already: what the body does not name stays. A bad value
 * is a problem of the body. Immutable.
 */
final class AccountTermsFields {
    /** Every member that is read here. */
    static final List<String> NAMES =
            List.of("dailyQuota", "quotaResetTime", "subscriptionExpiresAt", "interceptWarmup");

    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");

    private final Optional<Long> quota;
    private final Optional<LocalTime> resetAt;
    private final boolean endless;
    private final Optional<Instant> endsAt;
    private final Optional<Boolean> interceptWarmup;

    AccountTermsFields(BodyFields fields) {
        quota = fields.usd("dailyQuota");
        resetAt = fields.checked("quotaResetTime", fields.string("quotaResetTime"), AccountTermsFields::timeProblem)
                .filter(time -> timeProblem(time).isEmpty())
                .map(LocalTime::parse);
        endless = fields.string("subscriptionExpiresAt").filter(String::isEmpty).isPresent();
        endsAt = endless ? Optional.empty() : fields.instant("subscriptionExpiresAt");
        interceptWarmup = fields.bool("interceptWarmup");
    }

    private static Optional<String> timeProblem(String time) {
        return TIME.matcher(time).matches()
                ? Optional.empty()
                : Optional.of("must be a time of day from 00:00 to 23:59, such as 08:30");
    }

    /** What is agreed after the change. */
    AccountTerms over(AccountTerms old) {
        return new AccountTerms(
                quota.orElse(old.dailyQuotaNanoUsd()),
                resetAt.orElse(old.quotaResetAt()),
                endless ? null : endsAt.orElse(old.endsAt()),
                interceptWarmup.orElse(old.interceptWarmup()),
                old.restsUntil());
    }
}
