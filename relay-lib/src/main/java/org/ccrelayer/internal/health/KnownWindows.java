package org.ccrelayer.internal.health;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.ccrelayer.internal.health.Verdict.Kind;

/**
 * The windows of one account as last told. Each is remembered until its reset, or for its whole length where none was told.
 * Not safe for concurrent use.
 */
final class KnownWindows {
    private Window fiveHour = HealthSnapshot.UNKNOWN;
    private Window sevenDay = HealthSnapshot.UNKNOWN;
    private final Map<String, Window> families = new HashMap<>();

    void read(WindowReading reading) {
        Instant at = reading.readAt();
        fiveHour = later(fiveHour, reading.fiveHourOrOverall(), Kind.FIVE_HOUR_WINDOW, at);
        sevenDay = later(sevenDay, reading.sevenDay(), Kind.WEEKLY_WINDOW, at);
        families.values().removeIf(window -> ended(window, at));
        reading.families().forEach((family, window) -> {
            if (families.containsKey(family) || families.size() < AccountHealth.MOST_FAMILIES) {
                families.put(
                        family,
                        later(families.getOrDefault(family, HealthSnapshot.UNKNOWN), window, Kind.FAMILY_WINDOW, at));
            }
        });
    }

    /** What was not told again is still as it was, within the same window. */
    private static Window later(Window known, Window told, Kind kind, Instant at) {
        if (!told.told()) {
            return known;
        }
        Window before = ended(known, at) ? HealthSnapshot.UNKNOWN : known;
        Instant end = told.resetsAt() != null ? told.resetsAt() : before.resetsAt();
        return new Window(
                told.status() != null ? told.status() : before.status(),
                end != null ? end : at.plus(kind.longest()),
                told.utilization() != null ? told.utilization() : before.utilization());
    }

    private static boolean ended(Window window, Instant now) {
        return window.resetsAt() == null || !now.isBefore(window.resetsAt());
    }

    private static Window running(Window window, Instant now) {
        return ended(window, now) ? HealthSnapshot.UNKNOWN : window;
    }

    Window fiveHour(Instant now) {
        return running(fiveHour, now);
    }

    Window sevenDay(Instant now) {
        return running(sevenDay, now);
    }

    Map<String, Window> families(Instant now) {
        Map<String, Window> running = new HashMap<>(families);
        running.values().removeIf(window -> ended(window, now));
        return running;
    }
}
