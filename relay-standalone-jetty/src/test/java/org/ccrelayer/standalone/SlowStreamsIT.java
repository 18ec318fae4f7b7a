package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.attach.VirtualMachine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many slow streams through the packaged relay with a small heap. How many and for how long is set by the system properties
 * {@code slow-streams.count} and {@code slow-streams.seconds}.
 */
class SlowStreamsIT {
    private static final int COUNT = Integer.getInteger("slow-streams.count", 200);
    private static final int SECONDS = Integer.getInteger("slow-streams.seconds", 10);
    private static final int EVENTS_PER_SECOND = 2;
    private static final Pattern KEY = Pattern.compile("\"key\":\"(cr_[0-9a-f]{64})\"");

    @TempDir
    private Path folder;

    @Test
    void all_complete_intact_with_few_threads_and_little_memory() throws Exception {
        byte[] transcript = transcript(SECONDS * EVENTS_PER_SECOND);
        try (SimulatedClaude upstream =
                        SimulatedClaude.start(SimulatedClaude.Options.defaults().withoutRecording());
                RelayProcess relay =
                        RelayProcess.start(folder, RelayProcess.goodEnvironment(folder.resolve("data")), "-Xmx256m")) {
            upstream.always(Script.raw(200, "text/event-stream", transcript)
                    .trickle(Duration.ofMillis(1_000 / EVENTS_PER_SECOND)));
            byte[] request = request(key(relay, upstream));
            Peak peak = new Peak(relay.process());
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS + 120L);
            List<String> digests = new ManyStreams(relay.port(), request).readAll(COUNT, () -> {
                peak.look();
                return deadline - System.nanoTime();
            });

            String expected = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(transcript));
            assertThat(digests).hasSize(COUNT).containsOnly(expected);
            System.out.printf(
                    "%d streams for %d s: %d threads, %d KiB resident, %d KiB of direct buffers at the most%n",
                    COUNT, SECONDS, peak.threads, peak.residentKib, peak.directKib);
            assertThat(peak.threads).isBetween(1, 119);
            assertThat(peak.directKib).as("KiB of direct buffers").isLessThan(128 * 1024);
            assertThat(relay.output()).doesNotContain("OutOfMemoryError");
            assertThat(relay.output().lines().filter(line -> line.contains("outcome=COMPLETED")))
                    .hasSize(COUNT);
            peak.close();
        }
    }

    private static String key(RelayProcess relay, SimulatedClaude upstream) throws Exception {
        String token = relay.login();
        relay.call(
                "POST",
                "/admin/accounts",
                token,
                "{\"name\":\"one\",\"kind\":\"api-key\",\"baseUrl\":\"" + upstream.uri() + "\",\"apiKey\":\""
                        + Canary.UPSTREAM_KEY.text() + "\"}");
        Matcher key = KEY.matcher(
                relay.call("POST", "/admin/keys", token, "{\"name\":\"me\"}").body());
        assertThat(key.find()).isTrue();
        return key.group(1);
    }

    private static byte[] request(String key) {
        String body = "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9,\"messages\":[],\"stream\":true}";
        return ("POST /v1/messages HTTP/1.1\r\nHost: relay.test\r\nx-api-key: " + key
                        + "\r\nanthropic-version: 2023-06-01\r\ncontent-type: application/json\r\ncontent-length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] transcript(int deltas) {
        StringBuilder text = new StringBuilder("event: message_start\ndata: {\"type\":\"message_start\",\"message\":"
                + "{\"id\":\"msg_slow\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-5-5\","
                + "\"content\":[],\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\n");
        for (int i = 0; i < deltas; i++) {
            text.append("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                    + "{\"type\":\"text_delta\",\"text\":\"Wort ü 你 " + i + "\"}}\n\n");
        }
        return text.append("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
                        + "\"end_turn\"},\"usage\":{\"output_tokens\":" + deltas + "}}\n\n"
                        + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The most that a process was seen to use. */
    private static final class Peak {
        private final Process process;
        private final JMXConnector connector;
        private final MBeanServerConnection beans;
        private int threads;
        private long residentKib;
        private long directKib;
        private long nextLook;

        Peak(Process process) throws Exception {
            this.process = process;
            VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
            try {
                connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
            } finally {
                machine.detach();
            }
            beans = connector.getMBeanServerConnection();
        }

        void look() {
            if (System.nanoTime() < nextLook) {
                return;
            }
            nextLook = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            try {
                threads = Math.max(
                        threads, (int) beans.getAttribute(new ObjectName("java.lang:type=Threading"), "ThreadCount"));
                long direct =
                        (long) beans.getAttribute(new ObjectName("java.nio:type=BufferPool,name=direct"), "MemoryUsed");
                directKib = Math.max(directKib, direct / 1024);
                residentKib = Math.max(residentKib, resident());
            } catch (Exception e) {
                throw new IllegalStateException("the relay cannot be looked at", e);
            }
        }

        private long resident() throws java.io.IOException {
            Path status = Path.of("/proc", Long.toString(process.pid()), "status");
            if (!Files.isReadable(status)) {
                return 0;
            }
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        }

        void close() throws java.io.IOException {
            connector.close();
        }
    }
}
