package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlPatternTest {
    @ParameterizedTest
    @CsvSource({
        "/*, /, true",
        "/*, /v1/messages, true",
        "/v1/*, /v1, true",
        "/v1/*, /v1/messages, true",
        "/v1/*, /v12/messages, false",
        "*.html, /a/b.html, true",
        "*.html, /a/b.htm, false",
        "/v1/messages, /v1/messages, true",
        "/v1/messages, /v1/messages/batches, false",
        "'', /, true",
        "'', /v1, false",
    })
    void patterns_match_as_the_specification_says(String pattern, String path, boolean matches) {
        assertThat(UrlPattern.matches(pattern, path)).isEqualTo(matches);
    }
}
