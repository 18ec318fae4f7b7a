package org.ccrelayer.internal.admin;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.ccrelayer.admin.Degradation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What adapters reported to keep a relay from doing its work well. Each problem of each place is logged and kept once, at
 * most {@value #MOST} altogether, as long as the relay runs. Safe for concurrent use.
 */
public final class Degradations {
    private static final Logger LOG = LoggerFactory.getLogger(Degradations.class);
    private static final int MOST = 100;
    private static final int LONGEST = 2_000;

    private final InstantSource time;
    private final List<Degradation> reported = new ArrayList<>();

    public Degradations(InstantSource time) {
        this.time = time;
    }

    /** Logs and keeps a problem that is new. */
    public void report(String where, String problem) {
        Degradation found = new Degradation(text("where", where), text("problem", problem), time.instant());
        if (kept(found)) {
            LOG.warn("The relay is degraded: {}: {}", found.where(), found.problem());
        }
    }

    private synchronized boolean kept(Degradation found) {
        return reported.size() < MOST
                && reported.stream()
                        .noneMatch(known -> known.where().equals(found.where())
                                && known.problem().equals(found.problem()))
                && reported.add(found);
    }

    private static String text(String name, String given) {
        if (given.isBlank()) {
            throw new IllegalArgumentException(name + ": must not be blank; say what is concerned and what is wrong");
        }
        return given.length() <= LONGEST ? given : given.substring(0, LONGEST) + "...";
    }

    /** All that was kept, oldest first. */
    public synchronized List<Degradation> all() {
        return List.copyOf(reported);
    }
}
