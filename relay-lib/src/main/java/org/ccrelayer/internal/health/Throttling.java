package org.ccrelayer.internal.health;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ccrelayer.internal.health.Verdict.Kind;
import org.ccrelayer.internal.health.Verdict.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Tells which limit a 429 is about. Only a window that is known to be used up, and whose end is known, keeps anything out
 * for longer than a moment; what may be one family's limit is taken for that.
 */
final class Throttling {
    private final Refusal refusal;
    private final WindowReading windows;

    Throttling(Refusal refusal) {
        this.refusal = refusal;
        this.windows = WindowReading.of(refusal.headers(), refusal.now());
    }

    /** A verdict of the kinds for windows, or a transient throttle. */
    Verdict verdict() {
        Optional<Verdict> rejected = rejectedWindow().or(this::rejectedFamily);
        if (rejected.isPresent()) {
            return rejected.get();
        }
        if (refusal.error().wantsExtraUsage()) {
            return refusal.requestFault(true);
        }
        return claimed().or(this::unnamed).orElseGet(this::transientThrottle);
    }

    /** A throttle of the request's class of models, which is at most its family; it names a time or it does not. */
    Verdict transientThrottle() {
        Instant until = refusal.waitEnds()
                .or(() -> StatedTimes.emptyBucketReset(refusal.headers(), refusal.now()))
                .orElse(null);
        return refusal.passes(
                Kind.TRANSIENT_THROTTLE, refusal.family().isEmpty() ? Scope.ACCOUNT : Scope.FAMILY, until);
    }

    /** The windows of the whole account say themselves that they are used up: the one that ends last counts. */
    private Optional<Verdict> rejectedWindow() {
        return Stream.of(
                        rejected(windows.fiveHour()).flatMap(window -> window(Kind.FIVE_HOUR_WINDOW, window)),
                        rejected(windows.sevenDay()).flatMap(window -> window(Kind.WEEKLY_WINDOW, window)))
                .flatMap(Optional::stream)
                .max(Comparator.comparing(Verdict::until));
    }

    /** Other families' windows are told of too, and say nothing about this request. */
    private Optional<Verdict> rejectedFamily() {
        return windows.families().entrySet().stream()
                .filter(entry -> refusal.family().isEmpty() || refusal.family().equals(entry.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> rejected(entry.getValue()).flatMap(window -> family(entry.getKey(), window)).stream())
                .findFirst();
    }

    /** The claim names the window that counts most, used up or not. */
    private Optional<Verdict> claimed() {
        if (!blocked()) {
            return Optional.empty();
        }
        if (windows.claim().equals(WindowReading.FIVE_HOUR_CLAIM)) {
            return undenied(windows.fiveHour()).flatMap(window -> window(Kind.FIVE_HOUR_WINDOW, window));
        }
        if (windows.claim().equals(WindowReading.SEVEN_DAY_CLAIM)) {
            return undenied(windows.sevenDay()).flatMap(window -> window(Kind.WEEKLY_WINDOW, window));
        }
        return windows.claimedFamily().flatMap(this::claimedFamily);
    }

    private Optional<Verdict> claimedFamily(String claimed) {
        Window window = windows.families().getOrDefault(claimed, new Window(null, null, null));
        return undenied(window).flatMap(open -> family(claimed, open));
    }

    /** A reset without a name: one family's, unless there is none. */
    private Optional<Verdict> unnamed() {
        Instant reset = windows.overall().resetsAt();
        if (!blocked() || reset == null) {
            return Optional.empty();
        }
        if (!refusal.family().isEmpty()) {
            return Optional.of(refusal.keepsOut(Kind.FAMILY_WINDOW, Scope.FAMILY, reset));
        }
        Instant latestFiveHour = refusal.now().plus(Kind.FIVE_HOUR_WINDOW.longest());
        Kind kind = reset.isAfter(latestFiveHour) ? Kind.WEEKLY_WINDOW : Kind.FIVE_HOUR_WINDOW;
        return Optional.of(refusal.keepsOut(kind, Scope.ACCOUNT, reset));
    }

    /** Whether windows can be the reason: the upstream says so, or at least of none that it is not. */
    private boolean blocked() {
        Window.Status overall = windows.overall().status();
        boolean denied = Stream.concat(
                        Stream.of(windows.fiveHour(), windows.sevenDay()), windows.families().values().stream())
                .anyMatch(window -> window.status() != null && window.status() != Window.Status.REJECTED);
        return overall == Window.Status.REJECTED || overall == null && !denied;
    }

    private static Optional<Window> rejected(Window window) {
        return window.status() == Window.Status.REJECTED ? Optional.of(window) : Optional.empty();
    }

    private static Optional<Window> undenied(Window window) {
        return window.status() == null ? Optional.of(window) : rejected(window);
    }

    private Optional<Verdict> window(Kind kind, Window window) {
        return end(window).map(until -> refusal.keepsOut(kind, Scope.ACCOUNT, until));
    }

    /** The family that was refused is kept out, whatever the window is called. */
    private Optional<Verdict> family(String named, Window window) {
        Refusal about = refusal.family().isEmpty() ? refusal.of(named) : refusal;
        return end(window).map(until -> about.keepsOut(Kind.FAMILY_WINDOW, Scope.FAMILY, until));
    }

    private Optional<Instant> end(Window window) {
        @Nullable Instant reset = window.resetsAt() == null ? windows.overall().resetsAt() : window.resetsAt();
        return Optional.ofNullable(reset).or(refusal::waitEnds);
    }
}
