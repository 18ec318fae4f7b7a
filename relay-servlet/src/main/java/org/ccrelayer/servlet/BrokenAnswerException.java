package org.ccrelayer.servlet;

import jakarta.servlet.ServletException;
import org.eclipse.jetty.io.QuietException;

/**
 * Makes a container break off an answer that was begun and cannot be ended. Has no stack and is nothing to warn of, since it
 * is no defect and the relay's own log says why.
 */
final class BrokenAnswerException extends ServletException implements QuietException {
    static final String MESSAGE = "the answer broke off after it was begun";

    private static final long serialVersionUID = 1L;

    BrokenAnswerException() {
        super(MESSAGE);
    }

    BrokenAnswerException(Throwable cause) {
        super(MESSAGE, cause);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
