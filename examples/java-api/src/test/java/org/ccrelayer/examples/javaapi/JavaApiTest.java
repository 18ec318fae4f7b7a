package org.ccrelayer.examples.javaapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaApiTest {
    private static final String QUESTION = "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":64,\"stream\":true,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    @TempDir
    Path data;

    /** Keeps what is printed, and how many answers were under way when the first word came. */
    private static final class Screen extends ByteArrayOutputStream {
        private final SimulatedClaude claude;
        private int openAtFirstWord = -1;

        Screen(SimulatedClaude claude) {
            this.claude = claude;
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            if (openAtFirstWord < 0 && text().contains("content_block_delta")) {
                openAtFirstWord = claude.openStreams();
            }
        }

        synchronized String text() {
            return toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void an_answer_is_printed_as_it_comes_and_what_it_cost() throws Exception {
        RelayConfig config = RelayConfig.builder()
                .set(ConfigKey.ENCRYPTION_KEY, "0f7b1c5e9a3d2864b8e1f0a7c6d5934e")
                .set(ConfigKey.DATA_DIR, data.toString())
                .set(ConfigKey.ALLOW_PRIVATE_UPSTREAMS, "true")
                .build();
        try (SimulatedClaude claude = SimulatedClaude.start()) {
            claude.always(Script.answer().events(5).trickle(Duration.ofMillis(150)));
            NewAccount account = NewAccount.apiKey("simulated", claude.uri().toString(), Secret.of("sk-simulated"));
            Screen screen = new Screen(claude);
            JavaApi.ask(config, account, QUESTION, new PrintStream(screen, true, StandardCharsets.UTF_8));
            assertThat(screen.openAtFirstWord).isEqualTo(1);
            assertThat(screen.text())
                    .contains("event: message_start", "event: message_stop")
                    .containsPattern("COMPLETED, \\$0\\.\\d*[1-9]");
        }
    }
}
