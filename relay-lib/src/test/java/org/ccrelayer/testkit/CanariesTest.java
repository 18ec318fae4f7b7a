package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Planted leaks: what looks for canaries finds them. */
class CanariesTest {
    /** As the relay issues them. */
    private static final String ISSUED = "cr_4f1b9a0c7d3e8265b1c0d9e8f7a6453211223344556677889900aabbccddeeff";

    @ParameterizedTest
    @EnumSource
    void eachCanaryIsFoundAsItIs(Canary canary) {
        assertThat(Canaries.in("a line with " + canary.text() + " in it"))
                .hasValueSatisfying(found -> assertThat(found)
                        .startsWith("\"canary-7e57-")
                        .contains(canary.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        assertThat(Canaries.in(canary.text(7).getBytes(StandardCharsets.UTF_8))).isPresent();
        assertThat(Canaries.in(canary.text().toUpperCase(Locale.ROOT))).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void aCanaryIsFoundInBase64WhereverItBegins(Canary canary) {
        for (String before : new String[] {"", "u:", "us:", "use:", "user:", "user-7:"}) {
            byte[] login = (before + canary.text() + " ").getBytes(StandardCharsets.UTF_8);
            assertThat(Canaries.in("Basic " + Base64.getEncoder().encodeToString(login)))
                    .as(before)
                    .isPresent();
            assertThat(Canaries.in(Base64.getUrlEncoder().withoutPadding().encodeToString(login)))
                    .as(before)
                    .isPresent();
        }
    }

    @Test
    void aCanaryIsFoundHoweverItIsSpelt() throws IOException {
        String secret = Canary.PROXY_PASSWORD.text();
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        assertThat(Canaries.in(HexFormat.of().formatHex(bytes))).isPresent();
        assertThat(Canaries.in(HexFormat.of().withUpperCase().formatHex(bytes))).isPresent();
        assertThat(Canaries.in("%" + HexFormat.ofDelimiter("%").formatHex(bytes)))
                .isPresent();
        assertThat(Canaries.in("http://user:" + URLEncoder.encode(secret + "@ä", StandardCharsets.UTF_8) + "@proxy"))
                .isPresent();
        assertThat(Canaries.in(secret.getBytes(StandardCharsets.UTF_16BE))).isPresent();
        assertThat(Canaries.in(secret.getBytes(StandardCharsets.UTF_16LE))).isPresent();
    }

    @Test
    void theDefaultAnswerOfASimulatedApiCounts() {
        assertThat(Canaries.in("Hello from the simulated Claude API.")).isPresent();
        assertThat(Canaries.in("data: {\"delta\":{\"type\":\"text_delta\",\"text\":\"simulated \"}}"))
                .isPresent();
    }

    @Test
    void anIssuedKeyIsFoundInPartAndEncoded() {
        Canaries.remember(ISSUED);
        byte[] bytes = ISSUED.getBytes(StandardCharsets.UTF_8);
        assertThat(Canaries.in("key " + ISSUED)).isPresent();
        assertThat(Canaries.in("key " + ISSUED.substring(3, 15) + "...")).isPresent();
        assertThat(Canaries.in("key ..." + ISSUED.substring(ISSUED.length() - 12)))
                .isPresent();
        assertThat(Canaries.in("Basic " + Base64.getEncoder().encodeToString(bytes)))
                .isPresent();
        assertThat(Canaries.in(HexFormat.of().formatHex(bytes))).isPresent();
    }

    @Test
    void whatTheAdministrationApiIssuesIsRemembered() {
        String key = "cr_" + "77aa0c4e5b6d1f28".repeat(4);
        assertThat(Canaries.in(key)).isEmpty();
        Canaries.rememberIssued("{\"id\":\"x\",\"key\":\"" + key + "\"}");
        assertThat(Canaries.in(key)).isPresent();
        String session = "eyJmYWtlIjoxfQ.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJlLTEyMzQ1";
        Canaries.rememberIssued("{\"token\":\"" + session + "\",\"expiresIn\":1}");
        assertThat(Canaries.in("Bearer " + session)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "canary",
                "the canary-coloured model claude-canary",
                "relay_k2_1 POST /v1/messages status=200 outcome=COMPLETED key=0b8e5c1a-1111-4222-8333-444444444444",
                "Y2FuYXJ5",
                "000000000000000000000000"
            })
    void whatOnlyLooksALittleLikeACanaryIsNone(String text) {
        Canaries.remember("cr_" + "0".repeat(64));
        assertThat(Canaries.in(text)).isEmpty();
    }

    @Test
    void aLeakInAFileIsFoundWhereverTheFileIs(@TempDir Path directory) throws IOException {
        Path deep = Files.createDirectories(directory.resolve("a/b"));
        byte[] bytes = new byte[100_000];
        Files.write(deep.resolve("relay.mv"), bytes);
        assertThatCode(() -> Canaries.assertNoneBelow(directory)).doesNotThrowAnyException();
        assertThatCode(() -> Canaries.assertNoneBelow(directory.resolve("missing")))
                .doesNotThrowAnyException();
        byte[] canary = Canary.REFRESH_TOKEN.text().getBytes(StandardCharsets.UTF_8);
        System.arraycopy(canary, 0, bytes, 77_777, canary.length);
        Files.write(deep.resolve("relay.mv"), bytes);
        assertThatThrownBy(() -> Canaries.assertNoneBelow(directory))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("relay.mv")
                .hasMessageContaining("refresh-token");
    }

    @Test
    void aFileNameCountsToo(@TempDir Path directory) throws IOException {
        Files.createFile(directory.resolve(Canary.PROMPT.text() + ".tmp"));
        assertThatThrownBy(() -> Canaries.assertNoneBelow(directory)).isInstanceOf(AssertionError.class);
    }

    /** What a client of the test kit makes of an answer with that status, id and body. */
    private static void receive(int status, String requestId, String body) throws IOException {
        byte[] answer = ("HTTP/1.1 " + status + " x\r\nrequest-id: " + requestId + "\r\ncontent-length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RawClient client = new RawClient(server.getLocalPort());
                Socket accepted = server.accept()) {
            accepted.getOutputStream().write(answer);
            client.readAnswer();
        }
    }

    @Test
    void aClientThatIsToldASecretFails() {
        for (int status : new int[] {200, 400, 500}) {
            assertThatThrownBy(() -> receive(status, "req_1", "key " + Canary.UPSTREAM_KEY.text() + " is wrong"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("status " + status);
        }
        assertThatThrownBy(() -> receive(401, Canary.BEARER_TOKEN.text(), "no")).isInstanceOf(AssertionError.class);
        Canaries.remember(ISSUED);
        assertThatThrownBy(() -> receive(401, "req_1", ISSUED)).isInstanceOf(AssertionError.class);
    }

    @Test
    void onlyAnUpstreamMayQuoteThePrompt() {
        String quote = "messages.0: " + Canary.PROMPT.text();
        assertThatCode(() -> receive(400, "req_1", quote)).doesNotThrowAnyException();
        assertThatThrownBy(() -> receive(400, "relay_1", quote)).isInstanceOf(AssertionError.class);
    }
}
