package org.ccrelayer.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.envelope.BodyBudget;
import org.ccrelayer.internal.envelope.ChunkPool;
import org.ccrelayer.internal.envelope.Envelope;
import org.ccrelayer.internal.envelope.EnvelopeReader;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.internal.envelope.UserId;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.internal.routing.SessionIdentity.Source;
import org.ccrelayer.testkit.InMemoryRequest;
import org.ccrelayer.testkit.ManualScheduler;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What session a request belongs to, by the predecessor's vectors and beyond. */
class SessionIdentityTest {
    private static final String SESSION = "3f1a2b4c-1111-4aaa-8bbb-000000000001";
    private static final String USER = "user_" + "a".repeat(64) + "_account__session_" + SESSION;

    static Stream<Named<JsonObject>> sessionHash() throws IOException {
        return vectors("sessionHash", "name");
    }

    static Stream<Named<JsonObject>> metadataUserId() throws IOException {
        return vectors("metadataUserId", "input");
    }

    private static Stream<Named<JsonObject>> vectors(String list, String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(SessionIdentityTest.class.getResourceAsStream("/session/vectors.json"))) {
            return JsonObject.parse(in.readAllBytes()).objects(list).stream()
                    .map(vector -> Named.of("\"" + vector.string(name).orElseThrow() + "\"", vector));
        }
    }

    @Test
    void allVectorsAreRead() throws IOException {
        assertThat(sessionHash()).hasSize(23);
        assertThat(metadataUserId()).hasSize(10);
    }

    /** The relay requires a model, which the vectors lack and the session does not follow from. */
    @ParameterizedTest
    @MethodSource("sessionHash")
    void aBodyHasTheSessionOfItsVector(JsonObject vector) {
        RequestFacts facts =
                facts(vector.object("body").orElse(JsonObject.empty()).with("model", "m"));
        Optional<SessionIdentity> session = SessionIdentity.of(HttpFields.EMPTY, facts, true);
        assertThat(session.map(SessionIdentity::value)).isEqualTo(vector.string("hash"));
        assertThat(session.map(SessionIdentity::common)).isEqualTo(vector.string("hash"));
        Optional<String> original = SessionIdentity.of(HttpFields.EMPTY, facts, false)
                .filter(found -> found.source() == Source.USER_ID)
                .map(SessionIdentity::value);
        assertThat(original).isEqualTo(vector.string("originalSessionId"));
    }

    @ParameterizedTest
    @MethodSource("metadataUserId")
    void aUserIdSaysWhatItsVectorSays(JsonObject vector) {
        Optional<UserId> expected = vector.object("parsed")
                .map(parsed -> new UserId(
                        parsed.string("deviceId").orElseThrow(),
                        parsed.string("accountUuid").orElseThrow(),
                        parsed.string("sessionId").orElseThrow(),
                        parsed.bool("isJsonFormat").orElseThrow()));
        assertThat(UserId.parse(vector.string("input").orElseThrow())).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"device_id\":\"d\",\"session_id\":7}",
                "{\"device_id\":\"d\",\"session_id\":null}",
                "{\"device_id\":\"d\",\"session_id\":\"s\"",
                "{\"device_id\":\"d\",\"session_id\":\"s\"} x",
                "{\"x\":{\"device_id\":\"d\",\"session_id\":\"s\"}}",
                "{\"device_id\":[\"d\"],\"session_id\":{\"session_id\":\"s\"}}",
                "{\"device_id\":\"d\",\"session_id\":\"s\",\"session_id\":\"\"}"
            })
    void aUserIdThatLacksSomethingSaysNothing(String text) {
        assertThat(UserId.parse(text)).isEmpty();
        assertThat(UserId.parse(USER + "\n")).isEmpty();
        assertThat(UserId.parse(USER.replace("account__", "account_\n_"))).isEmpty();
        assertThat(UserId.parse(" " + USER)).isEmpty();
        assertThat(UserId.parse(USER)).isPresent();
        assertThat(UserId.parse(USER.replace("user_a", "user_"))).isEmpty();
        assertThat(UserId.parse(USER.replace("user_a", "user_aa"))).isEmpty();
    }

    @Test
    void aUserIdMayHoldAnythingElse() {
        String others =
                "\"a\":1e99999999999,\"b\":" + "[".repeat(1500) + "]".repeat(1500) + ",\"c\":{\"session_id\":\"no\"},";
        assertThat(UserId.parse("{" + others + "\"session_id\":\"x\",\"session_id\":\"s\\u00e9\",\"device_id\":\"d\"}"))
                .contains(new UserId("d", "", "sé", true));
    }

    @Test
    void theHeaderComesFirstThenTheUserThenTheContent() {
        String user = "\"metadata\":{\"user_id\":\"" + USER + "\"},";
        RequestFacts both = facts("{" + user + "\"model\":\"m\",\"system\":\"sys\"}");
        RequestFacts content = facts("{\"model\":\"m\",\"system\":\"sys\"}");
        assertThat(SessionIdentity.of(header(" abc-1 "), both, true))
                .contains(new SessionIdentity(Source.HEADER, "abc-1", SESSION));
        assertThat(SessionIdentity.of(header(" "), both, true))
                .contains(new SessionIdentity(Source.USER_ID, SESSION, SESSION));
        String hash = "518b67e652531c5fe7e25d6b2c3b4ef6";
        assertThat(SessionIdentity.of(HttpFields.EMPTY, content, true))
                .contains(new SessionIdentity(Source.CONTENT, hash, hash));
        assertThat(SessionIdentity.of(header("abc-1"), content, true))
                .as("the predecessor knows nothing of the header, and its content tells many apart from none")
                .contains(new SessionIdentity(Source.HEADER, "abc-1"));
        assertThat(SessionIdentity.of(HttpFields.EMPTY, content, false)).isEmpty();
        assertThat(SessionIdentity.of(header("abc-1"), content, false)).isPresent();
    }

    @Test
    void longOrOddValuesAreHashed() {
        RequestFacts facts = facts("{\"model\":\"m\"}");
        assertThat(value(facts, "a".repeat(128))).isEqualTo("a".repeat(128));
        assertThat(value(facts, "a".repeat(129))).hasSize(64).matches("[0-9a-f]+");
        assertThat(value(facts, "a:b")).isEqualTo("6783a31eabf68ccc0660f935c0826282bdd2241f3a80a9f2d10d59aea9ebb5d8");
        assertThat(value(facts, "a:b")).isNotEqualTo(value(facts, "a;b"));
        RequestFacts odd = facts(JsonObject.empty()
                .with("model", "m")
                .with(
                        "metadata",
                        JsonObject.empty().with("user_id", "{\"device_id\":\"d\",\"session_id\":\"s\\n*\"}")));
        assertThat(SessionIdentity.of(HttpFields.EMPTY, odd, true).orElseThrow().value())
                .matches("[0-9a-f]{64}");
    }

    @Test
    void nothingUnsafeIsASession() {
        for (String value : new String[] {"", "a b", "a".repeat(129), "é", "a\n"}) {
            assertThatThrownBy(() -> new SessionIdentity(Source.HEADER, value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("value");
        }
        assertThat(new SessionIdentity(Source.HEADER, "secret").toString()).doesNotContain("secret");
        assertThat(new UserId("secret", "secret", "secret", true).toString()).doesNotContain("secret");
    }

    private static HttpFields header(String value) {
        return HttpFields.build().add("X-Claude-Code-Session-Id", value);
    }

    private static String value(RequestFacts facts, String header) {
        return SessionIdentity.of(header(header), facts, true).orElseThrow().value();
    }

    private static RequestFacts facts(JsonObject body) {
        return facts(body.toString());
    }

    private static RequestFacts facts(String body) {
        CompletableFuture<Envelope> envelope = new CompletableFuture<>();
        EnvelopeReader.Limits limits = new EnvelopeReader.Limits(1 << 20, Duration.ofSeconds(30));
        new EnvelopeReader(new BodyBudget(1 << 22), new ChunkPool(4), new ManualScheduler(), limits)
                .read(
                        InMemoryRequest.post("/v1/messages").body(body.getBytes(StandardCharsets.UTF_8)),
                        new EnvelopeReader.Receiver() {
                            @Override
                            public void received(Envelope received) {
                                envelope.complete(received);
                            }

                            @Override
                            public void failed(RelayException failure) {
                                envelope.completeExceptionally(failure);
                            }
                        });
        envelope.join().body().release();
        return envelope.join().facts();
    }
}
