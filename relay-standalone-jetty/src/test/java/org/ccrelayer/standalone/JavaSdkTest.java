package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import java.util.List;
import java.util.Map;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.simulated.ReceivedRequest;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The official Java SDK as a client of the relay. */
class JavaSdkTest {
    private static final String MODEL = "claude-sonnet-5-5";

    private SimulatedClaude upstream;
    private RelayFixture fixture;
    private RelayServer server;
    private AnthropicClient client;

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
        fixture = RelayFixture.over(upstream);
        server = RelayServer.start(fixture.config(), fixture.relay());
        client = client(fixture.key());
    }

    @AfterEach
    void stop() {
        client.close();
        fixture.close();
        server.close();
        upstream.close();
    }

    private AnthropicClient client(String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(server.uri().toString())
                .apiKey(key)
                .build();
    }

    private static MessageCreateParams.Builder hello() {
        return MessageCreateParams.builder().model(MODEL).maxTokens(200).addUserMessage(Canary.PROMPT.text());
    }

    @Test
    void creates_a_message() {
        upstream.enqueue(Script.text("Hello from here.").withUsage(12, 5, 100, 20, 300));
        Message message = client.messages().create(hello().build());
        assertThat(message.content().get(0).asText().text()).isEqualTo("Hello from here.");
        assertThat(message.usage().outputTokens()).isEqualTo(5);
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.COMPLETED);
        UsageTotals booked = fixture.relay().administration().usage();
        assertThat(booked.tokens().input()).isEqualTo(12);
        assertThat(booked.tokens().cacheWrite1h()).isEqualTo(20);
        // 12 x 2 + 5 x 10 + 100 x 2.5 + 20 x 4 + 300 x 0.1 = 434 millionths of a dollar
        assertThat(booked.costNanoUsd()).isEqualTo(434_000);
    }

    @Test
    void streams_a_message() {
        upstream.enqueue(Script.text("one two three four"));
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(hello().build())) {
            events.stream().forEach(accumulator::accumulate);
        }
        assertThat(accumulator.message().content().get(0).asText().text()).isEqualTo("one two three four");
        assertThat(accumulator.message().stopReason()).contains(StopReason.END_TURN);
    }

    @Test
    void takes_a_tool_use_turn() {
        upstream.enqueue(Script.toolUse("forecast", "{\"city\":\"Zürich\",\"days\":3}"));
        upstream.enqueue(Script.text("It is sunny."));
        Tool forecast = Tool.builder()
                .name("forecast")
                .description("The weather of the next days")
                .inputSchema(Tool.InputSchema.builder()
                        .properties(Tool.InputSchema.Properties.builder()
                                .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                                .build())
                        .build())
                .build();
        MessageCreateParams.Builder conversation = hello().addTool(forecast);
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(conversation.build())) {
            events.stream().forEach(accumulator::accumulate);
        }
        Message asking = accumulator.message();
        assertThat(asking.stopReason()).contains(StopReason.TOOL_USE);
        ToolUseBlock call = asking.content().stream()
                .flatMap(block -> block.toolUse().stream())
                .findFirst()
                .orElseThrow();
        assertThat(call._input().toString()).contains("Zürich");

        Message answer = client.messages()
                .create(conversation
                        .addMessage(asking)
                        .addUserMessageOfContentBlockParams(
                                List.of(ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                                        .toolUseId(call.id())
                                        .content("sunny")
                                        .build())))
                        .build());
        assertThat(answer.content().get(0).asText().text()).isEqualTo("It is sunny.");
        assertThat(fixture.listener().await(2).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void sends_the_relay_key_and_never_more_than_the_account_key_upstream() {
        client.messages().create(hello().build());
        ReceivedRequest received = upstream.received().get(0);
        assertThat(received.header("x-api-key")).isEqualTo(Canary.UPSTREAM_KEY.text(1));
        assertThat(received.headers()).noneMatch(header -> header.getValue().contains(fixture.key()));
        assertThat(received.header("authorization")).isNull();
        assertThat(received.header("anthropic-version")).isNotBlank();
    }

    @Test
    void learns_at_once_that_its_key_is_wrong() {
        AnthropicClient stranger = client("cr_" + "0".repeat(64));
        assertThatThrownBy(() -> stranger.messages().create(hello().build()))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("relay key");
        stranger.close();
        fixture.listener().await(1);
        assertThat(fixture.listener().summaries()).as("no retries").hasSize(1);
        assertThat(upstream.requestCount()).isZero();
    }
}
