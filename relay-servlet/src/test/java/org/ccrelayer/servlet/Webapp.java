package org.ccrelayer.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;

/** A webapp with a relay in it, before a simulated upstream. */
final class Webapp implements AutoCloseable {
    private static final byte[] STREAMING = ("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":100,\"stream\":true,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"" + Canary.PROMPT.text() + "\"}]}")
            .getBytes(StandardCharsets.UTF_8);

    private final SimulatedClaude upstream = SimulatedClaude.start();
    private final RelayFixture fixture = RelayFixture.over(Map.of(ConfigKey.MAX_RETRY_ACCOUNTS, "0"), upstream);
    private final TestContainer container;

    /** What a test puts into its webapp. */
    @FunctionalInterface
    interface Setup {
        void accept(ServletContext context, Relay relay) throws ServletException;
    }

    Webapp(TestContainer.Terms terms, Setup setup) throws Exception {
        container = TestContainer.start("", terms, context -> setup.accept(context, fixture.relay()));
    }

    Webapp(Setup setup) throws Exception {
        this(TestContainer.Terms.USUAL, setup);
    }

    /** The relay's servlet, for everything and with async support. */
    static void servlet(ServletContext context, Relay relay) {
        var servlet = context.addServlet("relay", new RelayServlet(relay));
        servlet.setAsyncSupported(true);
        servlet.addMapping("/*");
    }

    SimulatedClaude upstream() {
        return upstream;
    }

    RelayFixture fixture() {
        return fixture;
    }

    RawClient client() throws IOException {
        return new RawClient(container.port());
    }

    /** Asks for a stream of events. */
    RawClient ask(RawClient client) throws IOException {
        return client.post("/v1/messages", fixture.key(), STREAMING);
    }

    /** Asks for a stream of events and reads it to its proper end. */
    String stream() throws IOException {
        try (RawClient client = client()) {
            return ask(client).readAnswer().text();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            fixture.close();
        } finally {
            container.close();
            upstream.close();
        }
    }
}
