package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** At the chattiest level that the relay offers, no line of its log holds a secret or a word of a conversation. */
class NoSecretInLogsTest {
    private static final String PROMPT = "prompt-canary-5b1f";
    private static final String USER = "user-canary-77ac";
    private static final String HEADER = "header-canary-90d2";
    private static final String ANSWER = "answer-canary-13e8";
    private static final String STRANGER = "cr_stranger-canary-0123456789";
    private static final String CREDENTIAL = "sk-ant-api03-credential-canary-44c0";
    private static final String ORGANIZATION = "c0ffee00-1111-4222-8333-444444444444";

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private SimulatedClaude upstream;
    private StandaloneRelay relay;

    @BeforeEach
    void start() {
        appender.setContext(context);
        appender.start();
        root.addAppender(appender);
        Logging.level("debug");
        upstream = SimulatedClaude.start();
        relay = StandaloneRelay.start(Map.of(ConfigKey.HEADER_TIMEOUT, "1000"));
        relay.account(upstream.uri(), CREDENTIAL);
    }

    @AfterEach
    void stop() {
        relay.close();
        upstream.close();
        root.detachAppender(appender);
        appender.stop();
        Logging.level("info");
    }

    private static byte[] body(String end) {
        return ("{\"model\":\"claude-sonnet-5-5\",\"stream\":true,\"metadata\":{\"user_id\":\"" + USER
                        + "\"},\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]" + end)
                .getBytes(StandardCharsets.UTF_8);
    }

    private RawClient.Answer ask(byte[] body) throws Exception {
        return relay.post(
                "/v1/messages?beta=true&q=" + HEADER, body, "x-claude-code-session-id: " + HEADER, "cookie: " + HEADER);
    }

    private List<String> lines() {
        return List.copyOf(appender.list).stream()
                .map(event -> event.getLevel() + " " + event.getLoggerName() + " " + event.getThreadName() + " "
                        + event.getFormattedMessage() + " " + event.getMDCPropertyMap() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy())))
                .toList();
    }

    /** Everything that can happen to a request, with a canary wherever something is carried. */
    private void liveThroughEverything() throws Exception {
        upstream.enqueue(Script.text(ANSWER));
        assertThat(ask(body("}")).text()).contains(ANSWER);
        upstream.enqueue(Script.raw(
                500,
                "application/json",
                ("{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"" + ORGANIZATION + " "
                                + CREDENTIAL + "\"}}")
                        .getBytes(StandardCharsets.UTF_8)));
        ask(body("}"));
        upstream.enqueue(Script.raw(502, "text/html", ANSWER.getBytes(StandardCharsets.UTF_8)));
        ask(body("}"));
        upstream.enqueue(
                Script.answer().deltaText(ANSWER).trickle(Duration.ofMillis(10)).cutAfterEvent(4));
        ask(body("}"));
        upstream.enqueue(Script.refuse());
        ask(body("}"));
        upstream.enqueue(Script.answer().delay(Duration.ofMinutes(5)));
        ask(body("}"));
        ask(body(",}"));
        ask(body(",\"model\":\"" + PROMPT + "\"}"));
        relay.post("/v1/messages?key=" + relay.key(), body("}"));
        try (RawClient client = relay.client()) {
            client.post("/v1/messages", STRANGER, body("}")).readAnswer();
        }
        try (RawClient client = relay.client()) {
            client.head("POST /v1/messages", "x-api-key: " + relay.key(), "x bad " + HEADER)
                    .readAnswer();
        }
        upstream.enqueue(Script.answer().deltaText(ANSWER).events(10_000).trickle(Duration.ofMillis(10)));
        RawClient leaving = relay.client();
        leaving.post("/v1/messages", relay.key(), body("}")).readHead();
        leaving.readUntil(ANSWER);
        leaving.reset();
        relay.listener().await(11);
    }

    @Test
    void no_secret_and_no_prompt_is_logged_even_at_debug() throws Exception {
        liveThroughEverything();
        relay.close();
        List<String> lines = lines();
        assertThat(lines).anyMatch(line -> line.startsWith("DEBUG org.ccrelayer."));
        assertThat(lines.stream().filter(line -> line.startsWith("INFO org.ccrelayer.requests ")))
                .hasSize(11);
        assertThat(lines)
                .noneMatch(line -> line.contains("canary"))
                .noneMatch(line ->
                        line.contains(relay.key()) || line.contains(relay.key().substring(3, 15)))
                .noneMatch(line -> line.contains(ORGANIZATION) || line.contains("sk-ant"))
                .noneMatch(line -> line.contains(RelayFixture.ENCRYPTION_KEY)
                        || line.contains(RelayFixture.JWT_SECRET)
                        || line.contains(RelayFixture.ADMIN_PASSWORD));
    }

    @Test
    void libraries_stay_at_info_when_the_relay_is_at_debug() {
        assertThat(context.getLogger("org.eclipse.jetty.client").getEffectiveLevel())
                .isEqualTo(Level.INFO);
        assertThat(context.getLogger("org.ccrelayer.internal.pipeline").getEffectiveLevel())
                .isEqualTo(Level.DEBUG);
    }
}
