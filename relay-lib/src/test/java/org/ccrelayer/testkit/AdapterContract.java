package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.Test;

/** What every adapter between a container and the relay must do, seen from both sides of the wire. */
public abstract class AdapterContract extends AdapterLoadContract {
    @Test
    void a_json_answer_arrives_whole_and_is_booked() throws Exception {
        try (RawClient client = client()) {
            RawClient.Answer answer =
                    client.post("/v1/messages", fixture().key(), PLAIN).readAnswer();
            assertThat(answer.head().status()).isEqualTo(200);
            assertThat(answer.text()).contains("\"type\":\"message\"");
            assertThat(answer.head().headers())
                    .filteredOn(entry -> entry.getKey().equalsIgnoreCase("date"))
                    .hasSize(1);
        }
        RequestSummary summary = fixture().listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.FINAL);
        assertThat(summary.attempts().get(0).row().costNanoUsd()).isPositive();
    }

    @Test
    void each_event_arrives_while_the_next_is_not_yet_sent() throws Exception {
        upstream().enqueue(Script.answer().events(5).trickle(millis(200)));
        try (RawClient client = client()) {
            RawClient.Head head = client.post(
                            "/v1/messages?beta=true", fixture().key(), STREAMING)
                    .readHead();
            assertThat(head.header("content-type")).startsWith("text/event-stream");
            client.readUntil("event: message_start");
            assertThat(upstream().openStreams()).isEqualTo(1);
            client.readUntil("content_block_delta");
            assertThat(upstream().openStreams()).isEqualTo(1);
            client.readUntil("event: message_stop");
            assertThat(client.readChunk()).isEmpty();
        }
        assertThat(fixture().listener().await(1).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void one_connection_carries_many_requests() throws Exception {
        try (RawClient client = client()) {
            for (int i = 0; i < 20; i++) {
                byte[] request = i % 2 == 0 ? PLAIN : STREAMING;
                assertThat(client.post("/v1/messages", fixture().key(), request)
                                .readAnswer()
                                .text())
                        .contains(i % 2 == 0 ? "\"usage\"" : "event: message_stop");
            }
        }
        assertThat(upstream().acceptedConnections()).isEqualTo(1);
    }

    @Test
    void an_answer_has_one_date_and_it_is_the_upstream_s() throws Exception {
        String date = "Mon, 23 Nov 2026 12:00:00 GMT";
        upstream().enqueue(Script.answer().withHeader("date", date));
        try (RawClient client = client()) {
            RawClient.Head head = client.post("/v1/messages", fixture().key(), PLAIN)
                    .readAnswer()
                    .head();
            assertThat(head.headers().stream()
                            .filter(field -> field.getKey().equalsIgnoreCase("date"))
                            .map(Map.Entry::getValue))
                    .containsExactly(date);
        }
    }

    @Test
    void below_its_aliases_the_relay_serves_its_paths_and_the_upstream_sees_none_of_that() throws Exception {
        try (RawClient client = client()) {
            for (String alias : List.of("/api", "/claude")) {
                RawClient.Answer answer = client.post(
                                alias + "/v1/messages?beta=true", fixture().key(), PLAIN)
                        .readAnswer();
                assertThat(answer.head().status()).isEqualTo(200);
                assertThat(upstream().take(millis(5_000)).path()).isEqualTo("/v1/messages");
                assertThat(client.post(alias + "/api/event_logging/batch", "", PLAIN)
                                .readAnswer()
                                .text())
                        .isEqualTo("{\"success\":true}");
            }
        }
        assertThat(fixture().listener().await(2).path()).isEqualTo("/v1/messages");
    }

    @Test
    void an_unknown_path_is_a_404_in_the_api_shape() throws Exception {
        try (RawClient client = client()) {
            RawClient.Answer answer = client.head("GET /v1/organizations/me").readAnswer();
            assertThat(answer.head().status()).isEqualTo(404);
            assertThat(answer.text())
                    .contains("\"not_found_error\"")
                    .contains("\"request_id\":\"" + answer.head().header("request-id") + "\"");
        }
    }
}
