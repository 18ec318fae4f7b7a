package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as an operator starts it. */
class RelayJarIT {
    private static final Pattern KEY = Pattern.compile("\"key\":\"(cr_[0-9a-f]{64})\"");
    private static final String UPSTREAM_KEY = Canary.UPSTREAM_KEY.text();
    private static final byte[] STREAMING =
            ("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
                            + Canary.PROMPT.text() + "\"}]}")
                    .getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private RelayProcess start() throws IOException {
        return RelayProcess.start(folder, RelayProcess.goodEnvironment(folder.resolve("data")));
    }

    private static String setUp(RelayProcess relay, SimulatedClaude upstream) throws Exception {
        String token = relay.login();
        assertThat(relay.call(
                                "POST",
                                "/admin/accounts",
                                token,
                                "{\"name\":\"one\",\"kind\":\"api-key\",\"baseUrl\":\"" + upstream.uri()
                                        + "\",\"apiKey\":\"" + UPSTREAM_KEY + "\"}")
                        .statusCode())
                .isEqualTo(201);
        Matcher key = KEY.matcher(
                relay.call("POST", "/admin/keys", token, "{\"name\":\"me\"}").body());
        assertThat(key.find()).isTrue();
        return key.group(1);
    }

    private static String stream(RelayProcess relay, String key) throws IOException {
        try (RawClient client = new RawClient(relay.port())) {
            return client.post("/v1/messages", key, STREAMING).readAnswer().text();
        }
    }

    @Test
    void it_serves_and_keeps_what_it_was_told_over_a_kill() throws Exception {
        try (SimulatedClaude upstream = SimulatedClaude.start()) {
            String key;
            try (RelayProcess relay = start()) {
                key = setUp(relay, upstream);
                assertThat(stream(relay, key)).contains("message_stop");
                relay.process().destroyForcibly().waitFor();
            }
            try (RelayProcess relay = start()) {
                assertThat(stream(relay, key)).contains("message_stop");
                assertThat(relay.call("GET", "/admin/status", relay.login(), "").body())
                        .contains("\"accounts\":{\"total\":1");
                assertThat(relay.output()).doesNotContain(key).doesNotContain(UPSTREAM_KEY);
            }
            assertNowhereOnDisk(UPSTREAM_KEY);
            assertNowhereOnDisk(key);
        }
    }

