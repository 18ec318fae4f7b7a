package org.ccrelayer.servlet;

import jakarta.servlet.ServletRequest;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an answer that was begun ends when it cannot be completed: by an exception from {@code service} or {@code
 * doFilter}, which is the only thing that makes every container break it off. Where the thread has long left, the request
 * is marked and dispatched, and the exception is thrown when it comes back. Safe for concurrent use.
 */
final class BreakOff {
    private static final String MARK = "org.ccrelayer.servlet.brokenOff";

    /** Tomcat appends the host's error page to an answer that broke off, unless it takes the client for the culprit. */
    private static final String CLIENT_ABORT = "org.apache.catalina.connector.ClientAbortException";

    private final Optional<MethodHandle> clientAbort;

    /** For the container whose classes are visible from here. */
    BreakOff() {
        clientAbort = find(CLIENT_ABORT, BreakOff.class.getClassLoader());
    }

    private static Optional<MethodHandle> find(String exception, @Nullable ClassLoader loader) {
        try {
            Class<?> found = Class.forName(exception, false, loader);
            return Optional.of(MethodHandles.publicLookup()
                    .findConstructor(found, MethodType.methodType(void.class, String.class, Throwable.class))
                    .asType(MethodType.methodType(Throwable.class, String.class, Throwable.class)));
        } catch (ReflectiveOperationException | LinkageError e) {
            return Optional.empty();
        }
    }

    /** Has the request end as broken when it is dispatched again. */
    static void mark(ServletRequest request) {
        request.setAttribute(MARK, Boolean.TRUE);
    }

    /** Ends a request that was marked; returns where it was not. */
    void endMarked(ServletRequest request) throws BrokenAnswerException {
        if (request.getAttribute(MARK) != null) {
            throw exception();
        }
    }

    BrokenAnswerException exception() {
        return clientAbort
                .map(constructor -> new BrokenAnswerException(cause(constructor)))
                .orElseGet(BrokenAnswerException::new);
    }

    private static Throwable cause(MethodHandle constructor) {
        try {
            // Tomcat reads the message of what caused it, and logs an error unless that is the client's abort as well.
            Throwable inner = (Throwable) constructor.invokeExact(BrokenAnswerException.MESSAGE, (Throwable) null);
            return (Throwable) constructor.invokeExact(BrokenAnswerException.MESSAGE, inner);
        } catch (Throwable e) {
            return e;
        }
    }
}
