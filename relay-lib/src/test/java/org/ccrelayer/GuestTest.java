package org.ccrelayer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.simulated.SimulatedClaude;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left in a JVM, and in its output, after a relay was there. */
class GuestTest {
    @TempDir
    private Path directory;

    @Test
    void a_relay_leaves_a_jvm_as_it_found_it() throws Exception {
        assertThat(afterAVisit()).containsExactly("DONE");
    }

    @Test
    void traces_would_be_seen() throws Exception {
        assertThat(afterAVisit("rude"))
                .anyMatch(line -> line.startsWith("providers: "))
                .anyMatch(line -> line.startsWith("locale: "))
                .contains("property rude: null became yes", "stays: rude thread", "DONE");
    }

    private List<String> afterAVisit(String... more) throws IOException, InterruptedException {
        try (SimulatedClaude upstream = SimulatedClaude.start()) {
            Process process = guest(upstream.uri().toString(), more);
            try {
                List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("it ends").isTrue();
                return lines;
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private Process guest(String upstream, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Guest.class.getName(),
                upstream,
                directory.toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
