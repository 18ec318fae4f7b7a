package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.DispatcherType;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.servlet.container.TestContainer.Terms;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a running answer, the ledger and the relay see of a webapp or container that stops. */
class LifecycleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final byte[] STREAM =
            ("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                            + "\"stream\":true}")
                    .getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private SimulatedClaude upstream;
    private String key = "";

    /** A container that stops its webapp, or itself. */
    private enum Stop {
        WEBAPP,
        CONTAINER;

        CompletableFuture<Void> begin(TestContainer container) {
            return CompletableFuture.runAsync(() -> {
                try {
                    if (this == WEBAPP) {
                        container.undeploy();
                    } else {
                        container.close();
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private RelayConfig config(Duration shutdownTimeout) {
        return RelayFixture.config(Map.of(
                ConfigKey.DATA_DIR,
                folder.resolve("data").toString(),
                ConfigKey.SHUTDOWN_TIMEOUT,
                Long.toString(shutdownTimeout.toMillis())));
    }

    /** A webapp whose filter owns the relay. */
    private TestContainer container(Duration patience, Duration shutdownTimeout) throws Exception {
        AtomicReference<Relay> built = new AtomicReference<>();
        TestContainer container = TestContainer.start("", Terms.USUAL.withFarewell(patience), context -> {
            RelaySource source = (webapp, parameters) -> {
                built.set(Relay.start(config(shutdownTimeout)));
                return HostedRelay.owned(built.get());
            };
            context.addServlet("host", new HostServlet()).addMapping("/");
            var filter = context.addFilter("relay", new RelayFilter(source));
            filter.setAsyncSupported(true);
            filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, "/*");
        });
        built.get()
                .administration()
                .createAccount(
                        NewAccount.apiKey("a", upstream.uri().toString(), Secret.of(Canary.UPSTREAM_KEY.text())));
        key = Canaries.remember(built.get()
                .administration()
                .createKey(NewKey.named("k"))
                .secret()
                .reveal());
        return container;
    }

    private RawClient streaming(TestContainer container) throws IOException {
        RawClient client = new RawClient(container.port());
        client.post("/v1/messages", key, STREAM).readHead();
        client.readUntil("content_block_delta");
        return client;
    }

    /** Everything up to the end of the message; fails where the connection breaks before. */
    private static String toEnd(RawClient client) throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (byte[] chunk = client.readChunk(); chunk.length > 0; chunk = client.readChunk()) {
            rest.writeBytes(chunk);
        }
        return rest.toString(StandardCharsets.UTF_8);
    }

    private long attemptsBooked() {
        try (Relay reopened = Relay.start(config(Duration.ZERO))) {
            return reopened.administration().usage().attempts();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WEBAPP", "CONTAINER"})
    void a_running_stream_may_end_where_the_operator_gives_it_time(Stop stop) throws Exception {
        upstream.enqueue(Script.answer().events(40).trickle(Duration.ofMillis(20)));
        try (TestContainer container = container(PATIENCE, PATIENCE);
                RawClient client = streaming(container)) {
            CompletableFuture<Void> stopping = stop.begin(container);
            assertThat(toEnd(client)).contains("event: message_stop").doesNotContain("event: error");
            stopping.get(20, TimeUnit.SECONDS);
        }
        assertThat(attemptsBooked()).isEqualTo(1);
    }

    /** With the longer time containers lose their patience first. */
    @ParameterizedTest
    @CsvSource({"WEBAPP, 300", "WEBAPP, 3000", "CONTAINER, 300", "CONTAINER, 3000"})
    void a_stream_that_takes_too_long_never_looks_whole(Stop stop, long shutdownTimeout) throws Exception {
        upstream.enqueue(Script.answer().events(10_000).trickle(Duration.ofMillis(20)));
        try (TestContainer container = container(Duration.ZERO, Duration.ofMillis(shutdownTimeout));
                RawClient client = streaming(container)) {
            CompletableFuture<Void> stopping = stop.begin(container);
            endsVisibly(client);
            stopping.get(20, TimeUnit.SECONDS);
        }
        Wait.until("the upstream to be told", () -> upstream.cancelledStreams() == 1);
        assertThat(attemptsBooked()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WEBAPP", "CONTAINER"})
    void an_answer_that_breaks_inside_an_event_while_it_is_seen_out_never_looks_whole(Stop stop) throws Exception {
        upstream.enqueue(Script.answer()
                .events(60)
                .eventPerWrite()
                .trickle(Duration.ofMillis(50))
                .cutMidEvent(40));
        try (TestContainer container = container(PATIENCE, PATIENCE);
                RawClient client = streaming(container)) {
            CompletableFuture<Void> stopping = stop.begin(container);
            assertThatThrownBy(() -> toEnd(client)).isInstanceOf(IOException.class);
            stopping.get(20, TimeUnit.SECONDS);
        }
        assertThat(attemptsBooked()).isEqualTo(1);
    }

    /** An event says so, or the connection breaks. */
    private static void endsVisibly(RawClient client) throws IOException {
        String rest;
        try {
            rest = toEnd(client);
        } catch (EOFException e) {
            return;
        }
        assertThat(rest)
                .contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"")
                .doesNotContain("message_stop");
    }

    @Test
    void while_the_webapp_goes_no_request_reaches_the_relay_or_its_host() throws Exception {
        upstream.enqueue(Script.answer().events(100).trickle(Duration.ofMillis(20)));
        try (TestContainer container = container(PATIENCE, PATIENCE);
                RawClient client = streaming(container)) {
            CompletableFuture<Void> stopping = Stop.WEBAPP.begin(container);
            Wait.until("new requests to be refused", () -> status(container) >= 400);
            assertThat(stopping).isNotDone();
            assertThat(toEnd(client)).contains("event: message_stop");
            stopping.get(20, TimeUnit.SECONDS);
            assertThat(status(container)).isEqualTo(404);
        }
        assertThat(upstream.requestCount()).isEqualTo(1);
    }

    private int status(TestContainer container) {
        try (RawClient client = new RawClient(container.port())) {
            return client.head("GET /page").readAnswer().head().status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_relay_that_was_handed_in_outlives_its_webapp() throws Exception {
        try (RelayFixture fixture = RelayFixture.over(upstream);
                TestContainer first = of(fixture.relay());
                TestContainer second = of(fixture.relay())) {
            first.undeploy();
            try (RawClient client = new RawClient(second.port())) {
                assertThat(client.post("/v1/messages", fixture.key(), STREAM)
                                .readAnswer()
                                .text())
                        .contains("message_stop");
            }
        }
    }

    private static TestContainer of(Relay relay) throws Exception {
        return TestContainer.start("", context -> {
            var servlet = context.addServlet("relay", new RelayServlet(relay));
            servlet.setAsyncSupported(true);
            servlet.addMapping("/*");
        });
    }
}
