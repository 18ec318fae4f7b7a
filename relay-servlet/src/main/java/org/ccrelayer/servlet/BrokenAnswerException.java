package org.ccrelayer.servlet;

import jakarta.servlet.ServletException;

/** Makes a container break off an answer that was begun and cannot be ended. Has no stack, since it is no defect. */
final class BrokenAnswerException extends ServletException {
    private static final long serialVersionUID = 1L;

    BrokenAnswerException() {
        super("the answer broke off after it was begun");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
