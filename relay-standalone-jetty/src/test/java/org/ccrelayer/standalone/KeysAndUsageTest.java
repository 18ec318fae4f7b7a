package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A relay key's way through the administration API over a socket: issued, used, told, changed. */
class KeysAndUsageTest {
    private static final Instant EVENING = Instant.parse("2026-11-23T20:30:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(EVENING);
    private SimulatedClaude upstream;
    private StandaloneRelay relay;
    private String token;

    @BeforeEach
    void start() throws IOException {
        upstream = SimulatedClaude.start();
        relay = StandaloneRelay.start(Map.of(ConfigKey.TIMEZONE_OFFSET, "3"), now::get);
        relay.account(upstream.uri());
        String login = "{\"username\":\"admin\",\"password\":\"" + RelayFixture.ADMIN_PASSWORD + "\"}";
        token = member(ask("POST /admin/login", login, ""), "token");
    }

    @AfterEach
    void stop() {
        relay.close();
        upstream.close();
    }

    @Test
    void what_a_key_used_is_told_over_http() throws Exception {
        String issued = admin(
                "POST /admin/keys",
                "{\"name\":\"team\",\"concurrencyLimit\":2,\"rateLimitWindow\":60,\"rateLimitRequests\":10,"
                        + "\"dailyCostLimit\":\"5\",\"weeklyOpusCostLimit\":20}");
        String id = member(issued, "id");
        upstream.enqueue(Script.text("four words of text").withUsage(1_000, 200, 300, 40, 5_000));
        try (RawClient client = relay.client()) {
            RawClient.Answer answer = client.post("/v1/messages", member(issued, "key"), StandaloneRelay.message())
                    .readAnswer();
            assertThat(answer.head().status()).as(answer.text()).isEqualTo(200);
        }
        relay.listener().await(1);
        assertThat(admin("GET /admin/usage?key=" + id, ""))
                .startsWith("{\"subject\":{\"kind\":\"key\",\"id\":\"" + id + "\"},\"requests\":1,\"inputTokens\":1000,"
                        + "\"outputTokens\":200,\"cacheWrite5mTokens\":300,\"cacheWrite1hTokens\":40,"
                        + "\"cacheReadTokens\":5000,\"costUsd\":0.00541,")
                .contains("\"models\":[{\"model\":\"claude-sonnet-5-5\",\"requests\":1,")
                .contains("\"daily\":{\"limitUsd\":5,\"spentUsd\":0.00541}")
                .contains("\"weekly\":{\"limitUsd\":20,\"spentUsd\":0,\"scope\":\"opus\"}")
                .contains("\"requests\":{\"limit\":10,\"current\":1}");
        assertThat(admin("GET /admin/usage?model=claude-sonnet-5-5", "")).contains("\"costUsd\":0.00541");
        // Three hours to the east the next day has begun.
        now.set(EVENING.plus(Duration.ofHours(1)));
        assertThat(admin("GET /admin/usage?key=" + id, "")).contains("\"daily\":{\"limitUsd\":5,\"spentUsd\":0}");
    }

    @Test
    void a_key_is_changed_and_the_scope_must_be_a_family_of_the_price_file() throws Exception {
        String path = "/admin/keys/" + relay.keyId();
        assertThat(admin("PUT " + path, "{\"weeklyCostLimit\":1,\"weeklyCostScope\":\"sonnet\"}"))
                .contains("\"weeklyCostLimit\":1,\"weeklyCostScope\":\"sonnet\"");
        RawClient.Answer refused = answer("PUT " + path, "{\"weeklyCostScope\":\"sonet\"}", token);
        assertThat(refused.head().status()).isEqualTo(400);
        assertThat(refused.text())
                .contains("weeklyCostScope: must be all or a family of the price file in lower case:"
                        + " fable, haiku, mythos, opus, sonnet");
    }

    @Test
    void an_unknown_key_and_a_misspelt_parameter_are_told() throws Exception {
        assertThat(answer("GET /admin/usage?key=none", "", token).head().status())
                .isEqualTo(404);
        RawClient.Answer misspelt = answer("GET /admin/usage?kee=" + relay.keyId(), "", token);
        assertThat(misspelt.head().status()).isEqualTo(400);
        assertThat(misspelt.text())
                .contains("kee: is unknown, did you mean key?")
                .doesNotContain(relay.keyId());
        assertThat(answer("GET /admin/usage?key=" + relay.keyId(), "", "")
                        .head()
                        .status())
                .isEqualTo(401);
    }

    private String admin(String requestLine, String body) throws IOException {
        return ask(requestLine, body, token);
    }

    private String ask(String requestLine, String body, String session) throws IOException {
        RawClient.Answer answer = answer(requestLine, body, session);
        assertThat(answer.head().status()).as(answer.text()).isIn(200, 201);
        return answer.text();
    }

    private RawClient.Answer answer(String requestLine, String body, String session) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (RawClient client = relay.client()) {
            return client.head(requestLine, "authorization: Bearer " + session, "content-length: " + bytes.length)
                    .send(bytes)
                    .readAnswer();
        }
    }

    private static String member(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        assertThat(matcher.find()).as(name).isTrue();
        return matcher.group(1);
    }
}
