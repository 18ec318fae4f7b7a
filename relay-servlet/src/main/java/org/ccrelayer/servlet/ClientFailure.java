package org.ccrelayer.servlet;

import java.net.SocketTimeoutException;
import java.util.concurrent.TimeoutException;

/** What a container throws when reading fails, in the relay's terms. */
final class ClientFailure {
    private ClientFailure() {}

    /** A {@link TimeoutException} where the container waited in vain, by whatever name; all else as it is. */
    static Throwable of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException || cause instanceof TimeoutException) {
                TimeoutException timeout = new TimeoutException("the container's time-out for reading");
                timeout.initCause(thrown);
                return timeout;
            }
        }
        return thrown;
    }
}
