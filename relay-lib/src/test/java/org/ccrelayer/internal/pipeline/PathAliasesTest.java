package org.ccrelayer.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathAliasesTest {
    private final PathAliases aliases = PathAliases.of("/api, /claude,/api/claude,/api");

    @ParameterizedTest
    @CsvSource({
        "/api/v1/messages, /v1/messages",
        "/claude/health, /health",
        "/api, /",
        "/api/, /",
        "/api/claude/v1/messages, /v1/messages",
        "/api/api/event_logging/batch, /api/event_logging/batch",
        "/api//v1/messages, //v1/messages",
        "/apis/v1/messages, /apis/v1/messages",
        "/API/v1/messages, /API/v1/messages",
        "/ap%69/v1/messages, /ap%69/v1/messages",
        "/v1/messages, /v1/messages",
        "/x/api/v1/messages, /x/api/v1/messages"
    })
    void one_prefix_is_taken_away_the_longest_first_and_literally(String path, String rest) {
        assertThat(aliases.without(path)).isEqualTo(rest);
    }

    @Test
    void an_empty_setting_is_none() {
        assertThat(PathAliases.of("").prefixes()).isEmpty();
        assertThat(PathAliases.of("").without("/api/v1/messages")).isEqualTo("/api/v1/messages");
        assertThat(PathAliases.problem("")).isEmpty();
        assertThat(PathAliases.problem("/api, /claude")).isEmpty();
    }
}
