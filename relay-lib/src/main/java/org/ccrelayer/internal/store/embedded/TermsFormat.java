package org.ccrelayer.internal.store.embedded;

import java.time.Instant;
import java.time.LocalTime;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What is agreed for accounts, as members of their JSON. Stateless. */
final class TermsFormat {
    private TermsFormat() {}

    static JsonObject write(JsonObject json, AccountTerms terms) {
        return json.with("dailyQuotaNanoUsd", terms.dailyQuotaNanoUsd())
                .with("quotaResetAt", terms.quotaResetAt().toString())
                .with("endsAt", text(terms.endsAt()))
                .with("interceptWarmup", terms.interceptWarmup())
                .with("restsUntil", text(terms.restsUntil()));
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    /** Records that were written when nothing was agreed say nothing of it. */
    static AccountTerms read(JsonObject json) {
        return new AccountTerms(
                json.integer("dailyQuotaNanoUsd").orElse(0L),
                json.string("quotaResetAt").map(LocalTime::parse).orElse(LocalTime.MIDNIGHT),
                json.string("endsAt").map(Instant::parse).orElse(null),
                json.bool("interceptWarmup").orElse(false),
                json.string("restsUntil").map(Instant::parse).orElse(null));
    }
}
