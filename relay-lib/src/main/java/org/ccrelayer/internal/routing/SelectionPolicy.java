package org.ccrelayer.internal.routing;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.internal.routing.Route.Reason;

/**
 * Chooses by priority (lower first), then least recent use, then age. A pure function of its arguments: no clock, no
 * store, no chance. Safe for concurrent use.
 */
public final class SelectionPolicy {
    private static final Comparator<Candidate> ORDER = Comparator.comparingInt(
                    (Candidate candidate) -> candidate.account().priority())
            .thenComparingLong(Candidate::lastUse)
            .thenComparing(candidate -> candidate.account().createdAt())
            .thenComparing(candidate -> candidate.account().id());

    /** The route of a request for {@code model} that has already tried some accounts. */
    public Route select(List<Candidate> candidates, String model, Set<String> tried) {
        Map<String, Reason> leftOut = new LinkedHashMap<>();
        Optional<Candidate> best = Optional.empty();
        for (Candidate candidate : candidates) {
            Account account = candidate.account();
            Optional<Reason> unfit = unfit(account, model, tried);
            if (unfit.isPresent()) {
                leftOut.put(account.id(), unfit.get());
            } else if (best.isEmpty() || ORDER.compare(candidate, best.get()) < 0) {
                best = Optional.of(candidate);
            }
        }
        for (Candidate candidate : candidates) {
            if (best.isPresent() && candidate != best.get()) {
                leftOut.putIfAbsent(candidate.account().id(), behind(candidate, best.get()));
            }
        }
        return new Route(best.map(Candidate::account), leftOut);
    }

    private static Optional<Reason> unfit(Account account, String model, Set<String> tried) {
        if (!account.schedulable()) {
            return Optional.of(Reason.DISABLED);
        }
        if (!account.serves(model)) {
            return Optional.of(Reason.MODEL);
        }
        return tried.contains(account.id()) ? Optional.of(Reason.TRIED) : Optional.empty();
    }

    private static Reason behind(Candidate candidate, Candidate best) {
        return candidate.account().priority() > best.account().priority() ? Reason.PRIORITY : Reason.RECENTLY_USED;
    }
}
