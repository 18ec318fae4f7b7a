package org.ccrelayer.internal.routing;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.apikey.KeyRouting;
import org.ccrelayer.internal.health.Standing;
import org.ccrelayer.internal.routing.Route.LeftOut;
import org.ccrelayer.internal.routing.Route.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the accounts that can serve: the one that the key is bound to, then the one that the session is with, then
 * those of that one's workspace, then by priority (lower first), those that are nearly used up last, then least recent use,
 * then age. A pure function of its arguments: no clock, no store, no chance. Safe for concurrent use.
 */
public final class SelectionPolicy {
    /** The route of a request at {@code now}. */
    public Route select(List<Candidate> candidates, Asking asking, Instant now) {
        Map<String, LeftOut> leftOut = new LinkedHashMap<>();
        Comparator<Candidate> order = order(candidates, asking);
        Optional<Candidate> best = Optional.empty();
        for (Candidate candidate : candidates) {
            Optional<LeftOut> unfit = unfit(candidate, asking, now);
            if (unfit.isPresent()) {
                leftOut.put(candidate.account().id(), unfit.get());
            } else if (best.isEmpty() || order.compare(candidate, best.get()) < 0) {
                best = Optional.of(candidate);
            }
        }
        boolean lastResort = best.isEmpty();
        Candidate chosen = best.or(() -> soonestBack(candidates, leftOut, asking, order, now))
                .orElse(null);
        if (chosen == null) {
            return new Route(Optional.empty(), false, leftOut);
        }
        leftOut.remove(chosen.account().id());
        for (Candidate candidate : candidates) {
            if (candidate != chosen) {
                leftOut.putIfAbsent(candidate.account().id(), behind(candidate, chosen));
            }
        }
        return new Route(Optional.of(chosen.account()), lastResort, leftOut);
    }

    private static Comparator<Candidate> order(List<Candidate> candidates, Asking asking) {
        String workspace = workspaceOfSession(candidates, asking);
        return Comparator.comparing((Candidate candidate) -> !isBoundTo(candidate.account(), asking.key()))
                .thenComparing(candidate -> !stays(candidate, asking))
                .thenComparing(candidate -> !sharesWithSession(candidate.account(), workspace, asking))
                .thenComparingInt(candidate -> candidate.account().priority())
                .thenComparing(candidate -> candidate.health().nearlyUsedUp(candidate.family()))
                .thenComparingLong(Candidate::lastUse)
                .thenComparing(candidate -> candidate.account().createdAt())
                .thenComparing(candidate -> candidate.account().id());
    }

    /** A session stays as long as its account is not about to be used up, and with its thinking even then. */
    private static boolean stays(Candidate candidate, Asking asking) {
        return candidate.account().id().equals(asking.staying())
                && (asking.thinking() || !candidate.health().warning());
    }

    private static @Nullable String workspaceOfSession(List<Candidate> candidates, Asking asking) {
        for (Candidate candidate : candidates) {
            if (candidate.account().id().equals(asking.staying())) {
                return candidate.account().routing().workspace();
            }
        }
        return null;
    }

    /** Whether it is another account than the session's, with the same caches. */
    private static boolean sharesWithSession(Account account, @Nullable String workspace, Asking asking) {
        return workspace != null
                && workspace.equals(account.routing().workspace())
                && !account.id().equals(asking.staying());
    }

    private static boolean isBoundTo(Account account, KeyRouting key) {
        return account.id().equals(key.account())
                || key.group() != null && account.routing().groups().contains(key.group());
    }

    private static Optional<LeftOut> unfit(Candidate candidate, Asking asking, Instant now) {
        Account account = candidate.account();
        if (!account.schedulable()) {
            return because(Reason.DISABLED);
        }
        if (!account.hasReadableCredential()) {
            return because(Reason.CREDENTIAL_UNREADABLE);
        }
        if (account.terms().endedAt(now)) {
            return because(Reason.ENDED);
        }
        if (isElsewhere(account, asking)) {
            return because(Reason.PINNED_ELSEWHERE);
        }
        if (!account.serves(asking.model())) {
            return because(Reason.MODEL);
        }
        if (asking.tried().contains(account.id())) {
            return because(Reason.TRIED);
        }
        return overQuota(candidate)
                .or(() -> unwell(candidate, asking))
                .or(() -> resting(candidate, now))
                .or(() -> full(candidate));
    }

