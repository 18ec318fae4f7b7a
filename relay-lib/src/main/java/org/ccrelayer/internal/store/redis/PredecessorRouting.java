package org.ccrelayer.internal.store.redis;

import java.util.Map;
import java.util.function.Predicate;
import org.ccrelayer.apikey.KeyRouting;

/**
 * Where a relay key's requests may go, as the predecessor keeps it. A key whose {@code claudeAccountId} names an account or a group stays
 * there; one whose {@code claudeConsoleAccountId} does may leave it. Stateless.
 */
final class PredecessorRouting {
    private static final String ACCOUNT = "claudeAccountId";
    private static final String CONSOLE = "claudeConsoleAccountId";
    private static final String GROUP = "group:";
    private static final String LEAVING = "mayLeave";

    private PredecessorRouting() {}

    static KeyRouting read(HashFields fields, HashFields own) {
        String bound = fields.given(ACCOUNT).orElse(fields.text(CONSOLE));
        boolean affinity = !own.isFalse("contentAffinity");
        if (bound.isEmpty()) {
            return new KeyRouting(null, null, mayLeave(own, bound, false), affinity);
        }
        boolean leaves = mayLeave(own, bound, !fields.has(ACCOUNT));
        return bound.startsWith(GROUP)
                ? new KeyRouting(null, bound.substring(GROUP.length()), leaves, affinity)
                : new KeyRouting(bound, null, leaves, affinity);
    }

    /** What the relay says counts for the binding that it was said of, and no other. */
    private static boolean mayLeave(HashFields own, String bound, boolean otherwise) {
        String said = own.text(LEAVING);
        return said.equals(said(true, bound)) || !said.equals(said(false, bound)) && otherwise;
    }

    private static String said(boolean mayLeave, String bound) {
        return mayLeave + " " + bound;
    }

    /** An account that the predecessor does not use is named where that refuses the key, instead of using others. */
    static void write(KeyRouting routing, Predicate<String> consoles, Map<String, String> fields) {
        boolean leaves = leavesThere(routing, consoles);
        fields.put(ACCOUNT, leaves ? "" : bound(routing));
        fields.put(CONSOLE, leaves ? bound(routing) : "");
    }

    static void writeOwn(KeyRouting routing, Predicate<String> consoles, Map<String, String> own) {
        if (!routing.contentAffinity()) {
            own.put("contentAffinity", "false");
        }
        if (routing.mayLeave() != leavesThere(routing, consoles)) {
            own.put(LEAVING, said(routing.mayLeave(), bound(routing)));
        }
    }

    private static boolean leavesThere(KeyRouting routing, Predicate<String> consoles) {
        String account = routing.account();
        return account != null && (routing.mayLeave() || consoles.test(account));
    }

    private static String bound(KeyRouting routing) {
        if (routing.group() != null) {
            return GROUP + routing.group();
        }
        String account = routing.account();
        return account == null ? "" : account;
    }
}
