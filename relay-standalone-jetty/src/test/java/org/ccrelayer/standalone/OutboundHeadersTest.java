package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RawUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves for an upstream: the client's own header fields and query, and nothing that it must not or did not send. */
class OutboundHeadersTest {
    private static final byte[] BODY = StandaloneRelay.message();

    private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    private RawUpstream upstream;
    private StandaloneRelay relay;

    @BeforeEach
    void start() throws Exception {
        upstream = RawUpstream.answering((head, out) -> {
            heads.add(head);
            out.write(RawUpstream.bytes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n"
                    + "connection: close\r\n\r\n{}"));
        });
        relay = StandaloneRelay.start();
        relay.account(upstream.uri());
    }

    @AfterEach
    void stop() throws Exception {
        relay.close();
        upstream.close();
    }

    private void send(String target, String... headers) throws Exception {
        send(relay, target, headers);
    }

    private static void send(StandaloneRelay relay, String target, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("x-api-key: " + relay.key());
        all.add("content-length: " + BODY.length);
        try (RawClient client = relay.client()) {
            RawClient.Answer answer = client.head("POST " + target, all.toArray(String[]::new))
                    .send(BODY)
                    .readAnswer();
            assertThat(answer.head().status()).as(answer.text()).isEqualTo(200);
        }
    }

    /** The lines of the head that arrived, the request line first, names in lower case. */
    private List<String> received() throws InterruptedException {
        String head = heads.poll(20, TimeUnit.SECONDS);
        assertThat(head).as("a request at the upstream").isNotNull();
        return Arrays.stream(head.strip().split("\r\n"))
                .map(line -> line.contains(": ")
                        ? line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT)
                                + line.substring(line.indexOf(':'))
                        : line)
                .toList();
    }

    /** What every request has, and nothing else. */
    private List<String> expected(String... more) {
        List<String> lines = new ArrayList<>(List.of(
                "POST /v1/messages HTTP/1.1",
                "host: 127.0.0.1:" + upstream.uri().getPort(),
                "accept-encoding: identity",
                "x-api-key: " + StandaloneRelay.ACCOUNT_KEY + 1,
                "content-length: " + BODY.length));
        lines.addAll(List.of(more));
        return lines;
    }

    @Test
    void nothing_is_invented_but_via() throws Exception {
        send("/v1/messages");
        assertThat(received()).containsExactlyInAnyOrderElementsOf(expected("via: 1.1 relay"));
    }

    @Test
    void nothing_at_all_is_invented_where_via_is_off() throws Exception {
        try (StandaloneRelay silent = StandaloneRelay.start(Map.of(ConfigKey.VIA, "false"))) {
            silent.account(upstream.uri());
            send(silent, "/v1/messages");
            assertThat(received()).containsExactlyInAnyOrderElementsOf(expected());
        }
    }

    @Test
    void open_header_fields_pass_with_their_values_and_repetitions() throws Exception {
        String[] open = {
            "user-agent: claude-cli/2.1.330 (external, sdk-cli)",
            "accept: application/json",
            "content-type: application/json; charset=utf-8",
            "anthropic-version: 2026-10-21",
            "anthropic-beta: first-2026-01-01,second",
            "anthropic-beta: third;q=\"a, b\"",
            "anthropic-dangerous-direct-browser-access: true",
            "anthropic-not-yet-known: Some  Value = 1; x",
            "x-claude-code-session-id: 7f0c7c0e-0000-4000-8000-000000000000",
            "x-stainless-retry-count: 0",
            "x-stainless-timeout: 600",
            "x-app: cli",
            "x-many: 1",
            "x-many: 2",
            "x-many: 1",
            "accept-language: *",
            "idempotency-key: k-1",
            "via: 1.0 edge",
            "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        };
        send("/v1/messages", open);
        List<String> received = received();
        List<String> all = expected(open);
        all.add("via: 1.1 relay");
        assertThat(received).containsExactlyInAnyOrderElementsOf(all);
        assertThat(received.stream().filter(line -> line.startsWith("x-many")))
                .containsExactly("x-many: 1", "x-many: 2", "x-many: 1");
        assertThat(received.stream().filter(line -> line.startsWith("via")))
                .containsExactly("via: 1.0 edge", "via: 1.1 relay");
    }

    @Test
    void what_belongs_to_the_connection_the_relay_or_somebody_else_is_dropped() throws Exception {
        send(
                "/v1/messages",
                "connection: Upgrade, HTTP2-Settings, X-Named-One",
                "connection: x-named-two",
                "x-named-one: 1",
                "X-Named-Two: 2",
                "keep-alive: timeout=5",
                "te: trailers",
                "trailer: x-checksum",
                "proxy-authorization: Basic c2VjcmV0",
                "proxy-connection: keep-alive",
                "upgrade: h2c",
                "http2-settings: AAMAAABkAARAAAAAAAIAAAAA",
                "authorization: Bearer oauth-left-over",
                "x-goog-api-key: left-over",
                "api-key: left-over",
                "cookie: session=1",
                "accept-encoding: gzip, deflate, br, zstd",
                "forwarded: for=192.0.2.1",
                "x-forwarded-for: 192.0.2.1",
                "x-forwarded-proto: https",
                "x-forwarded-anything: x",
                "x-real-ip: 192.0.2.1",
                "x-kept: yes");
        assertThat(received()).containsExactlyInAnyOrderElementsOf(expected("via: 1.1 relay", "x-kept: yes"));
    }

    @Test
    void the_http2_offer_of_a_java_client_stays_on_its_connection() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(relay.server().uri() + "/v1/messages"))
                        .header("x-api-key", relay.key())
                        .header("anthropic-version", "2023-06-01")
                        .expectContinue(true)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(BODY))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        List<String> received = received();
        String agent = received.stream()
                .filter(line -> line.startsWith("user-agent: Java-http-client/"))
                .findFirst()
                .orElseThrow();
        assertThat(received)
                .containsExactlyInAnyOrderElementsOf(
                        expected("via: 1.1 relay", "anthropic-version: 2023-06-01", agent));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?",
                "?beta=true",
                "?beta=true&beta=false&&=&x",
                "?a=b=c&d=%20+%C3%A4&e=%2F%2f",
                "?q=[1]|{2}^`\\\"<>",
                "?broken=%&worse=%zz&end=%4",
                "?path=/../..//;v=1?more?"
            })
    void the_query_arrives_as_it_was_sent(String query) throws Exception {
        send("/v1/messages" + query);
        assertThat(received().get(0)).isEqualTo("POST /v1/messages" + query + " HTTP/1.1");
    }

    @Test
    void what_is_not_ascii_in_the_query_is_encoded_and_not_lost() throws Exception {
        send("/v1/messages?q=\u00e4\u4f60");
        assertThat(received().get(0)).isEqualTo("POST /v1/messages?q=%C3%A4%E4%BD%A0 HTTP/1.1");
    }

    @Test
    void the_path_of_an_account_s_base_url_comes_before_the_client_s() throws Exception {
        try (StandaloneRelay other = StandaloneRelay.start()) {
            other.account(URI.create(upstream.uri() + "/some/prefix/"));
            send(other, "/v1/messages?beta=true");
            assertThat(received().get(0)).isEqualTo("POST /some/prefix/v1/messages?beta=true HTTP/1.1");
        }
    }
}
