package org.ccrelayer.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What usage says when the server has a prompt cache. */
class CachedAnswerTest {
    private static final String WRITTEN = "\"cache_creation_input_tokens\":19,\"cache_read_input_tokens\":0";
    private static final String READ = "\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":19";

    private final SimulatedClaude claude = SimulatedClaude.start(
            SimulatedClaude.Options.defaults().withPromptCache(new PromptCache(InstantSource.system())));
    private final Client client = new Client(claude);

    @AfterEach
    void stop() {
        claude.close();
    }

    @Test
    void aJsonAnswerTellsWhatWasWrittenAndWhatWasRead() throws Exception {
        assertThat(client.post(body(false)).body())
                .contains(
                        "\"input_tokens\":6,",
                        WRITTEN,
                        "\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":19");
        assertThat(client.post(body(false)).body())
                .contains("\"input_tokens\":6,", READ, "\"ephemeral_1h_input_tokens\":0");
    }

    @Test
    void aStreamTellsItAtItsBeginningAndAtItsEnd() throws Exception {
        assertThat(client.post(body(true)).body().split(WRITTEN, -1)).hasSize(3);
        assertThat(client.post(body(true)).body().split(READ, -1)).hasSize(3);
    }

    @Test
    void headersAloneMakeNothingReadable() throws Exception {
        claude.enqueue(Script.answer().delayBeforeBody(Duration.ofHours(1)));
        try (Wire waiting = new Wire(claude)) {
            waiting.post(body(false)).readTo("\r\n\r\n");
            assertThat(client.post(body(false)).body()).contains(WRITTEN);
        }
        assertThat(client.post(body(false)).body()).contains(READ);
    }

    @Test
    void theFirstByteMakesItReadableBeforeTheAnswerEnds() throws Exception {
        claude.enqueue(Script.answer().silence(Duration.ofHours(1), Duration.ZERO));
        try (Wire slow = new Wire(claude)) {
            slow.post(body(true)).readTo("message_start");
            assertThat(client.postAs("another").body()).doesNotContain(READ);
            assertThat(client.send(client.request("/v1/messages", "key")
                                    .POST(HttpRequest.BodyPublishers.ofString(body(false))))
                            .body())
                    .contains(READ);
        }
    }

    @Test
    void anAnswerWithoutAMessageWritesNothing() throws Exception {
        claude.enqueue(Script.error(529)).enqueue(Script.answer().errorEventAfter(0, "overloaded_error"));
        assertThat(client.post(body(true)).statusCode()).isEqualTo(529);
        assertThat(client.post(body(true)).body()).contains("overloaded_error");
        assertThat(client.post(body(true)).body()).contains(WRITTEN);
    }

    @Test
    void countingTokensCountsTheWholePromptAndWritesNothing() throws Exception {
        HttpRequest.Builder count = client.request("/v1/messages/count_tokens", "key")
                .POST(HttpRequest.BodyPublishers.ofString(body(false)));
        assertThat(client.send(count).body()).isEqualTo("{\"input_tokens\":25}");
        assertThat(client.post(body(false)).body()).contains(WRITTEN);
    }

    @Test
    void whatAScriptReportsCounts() throws Exception {
        claude.always(Script.answer().withUsage(1, 2, 3, 4, 5));
        client.post(body(false));
        assertThat(client.post(body(false)).body())
                .contains("\"cache_creation_input_tokens\":7,\"cache_read_input_tokens\":5");
    }

    @Test
    void aPromptThatCannotBeReadIsABadRequest() throws Exception {
        assertThat(client.post("{\"messages\":[\"hi\"]}").statusCode()).isEqualTo(400);
        assertThat(client.post(body(false).replace("1h", "2h")).body()).contains("cache_control.ttl: must be 5m or 1h");
    }

    private static String body(boolean stream) {
        return "{\"model\":\"claude-test\",\"max_tokens\":64,\"stream\":" + stream + ",\"system\":[{\"type\":\"text\","
                + "\"text\":\"You answer in one sentence, whatever you are asked.\",\"cache_control\":"
                + "{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}],\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }
}