    private void assertNowhereOnDisk(String secret) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).isNotEmpty().noneMatch(file -> {
                try {
                    return Files.readString(file, StandardCharsets.ISO_8859_1).contains(secret);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Test
    void it_sees_a_running_stream_out_when_it_is_told_to_stop() throws Exception {
        try (SimulatedClaude upstream = SimulatedClaude.start();
                RelayProcess relay = start()) {
            String key = setUp(relay, upstream);
            upstream.enqueue(Script.answer().events(20).trickle(Duration.ofMillis(50)));
            try (RawClient client = new RawClient(relay.port())) {
                RawClient.Head head =
                        client.post("/v1/messages", key, STREAMING).readHead();
                relay.process().destroy();
                assertThat(new String(client.readBody(head), StandardCharsets.UTF_8))
                        .contains("message_stop");
            }
            // 128 + SIGTERM, as the JVM reports a stop by signal.
            assertThat(relay.exitStatus()).isEqualTo(143);
        }
    }

    @Test
    void it_refuses_to_start_and_lists_every_problem() throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("ENCRYPTION_KEY", "too-short");
        environment.put("ADMIN_PASSWORD", "password");
        environment.put("REDIS_DB", "1");
        environment.put("PORT", "eighty");
        environment.put("RELAY_LOG_LEVLE", "info");
        try (RelayProcess relay = RelayProcess.start(folder, environment)) {
            assertThat(relay.exitStatus()).isEqualTo(2);
            assertThat(relay.output())
                    .contains("ENCRYPTION_KEY): must have 32 characters")
                    .contains("JWT_SECRET): is required")
                    .contains("ADMIN_PASSWORD): is a sample")
                    .contains("REDIS_DB): is of no use without redis-addr")
                    .contains("PORT): must be a whole number")
                    .contains("RELAY_LOG_LEVLE: there is no such setting; did you mean log-level?")
                    .doesNotContain("too-short");
        }
    }

    @Test
    void it_reads_secrets_from_files() throws Exception {
        Map<String, String> environment = new HashMap<>(RelayProcess.goodEnvironment(folder.resolve("data")));
        Path secret = Files.writeString(folder.resolve("secret"), environment.remove("ENCRYPTION_KEY") + "\n");
        environment.put("ENCRYPTION_KEY_FILE", secret.toString());
        try (RelayProcess relay = RelayProcess.start(folder, environment)) {
            assertThat(relay.call("GET", "/health", "", "").body()).isEqualTo("{\"status\":\"ok\"}");
        }
    }

    @Test
    void a_new_encryption_key_leaves_accounts_and_relay_keys_as_they_were() throws Exception {
        Map<String, String> environment = new HashMap<>(RelayProcess.goodEnvironment(folder.resolve("data")));
        try (SimulatedClaude upstream = SimulatedClaude.start()) {
            String key;
            try (RelayProcess relay = start()) {
                key = setUp(relay, upstream);
                relay.process().destroy();
                assertThat(relay.exitStatus()).isEqualTo(143);
            }
            String old = environment.put("ENCRYPTION_KEY", "another-encryption-key-0123456789abcdef");
            environment.put("OLD_ENCRYPTION_KEY", old);
            environment.put("API_KEY_PEPPER", old);
            try (RelayProcess rotation = RelayProcess.command(folder, environment, "rotate-encryption-key")) {
                assertThat(rotation.exitStatus()).as(rotation.output()).isZero();
                assertThat(rotation.output()).contains("sealed with the new key: 1");
            }
            environment.remove("OLD_ENCRYPTION_KEY");
            try (RelayProcess relay = RelayProcess.start(folder, environment)) {
                assertThat(stream(relay, key)).contains("message_stop");
            }
        }
    }

    @Test
    void a_second_relay_on_the_same_data_says_what_is_wrong() throws Exception {
        try (RelayProcess first = start()) {
            first.port();
            try (RelayProcess second = start()) {
                assertThat(second.exitStatus()).isEqualTo(1);
                assertThat(second.output()).contains("in use").contains("relay.mv");
            }
        }
    }

    @Test
    void its_debug_log_leaves_libraries_at_info() throws Exception {
        try (SimulatedClaude upstream = SimulatedClaude.start();
                RelayProcess relay = start()) {
            String key = setUp(relay, upstream);
            stream(relay, key);
            upstream.enqueue(Script.refuse());
            upstream.enqueue(Script.answer().cutAfterEvent(1));
            upstream.enqueue(Script.raw(
                    500,
                    "application/json",
                    ("{\"error\":{\"type\":\"api_error\",\"message\":\"" + UPSTREAM_KEY + "\"}}")
                            .getBytes(StandardCharsets.UTF_8)));
            for (int i = 0; i < 3; i++) {
                stream(relay, key);
            }
            assertThat(relay.output())
                    .contains("DEBUG")
                    .doesNotContainPattern("DEBUG \\[[^\\]]*\\] (?!o(rg)?\\.?c)")
                    .doesNotContain(key)
                    .doesNotContain(UPSTREAM_KEY);
        }
    }

    @Test
    void every_library_in_it_is_named_in_the_notices() throws Exception {
        String notices = Files.readString(Path.of("..", "THIRD-PARTY-NOTICES.md"));
        try (JarFile jar = new JarFile(RelayProcess.JAR.toFile())) {
            assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
            assertThat(jar.getEntry("META-INF/THIRD-PARTY-NOTICES.md")).isNotNull();
            List<String> libraries = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("META-INF/maven/") && name.endsWith("/pom.properties"))
                    .map(name -> name.split("/")[2] + ":" + name.split("/")[3])
                    .filter(name -> !name.startsWith("org.ccrelayer:"))
                    .toList();
            assertThat(libraries)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(name -> assertThat(notices).contains("`" + name + "`"));
        }
    }
}
