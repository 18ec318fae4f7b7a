package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is served below the prefixes that clients of the predecessor have in their base URLs, and what is not. */
class PathAliasesTest {
    @ParameterizedTest
    @CsvSource({
        "POST, /api/v1/messages, 200",
        "POST, /claude/v1/messages, 200",
        "POST, /api/claude/v1/messages, 200",
        "POST, /v1/messages, 200",
        "POST, /api/event_logging/batch, 200",
        "POST, /api/api/event_logging/batch, 200",
        "GET, /claude/health, 200",
        "HEAD, /api, 200",
        "HEAD, /api/, 200",
        "POST, /api/api/v1/messages, 404",
        "POST, /claude/api/v1/messages, 404",
        "POST, /API/v1/messages, 404",
        "POST, /%61pi/v1/messages, 404",
        "POST, /api//v1/messages, 400",
        "POST, /api/admin/login, 404",
        "GET, /claude/admin/status, 404",
        "GET, /admin/status, 401",
    })
    void the_relays_paths_are_and_the_administrations_are_not(String method, String target, int status)
            throws Exception {
        Map<ConfigKey, String> settings = Map.of(ConfigKey.PATH_ALIASES, "/api,/claude,/api/claude");
        try (SimulatedClaude upstream = SimulatedClaude.start();
                StandaloneRelay relay = StandaloneRelay.start(settings);
                RawClient client = relay.client()) {
            relay.account(upstream.uri());
            if (method.equals("POST")) {
                client.post(target, relay.key(), StandaloneRelay.message());
            } else {
                client.head(method + " " + target);
            }
            assertThat(client.readHead().status()).isEqualTo(status);
        }
    }
}
