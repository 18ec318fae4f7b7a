package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.ccrelayer.error.Outcome;
import org.junit.jupiter.api.Test;

/** The part of {@link AdapterContract} that is about request bodies, taken and refused. */
abstract class AdapterBodyContract extends ServedRelay {
    /**
     * Whether a client that stops in the middle of its body gets the relay's own words; where it does not, it gets the
     * container's with the same status.
     */
    protected boolean tellsStalledSenderItself() {
        return true;
    }

    @Test
    void the_longest_body_reaches_the_upstream_byte_for_byte() throws Exception {
        byte[] longest = longestBody();
        try (RawClient client = client()) {
            assertThat(client.post("/v1/messages", fixture().key(), longest)
                            .readAnswer()
                            .head()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(upstream().received().get(0).sha256())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(longest)));
    }

    private static byte[] longestBody() {
        byte[] frame = body(true, "");
        int open = new String(frame, StandardCharsets.UTF_8).indexOf("\"\"") + 1;
        ByteArrayOutputStream whole = new ByteArrayOutputStream(LONGEST_BODY);
        whole.write(frame, 0, open);
        Random random = new Random(1);
        byte[] plain = RawUpstream.bytes("plain text ");
        byte[] other = RawUpstream.bytes("\\u00e9\\n \\\" ä 你 🚀");
        int room = LONGEST_BODY - frame.length;
        while (whole.size() - open + other.length <= room) {
            whole.writeBytes(random.nextInt(5) == 0 ? other : plain);
        }
        byte[] rest = new byte[room - (whole.size() - open)];
        Arrays.fill(rest, (byte) 'x');
        whole.writeBytes(rest);
        whole.write(frame, open, frame.length - open);
        return whole.toByteArray();
    }

    @Test
    void a_body_in_many_pieces_is_put_together() throws Exception {
        try (RawClient client = client()) {
            client.head(
                    "POST /v1/messages",
                    "authorization: Bearer " + fixture().key(),
                    "anthropic-version: 2023-06-01",
                    "transfer-encoding: chunked");
            for (byte b : PLAIN) {
                client.send(new byte[] {'1', '\r', '\n', b, '\r', '\n'});
            }
            client.send(RawUpstream.bytes("0\r\n\r\n"));
            assertThat(client.readAnswer().head().status()).isEqualTo(200);
        }
        assertThat(upstream().received().get(0).body()).isEqualTo(PLAIN);
    }

    @Test
    void a_body_that_is_announced_too_large_is_refused_before_it_is_sent() throws Exception {
        try (RawClient client = client()) {
            client.head("POST /v1/messages", "x-api-key: " + fixture().key(), "content-length: " + (LONGEST_BODY + 1));
            assertTooLarge(client.readAnswer());
        }
        assertThat(upstream().requestCount()).isZero();
    }

    @Test
    void a_body_that_is_announced_too_large_is_refused_while_it_is_sent() throws Exception {
        try (RawClient client = client()) {
            client.head("POST /v1/messages", "x-api-key: " + fixture().key(), "content-length: 100000000");
            sending(client, new byte[64 * 1024], 100_000_000 / (64 * 1024));
            assertTooLarge(client.readAnswer());
        }
        assertThat(upstream().requestCount()).isZero();
    }

    @Test
    void a_body_that_grows_too_large_is_refused_while_it_is_sent() throws Exception {
        byte[] piece = RawUpstream.bytes("10000\r\n" + " ".repeat(0x10000) + "\r\n");
        try (RawClient client = client()) {
            client.head("POST /v1/messages", "x-api-key: " + fixture().key(), "transfer-encoding: chunked");
            sending(client, piece, 4 * LONGEST_BODY / piece.length);
            assertTooLarge(client.readAnswer());
        }
        assertThat(upstream().requestCount()).isZero();
    }

    private static void assertTooLarge(RawClient.Answer answer) {
        assertThat(answer.head().status()).isEqualTo(413);
        assertThat(answer.text()).contains("request_too_large");
    }

    /** Sends on as a client does that has not seen the answer yet; ends with the connection. */
    private static void sending(RawClient client, byte[] piece, int times) {
        Thread sender = new Thread(
                () -> {
                    try {
                        for (int i = 0; i < times; i++) {
                            client.send(piece);
                        }
                    } catch (IOException e) {
                        // The other side has closed, as it may once it has answered.
                        Thread.currentThread().interrupt();
                    }
                },
                "sender");
        sender.setDaemon(true);
        sender.start();
    }

    @Test
    void a_refusal_reaches_a_client_that_is_still_sending() throws Exception {
        try (RawClient client = client()) {
            client.head("POST /v1/messages", "x-api-key: cr_wrong_wrong_wrong", "content-length: 20000000");
            client.send(new byte[100_000]);
            RawClient.Answer answer = client.readAnswer();
            assertThat(answer.head().status()).isEqualTo(401);
            assertThat(answer.head().header("x-should-retry")).isEqualTo("false");
        }
    }

    @Test
    void a_client_that_stops_in_the_middle_of_its_body_is_told() throws Exception {
        try (RawClient client = client()) {
            client.head("POST /v1/messages", "x-api-key: " + fixture().key(), "content-length: 1000");
            client.send(new byte[] {'{'});
            RawClient.Answer answer = client.readAnswer();
            assertThat(answer.head().status()).isEqualTo(408);
            assertThat(answer.text().contains("\"type\":\"error\"")).isEqualTo(tellsStalledSenderItself());
        }
        assertThat(fixture().listener().await(1).outcome()).isEqualTo(Outcome.BODY_TIMEOUT);
    }
}
