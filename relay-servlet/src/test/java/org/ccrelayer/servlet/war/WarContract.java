package org.ccrelayer.servlet.war;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the WAR does in every container that it is for, unchanged. */
abstract class WarContract {
    private static final String OK = "{\"status\":\"ok\"}";
    private static final int EVENTS = 20;

    /** What is of use only to relays that share a Redis. */
    private static final Pattern REDIS_CLIENT =
            Pattern.compile(" (io\\.lettuce|io\\.netty|reactor|org\\.reactivestreams)\\.");

    /** 128 + SIGTERM. */
    private static final int TERMINATED = 143;

    @TempDir
    private Path folder;

    private final WarHost container;

    WarContract(WarHost container) {
        this.container = container;
    }

    private Map<String, String> settings(boolean administration) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("data-dir", folder.resolve("data").toString());
        settings.put("encryption-key", RelayFixture.ENCRYPTION_KEY);
        settings.put("allow-private-upstreams", "true");
        if (administration) {
            settings.put("admin-enabled", "true");
            settings.put("jwt-secret", RelayFixture.JWT_SECRET);
            settings.put("admin-password", RelayFixture.ADMIN_PASSWORD);
        }
        return settings;
    }

    /** One relay's life over four starts, each with its settings from another place. */
    @Test
    void it_serves_under_its_context_path_however_it_is_given_its_settings() throws Exception {
        try (SimulatedClaude upstream = SimulatedClaude.start()) {
            String key;
            try (HostedWar war = container.start(folder, Configured.ENVIRONMENT, settings(true))) {
                key = war.calls().setUp(upstream);
                assertServes(war.calls(), key);
                assertSeesARunningStreamOut(war, upstream, key);
                assertNothingWasAmiss(war);
            }
            try (HostedWar war = container.start(folder, Configured.SYSTEM_PROPERTIES, settings(false))) {
                assertServes(war.calls(), key);
                assertAdministrationIsUnknown(war.calls());
                assertNothingWasAmiss(war);
            }
            try (HostedWar war = container.start(folder, Configured.CONTEXT_PARAMETERS, settings(true))) {
                assertServes(war.calls(), key);
                assertThat(war.calls()
                                .call("GET", "/admin/keys", war.calls().login(), "")
                                .text())
                        .contains("\"name\":\"me\"");
                assertNothingWasAmiss(war);
            }
            try (HostedWar war = container.start(folder, Configured.JNDI, settings(false))) {
                assertServes(war.calls(), key);
                assertAdministrationIsUnknown(war.calls());
                assertNothingWasAmiss(war);
            }
        }
        Canaries.assertNoneBelow(folder.resolve("data"));
    }

    private static void assertServes(RelayCalls calls, String key) throws Exception {
        assertThat(calls.get("/health").text()).isEqualTo(OK);
        assertThat(calls.stream(key).text()).contains("event: message_start").contains("event: message_stop");
        assertThat(calls.plain(key).text()).contains("\"stop_reason\":\"end_turn\"");
    }

    private static void assertAdministrationIsUnknown(RelayCalls calls) throws Exception {
        RawClient.Answer answer = calls.call("POST", "/admin/login", "", "{}");
        assertThat(answer.head().status()).isEqualTo(404);
        assertThat(answer.text()).contains("\"type\":\"error\"").contains("\"not_found_error\"");
    }

    private void assertSeesARunningStreamOut(HostedWar war, SimulatedClaude upstream, String key) throws Exception {
        Duration pause = Duration.ofMillis((container.cutsAnswersAfterMillis() + 1_000) / EVENTS);
        upstream.enqueue(Script.answer().events(EVENTS).trickle(pause));
        try (RawClient client = war.calls().streaming(key)) {
            RawClient.Head head = client.readHead();
            war.host().terminate();
            assertThat(new String(client.readBody(head), StandardCharsets.UTF_8))
                    .contains("event: message_stop");
        }
        assertThat(war.host().exitStatus()).isEqualTo(TERMINATED);
    }

    private void assertNothingWasAmiss(HostedWar war) throws Exception {
        war.host().terminate();
        war.host().exitStatus();
        assertThat(container.complaints(war.host().logs()))
                .as(war.host().logs())
                .isEmpty();
        String classes = war.host().loadedClasses();
        assertThat(classes).contains(" org.ccrelayer.Relay ");
        assertThat(classes.lines()).noneMatch(line -> REDIS_CLIENT.matcher(line).find());
    }

    @Test
    void with_settings_that_have_problems_it_does_not_start_and_the_log_has_all_of_them() throws Exception {
        Map<String, String> settings = new HashMap<>(settings(true));
        settings.put("encryption-key", "too-short");
        settings.put("admin-password", "password");
        settings.remove("jwt-secret");
        settings.put("request-timeout", "soon");
        try (HostedWar war = container.start(folder, Configured.CONTEXT_PARAMETERS, settings)) {
            assertThat(war.host().output())
                    .contains("ENCRYPTION_KEY): must have 32 characters")
                    .contains("JWT_SECRET): is required")
                    .contains("ADMIN_PASSWORD): is a sample")
                    .contains("REQUEST_TIMEOUT): must be a whole number")
                    .doesNotContain("too-short");
            try (RawClient client = new RawClient(war.port())) {
                assertThat(client.head("GET /relay/health").readHead().status()).isIn(404, 503);
            }
        }
    }
}
