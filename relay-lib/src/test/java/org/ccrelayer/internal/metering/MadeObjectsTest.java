package org.ccrelayer.internal.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccrelayer.internal.metering.Metering.JSON;
import static org.ccrelayer.internal.metering.Metering.SSE;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer made is told as it is read, and nothing that the model only wrote. */
class MadeObjectsTest {
    private static final String RESULT = """
            {"type":"bash_code_execution_tool_result","tool_use_id":"srvtoolu_1","content":
              {"type":"bash_code_execution_result","stdout":"{\\"file_id\\":\\"no\\"}","return_code":0,"content":[
                {"type":"bash_code_execution_output","file_id":"file_1"},
                {"file_id":"file_2","type":"bash_code_execution_output","x":{"file_id":"no"}}],"file_id":"no"}}""";

    private static final String WRITTEN = """
            {"type":"tool_use","id":"toolu_1","name":"n","input":{"file_id":"no","content":[{"file_id":"no"}]}},
            {"type":"tool_use","content":{"content":[{"file_id":"no"}]},"input":{}},
            {"type":"code_execution_tool_result","content":[{"content":[{"file_id":"no"}]}]},
            {"type":"code_execution_tool_result","content":{"content":{"file_id":"no"}},"file_id":"no"},
            {"type":"text","text":"file_id"},[{"file_id":"no"}],"file_id"\
            """;

    private static final String DOCUMENT = """
            {"id":"msg_1","type":"message","content":[%s,%s],"container":{"skills":[{"id":"no"}],"id":"container_1"},
             "stop_reason":"refusal","stop_details":{"type":"refusal","fallback_credit_token":"credit_1"},
             "diagnostics":{"id":"no","container":{"id":"no"}},"usage":{"input_tokens":5}}""".formatted(WRITTEN, RESULT);

