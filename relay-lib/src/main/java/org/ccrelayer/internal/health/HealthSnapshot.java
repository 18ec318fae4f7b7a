package org.ccrelayer.internal.health;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ccrelayer.account.AccountStatus;
import org.ccrelayer.internal.health.Standing.State;
import org.ccrelayer.internal.health.Verdict.Kind;
import org.jspecify.annotations.Nullable;

/**
 * An account's health at one moment. Immutable; windows that have ended are not in it.
 *
 * @param account how the whole account stands
 * @param families how its families stand, those with nothing wrong left out
 * @param fiveHour its 5-hour window; of nothing but nulls where it is not known
 * @param sevenDay its weekly window; of nothing but nulls where it is not known
 * @param familyWindows the weekly windows of its families
 */
public record HealthSnapshot(
        Standing account,
        Map<String, Standing> families,
        Window fiveHour,
        Window sevenDay,
        Map<String, Window> familyWindows) {
    static final Window UNKNOWN = new Window(null, null, null);

    /** Of an account of which nothing is known. */
    public static final HealthSnapshot NEW = new HealthSnapshot(Standing.IN, Map.of(), UNKNOWN, UNKNOWN, Map.of());

    public HealthSnapshot {
        requireNonNull(account, "account");
        requireNonNull(fiveHour, "fiveHour");
        requireNonNull(sevenDay, "sevenDay");
        families = Map.copyOf(families);
        familyWindows = Map.copyOf(familyWindows);
    }

    /** The same, but for what is in and what is not. */
    HealthSnapshot with(Standing whole, Map<String, Standing> eachFamily) {
        return new HealthSnapshot(whole, eachFamily, fiveHour, sevenDay, familyWindows);
    }

    /** Whether a request for a model of {@code family} may use it; the empty family is one that is not known. */
    public Standing standing(String family) {
        return account.and(families.getOrDefault(family, Standing.IN));
    }

    /** Until when the whole account waits, where it does. */
    public Optional<Instant> coolingUntil() {
        return account.state() == State.COOLING ? Optional.ofNullable(account.until()) : Optional.empty();
    }

    /** Why the whole account is not simply in; empty where it is. */
    public String reason() {
        return account.reason();
    }

    /** Until when single families wait, in the order of their names. */
    public Map<String, Instant> limitedUntil() {
        Map<String, Instant> limited = new TreeMap<>();
        families.forEach((family, standing) -> {
            if (standing.state() == State.COOLING && standing.until() != null) {
                limited.put(family, standing.until());
            }
        });
        return limited;
    }

    /** Whether the account's credential is refused, it has no token, or its organization is disabled; the reason tells which. */
    public boolean credentialBroken() {
        return account.kind() == Kind.CREDENTIAL_BROKEN
                || account.kind() == Kind.NO_TOKEN
                || account.kind() == Kind.ORGANIZATION_DISABLED;
    }

    /** Whether one request is trying the account. */
    public boolean probing() {
        return account.state() == State.PROBING;
    }

    /** Whether the upstream warns of the 5-hour window, or has gone further than that. */
    public boolean warning() {
        return fiveHour.warning();
    }

    /** When the 5-hour window ends, at the latest; null where it is not known. */
    public @Nullable Instant windowEndsAt() {
        return fiveHour.resetsAt();
    }

    /** The used part of the 5-hour window, 0 to 1; null where it is not known. */
    public @Nullable Double utilization() {
        return fiveHour.utilization();
    }

    /** The same for people, with the number of requests that run on it. */
    public AccountStatus status(int running) {
        return new AccountStatus(
                account.state().name().toLowerCase(Locale.ROOT),
                account.reason(),
                account.until(),
                limitedUntil(),
                running,
                told(fiveHour),
                told(sevenDay),
                null);
    }

    private static AccountStatus.UsageWindow told(Window window) {
        Window.Status status = window.status();
        return new AccountStatus.UsageWindow(
                status == null ? null : status.id(), window.utilization(), window.resetsAt());
    }

    /** Whether it should be chosen last for a model of {@code family}, since a window is nearly used up. */
    public boolean nearlyUsedUp(String family) {
        return Stream.of(fiveHour, sevenDay, familyWindows.getOrDefault(family, UNKNOWN))
                .anyMatch(Window::nearlyUsedUp);
    }
}
