package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What a try came to that gave no answer; it becomes the client's answer if no other try does better. */
sealed interface Setback {
    /** How much a setback tells a client, the later the more. */
    enum Weight {
        /** Nobody answered in time. */
        TIME_OUT,
        /** The upstream has trouble of its own. */
        TROUBLE,
        /** What is refused: usually the account's credential. */
        REFUSAL,
        /** When to come back. */
        THROTTLE
    }

    /** Ends the exchange with it. */
    void deliver(Exchange exchange);

    /** How much it tells. */
    Weight weight();

    /** When the upstream wants to be asked again; null where it did not say. */
    @Nullable
    Instant back();

    /** What the account did, in a few words that name nothing of it. */
    String words();

    /** The same, where clients may come back at {@code back} already; null changes nothing. */
    default Setback backAt(@Nullable Instant back, Instant now) {
        return this;
    }

    /** How long a client waits from {@code now} to {@code back}: whole seconds, at least one. */
    static Duration wait(Instant back, Instant now) {
        return Duration.ofSeconds(
                Math.max(1, Duration.between(now, back).plusMillis(999).toSeconds()));
    }

    /**
     * The upstream refused.
     *
     * @param status its status
     * @param headers the header fields a client may see
     * @param body its scrubbed explanation
     * @param back when it wants to be asked again; null where it did not say
     */
    record Refused(
            int status,
            HttpFields headers,
            byte[] body,
            @Nullable Instant back) implements Setback {
        public Refused {
            requireNonNull(headers, "headers");
            requireNonNull(body, "body");
        }

        @Override
        public Weight weight() {
            return status == 429 ? Weight.THROTTLE : status < 500 ? Weight.REFUSAL : Weight.TROUBLE;
        }

        @Override
        public String words() {
            return "answered " + status;
        }

        @Override
        public Setback backAt(@Nullable Instant sooner, Instant now) {
            if (sooner == null || back != null && !sooner.isBefore(back)) {
                return this;
            }
            HttpFields.Mutable told = HttpFields.build(headers)
                    .remove("retry-after-ms")
                    .put(HttpHeader.RETRY_AFTER, Setback.wait(sooner, now).toSeconds());
            return new Refused(status, told.asImmutable(), body, sooner);
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
        public Weight weight() {
            return failure.outcome() == Outcome.UPSTREAM_TIMEOUT ? Weight.TIME_OUT : Weight.TROUBLE;
        }

        @Override
        public @Nullable Instant back() {
            return null;
        }

        @Override
        public String words() {
            return failure.outcome() == Outcome.UPSTREAM_TIMEOUT ? "did not answer in time" : "gave no answer";
        }

        @Override
        public void deliver(Exchange exchange) {
            exchange.fail(failure);
        }
    }
}
