package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose request it is: which keys count, and that nobody learns more than that one does not. */
class AuthenticationTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private SimulatedClaude upstream;
    private StandaloneRelay relay;

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
        relay = StandaloneRelay.start(Map.of(), now::get);
        relay.account(upstream.uri());
    }

    @AfterEach
    void stop() {
        relay.close();
        upstream.close();
    }

    private RawClient.Answer ask(String... credentials) throws IOException {
        return askAt("/v1/messages", credentials);
    }

    private RawClient.Answer askAt(String target, String... credentials) throws IOException {
        List<String> headers = new ArrayList<>(List.of(credentials));
        headers.add("anthropic-version: 2023-06-01");
        headers.add("content-length: " + StandaloneRelay.message().length);
        try (RawClient client = relay.client()) {
            return client.head("POST " + target, headers.toArray(String[]::new))
                    .send(StandaloneRelay.message())
                    .readAnswer();
        }
    }

    private IssuedKey issue(Instant expiresAt) {
        return relay.relay().administration().createKey(new NewKey("other", KeyLimits.NONE, expiresAt, 0));
    }

    private static String withoutRequestId(RawClient.Answer answer) {
        return answer.text().replace(answer.head().header("request-id"), "ID");
    }

    @Test
    void a_relay_key_counts_as_a_bearer_token() throws Exception {
        assertThat(ask("Authorization: Bearer " + relay.key()).head().status()).isEqualTo(200);
        assertThat(ask("authorization:bearer   " + relay.key() + " ").head().status())
                .isEqualTo(200);
    }

    @Test
    void a_relay_key_counts_as_an_x_api_key() throws Exception {
        assertThat(ask("X-Api-Key: " + relay.key()).head().status()).isEqualTo(200);
    }

    @Test
    void a_left_over_value_beside_the_relay_key_does_not_matter() throws Exception {
        String key = relay.key();
        assertThat(ask("x-api-key: sk-ant-left-over", "authorization: Bearer " + key)
                        .head()
                        .status())
                .isEqualTo(200);
        assertThat(ask("x-api-key: " + key, "authorization: Bearer oauth-left-over")
                        .head()
                        .status())
                .isEqualTo(200);
        assertThat(ask("authorization: Basic dXNlcjpwYXNz", "x-api-key: " + key)
                        .head()
                        .status())
                .isEqualTo(200);
        assertThat(upstream.received())
                .allSatisfy(received ->
                        assertThat(received.headers("authorization")).isEmpty())
                .allSatisfy(received ->
                        assertThat(received.headers("x-api-key")).containsExactly(StandaloneRelay.ACCOUNT_KEY + 1));
    }

    @Test
    void the_same_relay_key_in_both_places_counts() throws Exception {
        assertThat(ask("x-api-key: " + relay.key(), "authorization: Bearer " + relay.key())
                        .head()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void two_different_relay_keys_do_not_count() throws Exception {
        String other = issue(null).secret().reveal();
        assertThat(ask("x-api-key: " + relay.key(), "authorization: Bearer " + other)
                        .head()
                        .status())
                .isEqualTo(401);
        assertThat(ask("x-api-key: " + relay.key(), "x-api-key: " + other)
                        .head()
                        .status())
                .isEqualTo(401);
        assertThat(upstream.requestCount()).isZero();
    }

    @Test
    void missing_unknown_disabled_deleted_and_expired_keys_are_told_in_the_same_words() throws Exception {
        IssuedKey disabled = issue(null);
        relay.relay().administration().enableKey(disabled.key().id(), false);
        IssuedKey deleted = issue(null);
        relay.relay().administration().deleteKey(deleted.key().id());
        IssuedKey expired = issue(NOON.plusSeconds(60));
        assertThat(ask("x-api-key: " + expired.secret().reveal()).head().status())
                .isEqualTo(200);
        now.set(NOON.plusSeconds(60));
        List<RawClient.Answer> answers = List.of(
                ask(),
                ask("x-api-key: "),
                ask("x-api-key: sk-ant-something-else"),
                ask("x-api-key: cr_0000000000000000000000000000000000000000"),
                ask("x-api-key: " + relay.key() + "x"),
                ask("x-api-key: " + "cr_" + "a".repeat(5_000)),
                ask("authorization: Basic " + relay.key()),
                ask("x-api-key: " + disabled.secret().reveal()),
                ask("x-api-key: " + deleted.secret().reveal()),
                ask("x-api-key: " + expired.secret().reveal()));
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.head().status()).isEqualTo(401);
            assertThat(answer.head().header("x-should-retry")).isEqualTo("false");
            assertThat(answer.head().header("content-type")).isEqualTo("application/json");
            assertThat(withoutRequestId(answer)).isEqualTo(withoutRequestId(answers.get(0)));
            assertThat(answer.text())
                    .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"")
                    .endsWith("\"request_id\":\"" + answer.head().header("request-id") + "\"}");
        });
        assertThat(answers.stream()
                        .map(answer -> answer.head().header("request-id"))
                        .distinct())
                .hasSize(answers.size());
        assertThat(answers.stream()
                        .map(answer -> answer.head().headers().stream()
                                .map(Map.Entry::getKey)
                                .toList())
                        .distinct())
                .hasSize(1);
        assertThat(upstream.requestCount()).isEqualTo(1);
    }

    @Test
    void a_key_that_is_enabled_again_counts_again() throws Exception {
        relay.relay().administration().enableKey(relay.keyId(), false);
        assertThat(ask("x-api-key: " + relay.key()).head().status()).isEqualTo(401);
        relay.relay().administration().enableKey(relay.keyId(), true);
        assertThat(ask("x-api-key: " + relay.key()).head().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?api_key=%s",
                "?beta=true&key=%s",
                "?%s",
                "?%s=1",
                "?beta=true;x-api-key=%s",
                "?authorization=Bearer%%20%s",
                "?authorization=Bearer+%s"
            })
    void a_relay_key_in_the_query_is_refused_even_beside_a_good_one(String query) throws Exception {
        RawClient.Answer answer =
                askAt("/v1/messages" + String.format(query, relay.key()), "x-api-key: " + relay.key());
        assertThat(answer.head().status()).isEqualTo(400);
        assertThat(answer.text()).contains("invalid_request_error").doesNotContain(relay.key());
        assertThat(upstream.requestCount()).isZero();
    }

    @Test
    void a_percent_encoded_relay_key_in_the_query_is_refused() throws Exception {
        StringBuilder encoded = new StringBuilder();
        relay.key().chars().forEach(c -> encoded.append(String.format("%%%02x", c)));
        List<String> spellings = List.of(
                encoded.toString(),
                "%63" + relay.key().substring(1),
                "cr%5F" + relay.key().substring(3) + "%zz");
        for (String value : spellings) {
            assertThat(askAt("/v1/messages?api_key=" + value, "x-api-key: " + relay.key())
                            .head()
                            .status())
                    .isEqualTo(400);
        }
        assertThat(upstream.requestCount()).isZero();
    }

    @Test
    void a_query_that_only_looks_a_little_like_a_relay_key_passes() throws Exception {
        assertThat(askAt(
                                "/v1/messages?beta=true&cr_=x&note=cr_short&q=100%&tail=acr_0123456789",
                                "x-api-key: " + relay.key())
                        .head()
                        .status())
                .isEqualTo(200);
        assertThat(upstream.received().get(0).query())
                .isEqualTo("beta=true&cr_=x&note=cr_short&q=100%&tail=acr_0123456789");
    }

    @Test
    void a_client_that_sent_nothing_but_its_head_is_refused() throws Exception {
        try (RawClient client = relay.client()) {
            client.head("POST /v1/messages", "x-api-key: cr_unknown_unknown", "content-length: 100");
            assertThat(client.readAnswer().head().status()).isEqualTo(401);
        }
        try (RawClient client = relay.client()) {
            client.head(
                    "POST /v1/messages",
                    "x-api-key: cr_unknown_unknown",
                    "content-length: 100",
                    "expect: 100-continue");
            assertThat(client.readAnswer().head().status()).isEqualTo(401);
        }
        assertThat(relay.listener().await(2).outcome()).isEqualTo(Outcome.UNAUTHENTICATED);
        assertThat(relay.listener().summaries()).allSatisfy(summary -> {
            assertThat(summary.keyId()).isEmpty();
            assertThat(summary.requestBytes()).isZero();
            assertThat(summary.attempts()).isEmpty();
        });
    }

    @Test
    void a_key_that_expires_while_its_body_arrives_is_served() throws Exception {
        IssuedKey soon = issue(NOON.plusSeconds(60));
        byte[] body = StandaloneRelay.message();
        try (RawClient client = relay.client()) {
            client.head(
                    "POST /v1/messages",
                    "x-api-key: " + soon.secret().reveal(),
                    "anthropic-version: 2023-06-01",
                    "content-length: " + body.length);
            Wait.until("the exchange to begin", () -> relay.relay().exchangesInFlight() == 1);
            now.set(NOON.plus(Duration.ofSeconds(61)));
            assertThat(client.send(body).readAnswer().head().status()).isEqualTo(200);
        }
    }
}