    private static boolean isElsewhere(Account account, Asking asking) {
        KeyRouting key = asking.key();
        boolean bound = isBoundTo(account, key);
        boolean leaving = key.bound() && !bound && !key.mayLeave();
        boolean taken = account.routing().dedicated() && !bound;
        return leaving || taken || !asking.pin().allows(account.id());
    }

    /** Comes before what may be over sooner, since waiting for that would not help. */
    private static Optional<LeftOut> overQuota(Candidate candidate) {
        return Optional.ofNullable(candidate.quotaUntil()).map(until -> new LeftOut(Reason.QUOTA, until));
    }

    private static Optional<LeftOut> unwell(Candidate candidate, Asking asking) {
        Standing standing = candidate.health().standing(candidate.family());
        return switch (standing.state()) {
            case IN, HALF_OPEN -> Optional.empty();
            case OUT -> because(Reason.CREDENTIAL_BROKEN);
            case PROBING -> because(Reason.PROBING);
            case COOLING -> Optional.of(new LeftOut(cooling(candidate), standing.until()));
        };
    }

    private static Reason cooling(Candidate candidate) {
        if (candidate.health().account().open()) {
            return Reason.FAMILY_LIMITED;
        }
        return candidate.health().credentialBroken() ? Reason.CREDENTIAL_BROKEN : Reason.COOLING;
    }

    private static Optional<LeftOut> resting(Candidate candidate, Instant now) {
        AccountTerms terms = candidate.account().terms();
        if (terms.restsAt(now)) {
            return Optional.of(new LeftOut(Reason.RESTING, terms.restsUntil()));
        }
        Instant end = candidate.health().windowEndsAt();
        boolean rests = candidate.account().routing().autoStopOnWarning()
                && candidate.health().warning()
                && (end == null || now.isBefore(end));
        return rests ? Optional.of(new LeftOut(Reason.RESTING, end)) : Optional.empty();
    }

    private static Optional<LeftOut> full(Candidate candidate) {
        int most = candidate.account().routing().concurrency();
        return most > 0 && candidate.running() >= most ? because(Reason.CONCURRENCY_FULL) : Optional.empty();
    }

    private static Optional<LeftOut> because(Reason reason) {
        return Optional.of(new LeftOut(reason, null));
    }

    /** Trouble of the upstream as a whole keeps no request waiting: of accounts that only suffer from that, one is used. */
    private static Optional<Candidate> soonestBack(
            List<Candidate> candidates,
            Map<String, LeftOut> leftOut,
            Asking asking,
            Comparator<Candidate> order,
            Instant now) {
        return candidates.stream()
                .filter(candidate -> onlyCools(leftOut.get(candidate.account().id())))
                .filter(candidate ->
                        candidate.health().standing(candidate.family()).soft())
                .filter(candidate ->
                        resting(candidate, now).isEmpty() && full(candidate).isEmpty())
                .min(Comparator.comparing((Candidate candidate) -> until(leftOut, candidate))
                        .thenComparing(order));
    }

    private static boolean onlyCools(LeftOut left) {
        return switch (left.reason()) {
            case COOLING, FAMILY_LIMITED, CREDENTIAL_BROKEN, PROBING -> true;
            default -> false;
        };
    }

    private static Instant until(Map<String, LeftOut> leftOut, Candidate candidate) {
        Instant until = leftOut.get(candidate.account().id()).until();
        return until == null ? Instant.MIN : until;
    }

    private static LeftOut behind(Candidate candidate, Candidate best) {
        boolean first = candidate.account().priority() > best.account().priority();
        return new LeftOut(first ? Reason.PRIORITY : Reason.RECENTLY_USED, null);
    }
}
