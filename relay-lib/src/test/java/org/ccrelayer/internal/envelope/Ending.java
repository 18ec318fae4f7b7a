package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.error.RelayException;
import org.jspecify.annotations.Nullable;

/** Keeps how a reading ended. */
final class Ending implements EnvelopeReader.Receiver {
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable Envelope envelope;
    private volatile @Nullable RelayException failure;
    private volatile @Nullable Thread thread;

    @Override
    public void received(Envelope received) {
        calls.incrementAndGet();
        envelope = received;
        thread = Thread.currentThread();
    }

    @Override
    public void failed(RelayException failed) {
        calls.incrementAndGet();
        failure = failed;
        thread = Thread.currentThread();
    }

    int calls() {
        return calls.get();
    }

    @Nullable
    Thread thread() {
        return thread;
    }

    boolean isReceived() {
        return envelope != null;
    }

    Envelope envelope() {
        Envelope received = envelope;
        assertThat(failure).isNull();
        assertThat(calls).hasValue(1);
        assertThat(received).isNotNull();
        return java.util.Objects.requireNonNull(received);
    }

    RequestFacts facts() {
        return envelope().facts();
    }

    RelayException failure() {
        RelayException failed = failure;
        assertThat(envelope).isNull();
        assertThat(calls).hasValue(1);
        assertThat(failed).isNotNull();
        return java.util.Objects.requireNonNull(failed);
    }
}
