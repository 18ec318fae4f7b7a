package org.ccrelayer.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.admission.AdmissionControl;
import org.ccrelayer.internal.admission.GeneralRates;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.envelope.BodyBudget;
import org.ccrelayer.internal.envelope.ChunkPool;
import org.ccrelayer.internal.envelope.Envelope;
import org.ccrelayer.internal.envelope.EnvelopeReader;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.internal.pricing.CurrentPrices;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** What it costs to let a request in and see it out, for a key that has every limit there is, with a strict budget. */
final class AdmissionCost {
    private static final long DOLLAR = 1_000_000_000L;
    private static final String BODY = "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":256,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(900) + "\"}]}";

    private final int requests;
    private final int rounds;

    AdmissionCost(int requests, int rounds) {
        this.requests = requests;
        this.rounds = rounds;
    }

    /** The median CPU time of a request's admission, in microseconds. */
    double micros(Path directory) throws IOException {
        CredentialCipher cipher = new CredentialCipher(Secret.of("a benchmark's encryption key"));
        InstantSource clock = InstantSource.system();
        AdmissionControl.Terms terms = new AdmissionControl.Terms(Duration.ofMinutes(5), ZoneOffset.UTC, 5_000);
        try (EmbeddedStore store = EmbeddedStore.open(directory.resolve("limits"), cipher, StoreTime.utc(clock))) {
            AdmissionControl admission = new AdmissionControl(
                    store.limits(), CurrentPrices.bundled(), new GeneralRates(store::serviceRates), clock, terms);
            List<Double> micros = new ArrayList<>();
            for (int round = -1; round < rounds; round++) {
                double measured = measure(admission, facts(), round);
                if (round >= 0) {
                    micros.add(measured);
                }
            }
            return Outcomes.median(micros);
        }
    }

    private double measure(AdmissionControl admission, RequestFacts facts, int round) {
        ApiKey key = new ApiKey("key", "key", "hash", true, limits(), Instant.EPOCH, null, Activation.NONE);
        long before = CpuTime.ofThisProcess();
        for (int request = 0; request < requests; request++) {
            admission
                    .admit(key, "relay_0123456789abcdef_" + round + "_" + request, facts)
                    .release(false);
        }
        return (CpuTime.ofThisProcess() - before) / 1e3 / requests;
    }

    private static KeyLimits limits() {
        Budgets.Weekly weekly = new Budgets.Weekly(1_000_000 * DOLLAR, "sonnet", 1, 0);
        long most = 1_000_000_000;
        return KeyLimits.NONE
                .withConcurrency(100)
                .withRate(new RateLimit(60, most, most, most * DOLLAR))
                .withBudgets(new Budgets(BudgetMode.STRICT, most, most, weekly, null));
    }

    private static RequestFacts facts() {
        EnvelopeReader reader = new EnvelopeReader(
                new BodyBudget(1 << 20),
                new ChunkPool(1),
                new ScheduledExecutorScheduler(),
                new EnvelopeReader.Limits(1 << 20, Duration.ofSeconds(30)));
        AtomicReference<RequestFacts> read = new AtomicReference<>();
        reader.read(
                new BodyRequest(ByteBuffer.wrap(BODY.getBytes(StandardCharsets.US_ASCII))),
                new EnvelopeReader.Receiver() {
                    @Override
                    public void received(Envelope envelope) {
                        read.set(envelope.facts());
                        envelope.body().release();
                    }

                    @Override
                    public void failed(RelayException failure) {
                        throw failure;
                    }
                });
        return read.get();
    }
}
