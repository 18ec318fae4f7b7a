package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.account.Account;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an answer made belongs to the relay key that asked, and is used where it was made or not at all. */
class ObjectsStayWithTheirAccountTest {
    private static final String JSON = "application/json";
    private static final String SSE = "text/event-stream";
    private static final String USAGE = "\"usage\":{\"input_tokens\":5,\"output_tokens\":1}";

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-23T12:00:00Z"));
    private final List<SimulatedClaude> upstreams = new ArrayList<>();
    private final List<Account> accounts = new ArrayList<>();
    private StandaloneRelay relay;
    private int requests;

    private void start(int count, Map<ConfigKey, String> settings) throws IOException {
        relay = StandaloneRelay.start(settings, clock);
        for (int number = 0; number < count; number++) {
            SimulatedClaude upstream = SimulatedClaude.start();
            upstreams.add(upstream);
            accounts.add(relay.account(upstream.uri()));
            // Of accounts that were not used yet the oldest is the first.
            clock.move(Duration.ofMillis(1));
        }
    }

    private void start(int count) throws IOException {
        start(count, Map.of());
    }

    @AfterEach
    void stop() {
        relay.close();
        upstreams.forEach(SimulatedClaude::close);
    }

    /** A request with those members, which no other one looks like. */
    private byte[] body(String members) {
        return ("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":100," + members
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"request " + ++requests + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String thread(String id) {
        return "\"thread\":{\"type\":\"continue\",\"previous_message_id\":\"" + id + "\"}";
    }

    private static String container(String id) {
        return "\"container\":\"" + id + "\"";
    }

    private static String file(String id) {
        return "\"other\":[{\"type\":\"container_upload\",\"file_id\":\"" + id + "\"}]";
    }

    private static Script document(String members) {
        return Script.raw(
                200,
                JSON,
                ("{\"type\":\"message\",\"model\":\"claude-sonnet-5-5\",\"content\":[],\"stop_reason\":\"end_turn\","
                                + members + "," + USAGE + "}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + members + "}\n\n";
    }

    private static Script stream(String id, String block, String delta) {
        return Script.raw(
                200,
                SSE,
                (event(
                                        "message_start",
                                        ",\"message\":{\"id\":\"" + id + "\",\"model\":\"m\",\"content\":[]," + USAGE
                                                + "}")
                                + event("content_block_start", ",\"index\":0,\"content_block\":" + block)
                                + event("content_block_stop", ",\"index\":0")
                                + event("message_delta", ",\"delta\":{" + delta + "}," + USAGE)
                                + event("message_stop", ""))
                        .getBytes(StandardCharsets.UTF_8));
    }

    private RawClient.Answer ask(String members) throws IOException {
        return relay.post(body(members));
    }

    private RawClient.Answer askAs(String key, String members) throws IOException {
        try (RawClient client = relay.client()) {
            return client.post("/v1/messages", key, body(members)).readAnswer();
        }
    }

    private static void answered(RawClient.Answer answer) {
        assertThat(answer.head().status()).as(answer.text()).isEqualTo(200);
    }

    private int served() {
        return upstreams.stream().mapToInt(SimulatedClaude::requestCount).sum();
    }

    /** Answers a request on the first account with something that it makes. */
    private void make(Script script) throws IOException {
        upstreams.get(0).enqueue(script);
        answered(ask("\"x\":1"));
        assertThat(upstreams.get(0).requestCount()).isEqualTo(1);
    }

    private static JsonObject error(RawClient.Answer answer, int status, String type) {
        assertThat(answer.head().status()).as(answer.text()).isEqualTo(status);
        JsonObject body = JsonObject.parse(answer.body());
        assertThat(body.string("type")).contains("error");
        assertThat(body.string("request_id")).contains(answer.head().header("request-id"));
        JsonObject error = body.object("error").orElseThrow();
        assertThat(error.string("type")).contains(type);
        return error;
    }

    private void workspace(int account, String name) {
        relay.relay()
                .administration()
                .changeAccount(
                        accounts.get(account).id(), AccountChange.ofRouting(routing -> routing.withWorkspace(name)));
    }

    /** Makes the first account wait, by a request for something that is only there. */
    private void coolFirst(String members) throws IOException {
        upstreams.get(0).enqueue(Script.rateLimited(Duration.ofSeconds(30)));
        RawClient.Answer throttled = ask(members);
        assertThat(throttled.head().status()).isEqualTo(429);
        assertThat(throttled.head().header("retry-after")).isEqualTo("30");
    }

    @Test
    void aThreadGoesOnWhereItBegan() throws Exception {
        start(3);
        make(document("\"id\":\"msg_0\""));
        String last = "msg_0";
        for (int turn = 1; turn <= 4; turn++) {
            upstreams.get(0).enqueue(document("\"id\":\"msg_" + turn + "\""));
            answered(ask(thread(last)));
            last = "msg_" + turn;
        }
        answered(ask("\"diagnostics\":{\"previous_message_id\":\"msg_2\"}"));
        assertThat(upstreams.get(0).requestCount()).isEqualTo(6);
        assertThat(served()).isEqualTo(6);
    }

    @Test
    void aMessageIsKnownAsSoonAsItsStreamHasBegun() throws Exception {
        start(2);
        upstreams
                .get(0)
                .enqueue(stream("msg_1", "{\"type\":\"text\",\"text\":\"\"}", "\"stop_reason\":\"end_turn\"")
                        .trickle(Duration.ofMillis(200)));
        try (RawClient client = relay.client()) {
            client.post("/v1/messages", relay.key(), StandaloneRelay.stream());
            client.readHead();
            client.readUntil("msg_1");
            answered(ask(thread("msg_1")));
            client.readUntil("message_stop");
        }
        assertThat(upstreams.get(0).requestCount()).isEqualTo(2);
    }

    @Test
    void aContainerAndACreditAreUsedWhereAStreamMadeThem() throws Exception {
        start(2);
        upstreams
                .get(0)
                .enqueue(stream(
                        "msg_1",
                        "{\"type\":\"text\",\"text\":\"\"}",
                        "\"stop_reason\":\"refusal\",\"stop_details\":{\"fallback_credit_token\":\"credit-canary\"},"
                                + "\"container\":{\"id\":\"container_1\"}"));
        answered(relay.post(StandaloneRelay.stream()));
        for (int turn = 0; turn < 2; turn++) {
            answered(ask(container("container_1")));
            answered(ask("\"container\":{\"id\":\"container_1\"},\"fallback_credit_token\":\"credit-canary\""));
        }
        assertThat(upstreams.get(0).requestCount()).isEqualTo(5);
        clock.move(Duration.ofHours(1));
        JsonObject error = error(ask("\"fallback_credit_token\":\"credit-canary\""), 404, "not_found_error");
        assertThat(error.string("message"))
                .get()
                .asString()
                .contains("fallback_credit_token")
                .doesNotContain("canary");
        assertThat(served()).isEqualTo(5);
    }

    @Test
    void aFileThatCodeExecutionMadeIsKnownBeforeTheClientReadsOfIt() throws Exception {
        start(2);
        String result = "{\"type\":\"bash_code_execution_tool_result\",\"content\":{\"content\":"
                + "[{\"type\":\"bash_code_execution_output\",\"file_id\":\"file_1\"}]}}";
        upstreams
                .get(0)
                .enqueue(stream("msg_1", result, "\"stop_reason\":\"end_turn\"").trickle(Duration.ofMillis(200)));
        try (RawClient client = relay.client()) {
            client.post("/v1/messages", relay.key(), StandaloneRelay.stream());
            client.readHead();
            client.readUntil("file_1");
            answered(ask(file("file_1")));
            client.readUntil("message_stop");
        }
        assertThat(upstreams.get(0).requestCount()).isEqualTo(2);
        assertThat(relay.store().objects().maker(relay.keyId(), new ObjectId(ObjectKind.FILE, "file_1")))
                .isPresent();
    }

    @Test
    void aDocumentWithFilesArrivesWhole() throws Exception {
        start(1);
        String document =
                "{\"type\":\"message\",\"id\":\"msg_1\",\"content\":[{\"type\":\"code_execution_tool_result\","
                        + "\"content\":{\"content\":[{\"file_id\":\"file_1\"},{\"file_id\":\"file_2\"}]}}]," + USAGE
                        + "}";
        upstreams
                .get(0)
                .enqueue(Script.raw(200, JSON, document.getBytes(StandardCharsets.UTF_8))
                        .chunkSize(7));
        RawClient.Answer answer = ask("\"x\":1");
        assertThat(answer.text()).isEqualTo(document);
        answered(ask(file("file_2")));
        assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void whatNobodyMadeIsUnknownAndNoUpstreamIsAsked() throws Exception {
        start(2);
        JsonObject error = error(ask(thread("msg_9")), 404, "not_found_error");
        assertThat(error.string("message"))
                .get()
                .asString()
                .contains("thread.previous_message_id")
                .doesNotContain("msg_9");
        assertThat(error.object("details").orElseThrow().string("error_code")).contains("thread_not_found");
        for (String members : List.of(
                container("container_9"),
                file("file_9"),
                "\"diagnostics\":{\"previous_message_id\":\"msg_9\"}",
                "\"container\":{\"skills\":[{\"type\":\"custom\",\"skill_id\":\"skill_9\"}]}")) {
            assertThat(error(ask(members), 404, "not_found_error").has("details"))
                    .isFalse();
        }
        RequestSummary summary = relay.listener().await(5);
        assertThat(summary.outcome()).isEqualTo(Outcome.UNKNOWN_OBJECT);
        assertThat(summary.attempts()).isEmpty();
        assertThat(served()).isZero();
        answered(ask("\"container\":{\"skills\":[{\"type\":\"anthropic\",\"skill_id\":\"xlsx\"}]}"));
    }

    @Test
    void whatAnotherKeyMadeIsUnknown() throws Exception {
        start(1);
        make(document("\"id\":\"msg_1\",\"container\":{\"id\":\"container_1\"}"));
        String other = relay.relay()
                .administration()
                .createKey(NewKey.named("other"))
                .secret()
                .reveal();
        error(askAs(other, thread("msg_1")), 404, "not_found_error");
        error(askAs(other, container("container_1")), 404, "not_found_error");
        assertThat(served()).isEqualTo(1);
        answered(ask(thread("msg_1") + "," + container("container_1")));
    }

    @Test
    void anAnswerThatIsNoSuccessMakesNothing() throws Exception {
        start(1);
        upstreams
                .get(0)
                .enqueue(Script.raw(
                        400,
                        JSON,
                        "{\"type\":\"error\",\"id\":\"msg_1\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"no\"}}"
                                .getBytes(StandardCharsets.UTF_8)));
        assertThat(ask("\"x\":1").head().status()).isEqualTo(400);
        error(ask(thread("msg_1")), 404, "not_found_error");
    }

    @Test
    void whileItsAccountWaitsTheClientIsToldForHowLong() throws Exception {
        start(2);
        make(document("\"id\":\"msg_1\""));
        coolFirst(thread("msg_1"));
        clock.move(Duration.ofSeconds(10));
        RawClient.Answer waiting = ask(thread("msg_1"));
        error(waiting, 503, "overloaded_error");
        assertThat(waiting.head().header("retry-after")).isEqualTo("20");
        assertThat(upstreams.get(1).requestCount()).isZero();
        clock.move(Duration.ofSeconds(20));
        answered(ask(thread("msg_1")));
        assertThat(upstreams.get(0).requestCount()).isEqualTo(3);
    }

    @Test
    void aFailureIsMendedWithinTheWorkspaceOnly() throws Exception {
        start(3);
        workspace(0, "w");
        workspace(2, "w");
        make(document("\"id\":\"msg_1\""));
        upstreams.get(0).always(Script.error(529));
        for (int turn = 0; turn < 4; turn++) {
            answered(ask(thread("msg_1")));
        }
        assertThat(upstreams.get(1).requestCount()).isZero();
        assertThat(upstreams.get(2).requestCount()).isEqualTo(4);
        upstreams.get(2).always(Script.error(500));
        assertThat(ask(thread("msg_1")).head().status()).isGreaterThanOrEqualTo(500);
        assertThat(upstreams.get(1).requestCount()).isZero();
    }

    @Test
    void aGoneAccountIsToldWithTheRemedyUntilOneOfItsWorkspaceComes() throws Exception {
        start(3);
        workspace(0, "w");
        make(document("\"id\":\"msg_1\",\"container\":{\"id\":\"container_1\"}"));
        relay.relay().administration().deleteAccount(accounts.get(0).id());
        JsonObject gone = error(ask(thread("msg_1")), 400, "invalid_request_error");
        assertThat(gone.string("message"))
                .get()
                .asString()
                .contains("thread.previous_message_id", "Start a new thread.");
        assertThat(gone.object("details").orElseThrow().string("error_code")).contains("thread_not_found");
        assertThat(error(ask(container("container_1")), 400, "invalid_request_error")
                        .string("message"))
                .get()
                .asString()
                .contains("container", "Leave its id out");
        assertThat(served()).isEqualTo(1);
        workspace(2, "w");
        answered(ask(thread("msg_1")));
        answered(ask(container("container_1")));
        assertThat(upstreams.get(2).requestCount()).isEqualTo(2);
    }

    @Test
    void anAccountThatTheKeyMayNotUseIsAsGoodAsGone() throws Exception {
        start(2);
        make(document("\"id\":\"msg_1\""));
        relay.relay()
                .administration()
                .changeKey(
                        relay.keyId(),
                        KeyChange.ofRouting(
                                routing -> routing.toAccount(accounts.get(1).id())));
        error(ask(thread("msg_1")), 400, "invalid_request_error");
        answered(ask("\"x\":1"));
        assertThat(upstreams.get(0).requestCount()).isEqualTo(1);
    }

    @Test
    void whatWasMadeOnTwoAccountsIsNotUsedTogether() throws Exception {
        start(2);
        make(document("\"id\":\"msg_1\""));
        upstreams.get(1).enqueue(document("\"id\":\"msg_2\",\"container\":{\"id\":\"container_2\"}"));
        answered(ask("\"y\":2"));
        assertThat(error(ask(thread("msg_1") + "," + container("container_2")), 400, "invalid_request_error")
                        .string("message"))
                .get()
                .asString()
                .contains("thread.previous_message_id and container");
        assertThat(served()).isEqualTo(2);
        workspace(0, "w");
        workspace(1, "w");
        answered(ask(thread("msg_1") + "," + container("container_2")));
    }

    @Test
    void aBoundSessionIsStillToldInItsOwnWords() throws Exception {
        start(2, Map.of(ConfigKey.SESSION_BINDING, "true", ConfigKey.SESSION_BINDING_MESSAGE, "Begin anew, please."));
        String session = "x-claude-code-session-id: s";
        upstreams.get(0).enqueue(document("\"id\":\"msg_1\""));
        answered(relay.post(body("\"x\":1"), session));
        coolFirst(thread("msg_1"));
        RawClient.Answer bound = relay.post(body(thread("msg_1")), session);
        assertThat(error(bound, 403, "permission_error").string("message")).contains("Begin anew, please.");
        error(ask(thread("msg_1")), 503, "overloaded_error");
    }

    @Test
    void aDeletedKeyLeavesNothingBehind() throws Exception {
        start(1);
        make(document("\"id\":\"msg_1\",\"container\":{\"id\":\"container_1\"}"));
        Set<ObjectId> made =
                Set.of(new ObjectId(ObjectKind.MESSAGE, "msg_1"), new ObjectId(ObjectKind.CONTAINER, "container_1"));
        assertThat(relay.store().objects().makers(relay.keyId(), made)).hasSize(2);
        relay.relay().administration().deleteKey(relay.keyId());
        assertThat(relay.store().objects().makers(relay.keyId(), made)).isEmpty();
    }

    @Test
    void thinkingGoesBackToItsAccountAfterDaysAndARefusalOfItIsPassedOn() throws Exception {
        start(2);
        String session = "x-claude-code-session-id: s";
        upstreams
                .get(0)
                .enqueue(stream("msg_1", "{\"type\":\"thinking\",\"thinking\":\"\"}", "\"stop_reason\":\"end_turn\""));
        answered(relay.post(StandaloneRelay.stream(), session));
        relay.listener().await(1);
        clock.move(Duration.ofDays(29));
        byte[] thinking = ("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":100,\"messages\":[{\"role\":\"assistant\","
                        + "\"content\":[{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"x\"}]}]}")
                .getBytes(StandardCharsets.UTF_8);
        answered(relay.post(thinking, session));
        relay.listener().await(2);
        assertThat(upstreams.get(0).requestCount()).isEqualTo(2);

        relay.relay().administration().toggleAccount(accounts.get(0).id());
        String refusal = "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":"
                + "\"messages.0.content.0: Invalid `signature` in `thinking` block\"},\"request_id\":\"req_1\"}";
        upstreams.get(1).enqueue(Script.raw(400, JSON, refusal.getBytes(StandardCharsets.UTF_8)));
        RawClient.Answer refused = relay.post(thinking, session);
        assertThat(refused.head().status()).isEqualTo(400);
        assertThat(refused.text()).isEqualTo(refusal);
        assertThat(relay.listener().await(3).attempts()).hasSize(1);
        relay.relay().administration().toggleAccount(accounts.get(0).id());
        answered(relay.post(thinking, session));
        assertThat(upstreams.get(0).requestCount())
                .as("a refusal moves nothing")
                .isEqualTo(3);
    }
}
