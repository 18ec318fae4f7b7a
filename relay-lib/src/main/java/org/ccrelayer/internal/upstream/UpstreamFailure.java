package org.ccrelayer.internal.upstream;

import static java.util.Objects.requireNonNull;

/**
 * Why no answer came.
 *
 * @param kind what went wrong
 * @param sent whether the upstream may have seen the request
 * @param cause for the log
 */
public record UpstreamFailure(Kind kind, boolean sent, Throwable cause) {
    /** What can go wrong before an answer begins. */
    public enum Kind {
        /** No connection could be made, or it broke. */
        UNREACHABLE("connection failed"),
        /** What the upstream's name stands for is not an address that the relay connects to. */
        ADDRESS_REFUSED("address not allowed"),
        /** No connection to the account's proxy could be made. */
        PROXY_UNREACHABLE("proxy unreachable"),
        /** The account's proxy does not lead to the upstream. */
        PROXY_REFUSED("proxy refused"),
        /** The account's proxy does not accept its user. */
        PROXY_LOGIN_REFUSED("proxy refused its user"),
        /** The account's proxy did not open the way in time. */
        PROXY_TIMED_OUT("proxy timed out"),
        /** The account's proxy closed the connection, or does not speak its protocol. */
        PROXY_BROKEN("proxy broke off"),
        /** The connection could not be secured. */
        TLS_FAILED("TLS handshake failed"),
        /** The connection was not secured in time. */
        TLS_TIMED_OUT("TLS handshake timed out"),
        /** The upstream has none of the keys that are pinned. */
        TLS_NOT_PINNED("no pinned key"),
        /** The account's TLS policy cannot be kept on this platform. */
        TLS_UNUSABLE("TLS policy unusable"),
        /** The headers did not arrive in time. */
        TIMEOUT("timed out"),
        /** The relay gave the request up, because its client is gone or it is closing. */
        CANCELLED("cancelled");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** In words for people. */
        public String words() {
            return words;
        }
    }

    public UpstreamFailure {
        requireNonNull(kind, "kind");
        requireNonNull(cause, "cause");
    }
}
