package org.ccrelayer.internal.health;

/** Why there is no answer to look at. */
public enum Failure {
    /** No connection could be made. */
    UNREACHABLE("connection failed"),
    /** The account's proxy does not lead to its upstream. */
    PROXY("proxy failed"),
    /** No secure connection could be made. */
    TLS("TLS failed"),
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
