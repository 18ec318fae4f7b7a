package org.ccrelayer.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.ccrelayer.simulated.SimulatedClaude.Options;
import org.junit.jupiter.api.Test;

class ScriptsTest {

    @Test
    void answersInTheOrderOfTheQueueAndThenByDefault() throws Exception {
        try (SimulatedClaude claude = SimulatedClaude.start()) {
            Client client = new Client(claude);
            claude.always(Script.text("default")).enqueue(Script.text("one")).enqueue(Script.error(529));
            claude.enqueue(Script.text("three"));

            assertThat(client.post("{}").body()).contains("\"one\"");
            assertThat(client.post("{}").statusCode()).isEqualTo(529);
            assertThat(client.post("{}").body()).contains("\"three\"");
            assertThat(client.post("{}").body()).contains("\"default\"");
            assertThat(client.post("{}").body()).contains("\"default\"");
        }
    }

    @Test
    void playsOneAccountPerCredential() throws Exception {
        try (SimulatedClaude claude = SimulatedClaude.start()) {
            Client client = new Client(claude);
            claude.forKey("a", Script.text("for a")).forKey("b", Script.error(429));

            assertThat(client.postAs("a").body()).contains("for a");
            assertThat(client.postAs("b").statusCode()).isEqualTo(429);
            assertThat(client.postAs("c").body()).contains("Hello");
            assertThat(bearer(client, "a")).contains("for a");
            assertThat(organization(client, "a"))
                    .isEqualTo(organization(client, "a"))
                    .isNotEqualTo(organization(client, "b"));
        }
    }

    @Test
    void keepsTheQueueForRequestsThatAreAllowed() throws Exception {
        try (SimulatedClaude claude = SimulatedClaude.start(Options.defaults().withRequiredApiKey("right"))) {
            Client client = new Client(claude);
            claude.enqueue(Script.text("queued"));

            assertThat(client.postAs("wrong").statusCode()).isEqualTo(401);
            assertThat(client.send(client.request("/v1/messages", "right")
                                    .header("authorization", "Bearer wrong")
                                    .POST(BodyPublishers.ofString("{}")))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(client.postAs("right").body()).contains("queued");
        }
    }

    @Test
    void servesAnybodyWhenToldTo() throws Exception {
        try (SimulatedClaude claude = SimulatedClaude.start(Options.defaults().withAnonymous())) {
            Client client = new Client(claude);

            assertThat(client.send(client.bare("/v1/messages")
                                    .header("anthropic-version", "x")
                                    .POST(BodyPublishers.ofString("{}")))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void refusesScriptsThatMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> Script.error(200));
        assertThatIllegalArgumentException().isThrownBy(() -> Script.answer().events(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Script.answer().cutAfterEvent(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Script.answer().delay(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Script.answer().informational(100));
        assertThatIllegalStateException().isThrownBy(() -> Script.error(500).events(2));
        assertThatIllegalStateException()
                .isThrownBy(() -> Script.toolUse("t", "{}").deltaText("x"));
    }

    @Test
    void readsThePortFromTheArguments() {
        assertThat(Main.port()).isZero();
        assertThat(Main.port("--port", "8080")).isEqualTo(8080);
        assertThat(Main.port("--port")).isEqualTo(-1);
        assertThat(Main.port("--port", "65536")).isEqualTo(-1);
        assertThat(Main.port("--port", "-1")).isEqualTo(-1);
    }

    @Test
    void saysWhyItCannotStart() {
        try (SimulatedClaude claude = SimulatedClaude.start()) {
            Options taken = Options.defaults().withPort(claude.port());

            assertThatIllegalStateException()
                    .isThrownBy(() -> SimulatedClaude.start(taken))
                    .withMessageContaining(Integer.toString(claude.port()));
        }
    }

    private static String bearer(Client client, String token) throws Exception {
        return client.send(client.bare("/v1/messages")
                        .header("authorization", "Bearer " + token)
                        .header("anthropic-version", "2026-10-21")
                        .POST(BodyPublishers.ofString("{}")))
                .body();
    }

    private static String organization(Client client, String key) throws Exception {
        return client.postAs(key)
                .headers()
                .firstValue("anthropic-organization-id")
                .orElseThrow();
    }
}
