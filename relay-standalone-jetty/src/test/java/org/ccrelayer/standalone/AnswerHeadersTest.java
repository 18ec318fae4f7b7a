package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RawUpstream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which header fields of an upstream's answer a client sees: all but those of the connection and of the account. */
class AnswerHeadersTest {
    private static final String DROPPED = """
            connection: close, x-named-by-connection
            x-named-by-connection: 1
            keep-alive: timeout=5
            proxy-authenticate: Basic
            trailer: x-checksum
            upgrade: h2c
            set-cookie: __cf_bm=1; path=/
            set-cookie: other=2
            anthropic-organization-id: 11111111-2222-4333-8444-555555555555
            Anthropic-Workspace-Id: wrkspc_0123456789
            anthropic-ratelimit-requests-limit: 4000
            anthropic-ratelimit-unified-status: allowed
            anthropic-priority-input-tokens-limit: 10
            anthropic-fast-output-tokens-remaining: 10
            """.replace("\n", "\r\n");
    private static final List<String> KEPT = List.of(
            "content-type: application/json",
            "date: Mon, 23 Nov 2026 12:00:00 GMT",
            "request-id: req_011CSHoEeqs5C35K2UUqR7Fy",
            "x-should-retry: true",
            "retry-after: 3",
            "anthropic-not-yet-known: yes",
            "cf-ray: 1234-FRA",
            "server: cloudflare",
            "cache-control: no-cache",
            "x-many: 1",
            "x-many: 2",
            "via: 1.1 google",
            "strict-transport-security: max-age=31536000; includeSubDomains; preload");

    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "400 Bad Request", "429 Too Many Requests"})
    void all_fields_pass_but_those_of_the_connection_and_the_account(String status) throws Exception {
        String body = "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"m\"}}";
        try (RawUpstream upstream =
                        RawUpstream.answering((head, out) -> out.write(RawUpstream.bytes("HTTP/1.1 " + status
                                + "\r\n" + DROPPED + String.join("\r\n", KEPT) + "\r\ncontent-length: " + body.length()
                                + "\r\n\r\n" + body)));
                StandaloneRelay relay = StandaloneRelay.start()) {
            relay.account(upstream.uri());
            RawClient.Answer answer = relay.post(StandaloneRelay.message());
            assertThat(answer.text()).isEqualTo(body);
            assertThat(answer.head().headers().stream()
                            .map(field -> field.getKey().toLowerCase(Locale.ROOT) + ": " + field.getValue()))
                    .containsExactlyInAnyOrderElementsOf(with(KEPT, "content-length: " + body.length()));
        }
    }

    private static List<String> with(List<String> lines, String one) {
        return java.util.stream.Stream.concat(lines.stream(), java.util.stream.Stream.of(one))
                .toList();
    }
}
