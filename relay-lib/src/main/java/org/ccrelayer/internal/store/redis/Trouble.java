package org.ccrelayer.internal.store.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.regex.Pattern;

/** Tells whether it is the server that fails, or only what it was asked. Stateless. */
final class Trouble {
    /** Errors that any other question would meet too. Older servers put them inside the message of a script's error. */
    private static final Pattern OF_THE_SERVER =
            Pattern.compile("\\b(OOM|READONLY|LOADING|MISCONF|NOAUTH|WRONGPASS|MASTERDOWN|NOREPLICAS|BUSY)\\b");

    private Trouble() {}

    /** Whether nothing else would have been answered better: no answer in time, no connection, or an error of the whole server. */
    static boolean ofTheServer(Throwable problem) {
        Throwable cause = problem.getCause() == null ? problem : problem.getCause();
        return !(cause instanceof RedisCommandExecutionException)
                || OF_THE_SERVER.matcher(String.valueOf(cause.getMessage())).find();
    }
}
