package org.ccrelayer.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.internal.admission.AdmissionControl;
import org.ccrelayer.internal.admission.GeneralRates;
import org.ccrelayer.internal.authentication.ApiKeyAuthenticator;
import org.ccrelayer.internal.authentication.LegacyClients;
import org.ccrelayer.internal.credential.AssertionReader;
import org.ccrelayer.internal.credential.CredentialSource;
import org.ccrelayer.internal.credential.TokenRefresher;
import org.ccrelayer.internal.crypto.KeyHash;
import org.ccrelayer.internal.envelope.BodyBudget;
import org.ccrelayer.internal.envelope.ChunkPool;
import org.ccrelayer.internal.envelope.EnvelopeReader;
import org.ccrelayer.internal.health.AccountHealth;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.internal.outbound.OutboundPolicy;
import org.ccrelayer.internal.pricing.CurrentPrices;
import org.ccrelayer.internal.routing.AccountQuotas;
import org.ccrelayer.internal.routing.ObjectPins;
import org.ccrelayer.internal.routing.Router;
import org.ccrelayer.internal.routing.SessionAffinity;
import org.ccrelayer.internal.routing.SessionBinding;
import org.ccrelayer.internal.settlement.UsageLedger;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.internal.upstream.UpstreamClient;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.testkit.InMemoryRequest;
import org.ccrelayer.testkit.ManualScheduler;
import org.ccrelayer.testkit.RecordingListener;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** A pipeline in front of real upstreams whose own waits pass only when a test moves the time. */
final class PipelineFixture {
    private static final String KEY = "cr_pipeline-fixture";

    final ManualScheduler time = new ManualScheduler();
    final RecordingListener listener = new RecordingListener();
    final Exchanges exchanges;
    private final InstantSource clock = InstantSource.system();
    private final EmbeddedStore store = EmbeddedStore.inMemory(StoreTime.utc(clock));
    private final ExecutorService workers = Executors.newFixedThreadPool(2);
    private final ScheduledExecutorScheduler connections = new ScheduledExecutorScheduler();
    final BodyBudget bodies = new BodyBudget(1_000_000);
    private final LimitStore limits;
    private final UpstreamClient upstreams;
    private final RelayPipeline pipeline;

    PipelineFixture(URI... accounts) throws Exception {
        this(limits -> limits, accounts);
    }

    /** @param limits what stands before the store's limits */
    PipelineFixture(UnaryOperator<LimitStore> limits, URI... accounts) throws Exception {
        this.limits = limits.apply(store.limits());
        KeyHash hash = new KeyHash(Secret.of("the encryption key of the fixture"));
        store.apiKeys()
                .create(new ApiKey(
                        "k", "key", hash.of(KEY), true, KeyLimits.NONE, Instant.EPOCH, null, Activation.NONE));
        for (int number = 0; number < accounts.length; number++) {
            store.accounts().create(account(number, accounts[number]));
        }
        connections.start();
        RelayResources resources = new RelayResources(workers, time, new ArrayByteBufferPool());
        upstreams = UpstreamClient.start(terms(), connections, resources.buffers());
        Drains drains = new Drains(new DrainPolicy(false, Duration.ofSeconds(60), 1_000, 0), time);
        exchanges = new Exchanges(clock, drains, List.of(listener));
        Duration long5 = Duration.ofMinutes(5);
        pipeline = new RelayPipeline(stages(hash), exchanges, new Deadlines(long5, long5, long5, 2), resources);
    }

    /** Connections of a test. */
    static UpstreamClient.Terms terms() {
        return new UpstreamClient.Terms(
                Duration.ofSeconds(10), Duration.ofSeconds(30), 100, new EndpointGuard(true), TlsPolicy.DEFAULT);
    }

    private static Account account(int number, URI uri) {
        return new Account(
                "a" + number,
                "account",
                new ApiKeyCredential(Secret.of("secret")),
                uri,
                50,
                true,
                Set.of(),
                Instant.EPOCH.plusSeconds(number));
    }

    private RelayPipeline.Stages stages(KeyHash hash) {
        CurrentPrices prices = CurrentPrices.bundled();
        AccountHealth health = new AccountHealth(clock);
        return new RelayPipeline.Stages(
                new ApiKeyAuthenticator(store.apiKeys(), hash, "cr_", clock, new LegacyClients(false)),
                new EnvelopeReader(bodies, new ChunkPool(4), time, EnvelopeReader.Limits.DEFAULT),
                new AdmissionControl(
                        limits,
                        prices,
                        new GeneralRates(store::serviceRates),
                        clock,
                        new AdmissionControl.Terms(Duration.ofMinutes(5), ZoneOffset.UTC, 5_000)),
                new Router(
                        store.accounts(),
                        health,
                        new AccountQuotas(store.accounts(), store.usage(), clock, ZoneOffset.UTC),
                        new SessionAffinity(store.sessions(), Duration.ZERO),
                        new SessionBinding(store.sessions(), Duration.ZERO),
                        new ObjectPins(store.objects(), store.accounts()),
                        prices,
                        clock),
                new CredentialSource(new TokenRefresher(new TokenRefresher.Parts(
                        store.accounts(),
                        store.tokens(),
                        new TokenCalls(upstreams, time, TokenCalls.PATIENCE),
                        new AssertionReader(name -> null),
                        clock,
                        Runnable::run,
                        time,
                        id -> {}))),
                new OutboundPolicy(true),
                upstreams,
                new UsageLedger(store.usage(), prices, clock, row -> {}),
                new AccountJudge(health, clock),
                new RetryBudget(20),
                new BackOff(new Random(7)),
                "");
    }

    /** Begins a request. */
    InMemoryRequest begin(HeldResponse response) {
        InMemoryRequest request =
                InMemoryRequest.post("/v1/messages").header("x-api-key", KEY).header("anthropic-version", "2023-06-01");
        pipeline.handle(request, response);
        return request;
    }

    /** Sends the body of a request for a stream. */
    void send(InMemoryRequest request) {
        request.body(("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":100,\"stream\":true,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                .getBytes(StandardCharsets.UTF_8));
    }

    /** Begins and sends a request for a stream. */
    InMemoryRequest ask(HeldResponse response) {
        InMemoryRequest request = begin(response);
        send(request);
        return request;
    }

    /** The one exchange, waited for until it has ended. */
    RequestSummary ended() {
        return listener.await(1);
    }

    /** Stops it all and checks that nothing was left behind. */
    void close() throws Exception {
        assertThat(exchanges.count()).as("exchanges in flight").isZero();
        assertThat(time.pending()).as("timers").isZero();
        upstreams.close();
        workers.shutdownNow();
        connections.stop();
        store.close();
    }
}