    private static final ObjectId[] ALL = {
        new ObjectId(ObjectKind.MESSAGE, "msg_1"),
        new ObjectId(ObjectKind.FILE, "file_1"),
        new ObjectId(ObjectKind.FILE, "file_2"),
        new ObjectId(ObjectKind.CONTAINER, "container_1"),
        new ObjectId(ObjectKind.FALLBACK_CREDIT, "credit_1")
    };

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + members.replace("\n", " ") + "}\n\n";
    }

    private static String start(String block) {
        return event("content_block_start", ",\"index\":0,\"content_block\":" + block);
    }

    private static List<ObjectId> made(String answer, String type, int piece) {
        List<ObjectId> made = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(bytes(answer));
        try (UsageMeter meter = UsageMeter.forAnswer(type, null)) {
            for (int at = 0; at < bytes.capacity(); at += piece) {
                Metering.see(meter, bytes, at, Math.min(bytes.capacity(), at + piece));
                made.addAll(meter.takeMade());
            }
            assertThat(meter.takeMade()).isEmpty();
        }
        return made;
    }

    @Test
    void aDocumentTellsWhatItMadeAtItsEnd() {
        for (int piece = 1; piece <= 70; piece++) {
            assertThat(made(DOCUMENT, JSON, piece)).as("pieces of %s", piece).containsExactly(ALL);
        }
        assertThat(made(DOCUMENT.strip().substring(0, DOCUMENT.strip().length() - 1), JSON, 1_000))
                .isEmpty();
    }

    @Test
    void aStreamTellsWhatItMadeAsItComes() {
        String written =
                WRITTEN.lines().map(line -> start(line.replaceAll(",$", ""))).collect(Collectors.joining());
        String stream = event("message_start", ",\"message\":{\"id\":\"msg_1\",\"container\":null}")
                + written
                + event(
                        "content_block_delta",
                        ",\"delta\":" + RESULT + ",\"content_block\":" + RESULT.replace('1', '9'))
                + start(RESULT)
                + event(
                        "message_delta",
                        ",\"delta\":{\"container\":{\"id\":\"container_1\"},\"stop_details\":{\"fallback_credit_token\":"
                                + "\"credit_1\"}},\"usage\":{}")
                + event("message_stop", "");
        for (int piece = 1; piece <= 70; piece++) {
            assertThat(made(stream, SSE, piece)).as("pieces of %s", piece).containsExactly(ALL);
        }
        String head = stream.substring(0, stream.indexOf("event: content_block_start"));
        assertThat(made(head, SSE, 1_000)).containsExactly(ALL[0]);
    }

    @Test
    void aStreamMayNameItsContainerAtItsBeginningAndAgain() {
        String stream = event("message_start", ",\"message\":{\"id\":\"m\",\"container\":{\"id\":\"c\"}}")
                + event("message_delta", ",\"container\":{\"id\":\"c\"},\"delta\":{\"container\":{\"id\":\"d\"}}");
        assertThat(made(stream, SSE, 1_000))
                .containsExactly(
                        new ObjectId(ObjectKind.MESSAGE, "m"),
                        new ObjectId(ObjectKind.CONTAINER, "c"),
                        new ObjectId(ObjectKind.CONTAINER, "d"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"error\",\"id\":\"msg_1\",\"error\":{\"type\":\"api_error\"}}",
                "{\"id\":\"\",\"container\":{\"id\":\"\"},\"stop_details\":null}",
                "{\"id\":7,\"container\":\"c\",\"stop_details\":{\"fallback_credit_token\":{\"id\":\"x\"}}}",
                "[{\"id\":\"msg_1\"}]",
                "{\"message\":{\"id\":\"msg_1\"},\"container\":[{\"id\":\"c\"}]}"
            })
    void whatMadeNothingTellsNothing(String document) {
        assertThat(made(document, JSON, 1_000)).isEmpty();
    }

    @Test
    void anErrorEventTellsNothing() {
        assertThat(made(event("error", ",\"error\":{\"type\":\"x\"},\"message\":{\"id\":\"m\"}"), SSE, 1_000))
                .isEmpty();
    }

    @Test
    void theNumberOfObjectsAndTheLengthOfTheirIdsAreBounded() {
        String files = IntStream.range(0, 2_000)
                .mapToObj(i -> "{\"file_id\":\"f" + i + "\"}")
                .collect(Collectors.joining(","));
        String block = "{\"type\":\"code_execution_tool_result\",\"content\":{\"content\":[" + files + "]}}";
        assertThat(made("{\"content\":[" + block + "]}", JSON, 1_000)).hasSize(MadeObjects.MOST);
        assertThat(made(start(block) + start(block.replace("f1", "g")), SSE, 1_000))
                .hasSize(MadeObjects.MOST);
        String longest = "c".repeat(MadeObjects.MAX_ID_CHARACTERS);
        for (String over : new String[] {"", "c"}) {
            String details = "\"stop_details\":{\"fallback_credit_token\":\"" + longest + over + "\"}";
            assertThat(made("{" + details + "}", JSON, 1_000)).hasSize(1 - over.length());
            assertThat(made(event("message_delta", ",\"delta\":{" + details + "}"), SSE, 1_000))
                    .hasSize(1 - over.length());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"thinking", "redacted_thinking", "text", "tool_use"})
    void tellsWhetherTheModelThought(String type) {
        String block = "{\"data\":{\"type\":\"thinking\"},\"type\":\"" + type + "\"}";
        for (String answer : new String[] {"{\"type\":\"thinking\",\"content\":[7," + block + "]}", start(block)}) {
            try (UsageMeter meter = UsageMeter.forAnswer(answer.startsWith("{") ? JSON : SSE, null)) {
                meter.see(ByteBuffer.wrap(bytes(answer)));
                assertThat(meter.thought()).as(answer).isEqualTo(type.contains("thinking"));
            }
        }
    }

    @Test
    void noIdIsPrinted() {
        assertThat(made(DOCUMENT, JSON, 1_000).toString()).contains("FILE").doesNotContain("_1");
    }
}
