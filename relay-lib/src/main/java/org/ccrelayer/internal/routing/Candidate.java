package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.ccrelayer.account.Account;
import org.ccrelayer.internal.health.HealthSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * An account as the policy sees it.
 *
 * @param account the account
 * @param lastUse the place in the sequence of uses where it last had its turn; 0 means never
 * @param running how many requests run on it
 * @param health how it is
 * @param family the family that the upstream counts the model in that is asked for; empty where that is not known
 * @param quotaUntil until when its daily quota is used up; null where it is not
 */
public record Candidate(
        Account account,
        long lastUse,
        int running,
        HealthSnapshot health,
        String family,
        @Nullable Instant quotaUntil) {
    public Candidate {
        requireNonNull(account, "account");
        requireNonNull(health, "health");
        requireNonNull(family, "family");
    }
}
