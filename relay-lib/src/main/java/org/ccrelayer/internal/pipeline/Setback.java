package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.util.Callback;

/** What a try came to that gave no answer; it becomes the client's answer if no other try does better. */
sealed interface Setback {
    /** Ends the exchange with it. */
    void deliver(Exchange exchange);

    /** How much it tells a client, the more the higher: when to come back, then what is refused, then that nobody answers. */
    int rank();

    /**
     * The upstream refused.
     *
     * @param status its status
     * @param headers the header fields a client may see
     * @param body its scrubbed explanation
     */
    record Refused(int status, HttpFields headers, byte[] body) implements Setback {
        public Refused {
            requireNonNull(headers, "headers");
            requireNonNull(body, "body");
        }

        @Override
        public int rank() {
            return status == 429 ? 3 : status < 500 ? 2 : 1;
        }

        @Override
        public void deliver(Exchange exchange) {
            if (exchange.draining()) {
                exchange.fail(new RelayException(Outcome.CLIENT_GONE));
                return;
            }
            exchange.answering(status);
            exchange.delivered(body.length);
            exchange.clientResponse().head(status, headers);
            Callback ending = Callback.from(
                    () -> exchange.end(Outcome.UPSTREAM_REFUSED), unsent -> exchange.end(Outcome.CLIENT_GONE));
            exchange.clientResponse().write(true, ByteBuffer.wrap(body), ending);
        }
    }

    /**
     * No answer came.
     *
     * @param failure what the client is told
     */
    record Failed(RelayException failure) implements Setback {
        public Failed {
            requireNonNull(failure, "failure");
        }

        @Override
        public int rank() {
            return 0;
        }

        @Override
        public void deliver(Exchange exchange) {
            exchange.fail(failure);
        }
    }
}
