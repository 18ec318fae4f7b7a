package org.ccrelayer.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Looks at the bytes on the wire, where it can be told how an answer ended. */
class FaultTest {
    private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

    private final SimulatedClaude claude = SimulatedClaude.start();

    @AfterEach
    void stop() {
        claude.close();
    }

    @Test
    void closesWithoutAnAnswer() throws Exception {
        assertThat(answerTo(Script.refuse())).isEmpty();
        assertThat(claude.requestCount()).isEqualTo(1);
    }

    @Test
    void cutsBehindAnEvent() throws Exception {
        String answer = answerTo(Script.answer().cutAfterEvent(4));

        assertThat(eventNames(answer))
                .containsExactly("message_start", "content_block_start", "ping", "content_block_delta");
        assertThat(answer).contains("\"Hello \"}}\n\n").doesNotEndWith(LAST_CHUNK);
    }

    @Test
    void cutsBehindTheHeaders() throws Exception {
        assertThat(answerTo(Script.answer().cutAfterEvent(0)))
                .startsWith("HTTP/1.1 200")
                .endsWith("\r\n\r\n");
    }

    @Test
    void cutsInsideAnEvent() throws Exception {
        String answer = answerTo(Script.answer().cutMidEvent(1));

        assertThat(eventNames(answer)).containsExactly("message_start", "content_block_start");
        assertThat(answer).doesNotContain("\"text\":\"\"").doesNotEndWith(LAST_CHUNK);
    }

    @Test
    void cutsAJsonAnswerInTheMiddle() throws Exception {
        String answer = answerTo(Script.answer().cutMidEvent(0), Client.JSON_BODY);

        assertThat(answer)
                .contains("{\"id\":\"msg_")
                .doesNotContain("\"service_tier\"")
                .doesNotEndWith(LAST_CHUNK);
    }

    @Test
    void endsProperlyWithoutTheEndOfTheMessage() throws Exception {
        String answer = keptAliveAnswerTo(Script.answer().cleanEndAfterEvent(5));

        assertThat(eventNames(answer)).hasSize(5).endsWith("content_block_delta");
    }

    @Test
    void sendsAnErrorInsideTheStream() throws Exception {
        String answer = keptAliveAnswerTo(Script.answer().errorEventAfter(3, "overloaded_error"));

        assertThat(eventNames(answer)).containsExactly("message_start", "content_block_start", "ping", "error");
        assertThat(answer)
                .containsPattern("event: error\ndata: \\{\"type\":\"error\",\"error\":\\{\"type\":\"overloaded_error\","
                        + "\"message\":\"Overloaded\"},\"request_id\":\"req_\\w+\"}\n\n");
    }

    @Test
    void writesEventsTogetherOrSingly() throws Exception {
        assertThat(chunkSizes(keptAliveAnswerTo(Script.answer()))).hasSize(1);
        assertThat(chunkSizes(keptAliveAnswerTo(Script.answer().eventPerWrite())))
                .hasSize(12);
    }

    @Test
    void writesSingleBytes() throws Exception {
        String answer = keptAliveAnswerTo(Script.answer().chunkSize(1));

        assertThat(chunkSizes(answer)).hasSizeGreaterThan(1_000).containsOnly(1);
    }

    @Test
    void writesSmallPieces() throws Exception {
        List<Integer> sizes = chunkSizes(keptAliveAnswerTo(Script.answer().chunkSize(50)));

        assertThat(sizes).contains(50).allMatch(size -> size <= 50);
    }

    @Test
    void sendsAnInterimAnswerFirst() throws Exception {
        String answer = keptAliveAnswerTo(Script.answer().informational(103));

        assertThat(answer).startsWith("HTTP/1.1 103 ").containsPattern("\r\n\r\nHTTP/1.1 200 ");
    }

    @Test
    void countsCutsAsNobodysCancellation() throws Exception {
        answerTo(Script.answer().cutAfterEvent(2));
        answerTo(Script.refuse());

        assertThat(claude.openStreams()).isZero();
        assertThat(claude.cancelledStreams()).isZero();
    }

    private String answerTo(Script script) throws Exception {
        return answerTo(script, Client.STREAM_BODY);
    }

    private String answerTo(Script script, String body) throws Exception {
        claude.enqueue(script);
        try (Wire wire = new Wire(claude)) {
            return wire.post(body).readToEnd();
        }
    }

    /** The answer up to its last chunk, on a connection that serves another request after it. */
    private String keptAliveAnswerTo(Script script) throws Exception {
        claude.enqueue(script);
        try (Wire wire = new Wire(claude)) {
            String answer = wire.post(Client.STREAM_BODY).readTo(LAST_CHUNK);
            wire.post(Client.STREAM_BODY).readTo(LAST_CHUNK);
            return answer;
        }
    }

    private static List<String> eventNames(String answer) {
        return Pattern.compile("event: (\\w+)\n")
                .matcher(answer)
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    private static List<Integer> chunkSizes(String answer) {
        String body = answer.substring(answer.lastIndexOf("chunked\r\n\r\n") + "chunked".length() + 2);
        return Pattern.compile("\r\n([0-9A-Fa-f]+)\r\n")
                .matcher(body)
                .results()
                .map(result -> Integer.parseInt(result.group(1), 16))
                .filter(size -> size > 0)
                .toList();
    }
}
