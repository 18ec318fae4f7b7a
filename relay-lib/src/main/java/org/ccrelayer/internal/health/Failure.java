package org.ccrelayer.internal.health;

/** Why there is no answer to look at. */
public enum Failure {
    /** No connection could be made. */
    UNREACHABLE("connection failed"),
    /** The headers did not arrive in time, or the answer fell silent. */
    TIMED_OUT("timed out"),
    /** The connection broke before the answer began. */
    BROKEN("broke off");

    private final String words;

    Failure(String words) {
        this.words = words;
    }

    /** In words for people. */
    public String words() {
        return words;
    }
}
