package org.ccrelayer.internal.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.AuthHeader;
import org.ccrelayer.account.Secret;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ReplayableBody;
import org.ccrelayer.internal.credential.Credential;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutboundPolicyTest {
    private static final Account ACCOUNT = new Account(
            "account-1",
            "name",
            new ApiKeyCredential(Secret.of("sk-ant-secret")),
            URI.create("https://upstream.test/base"),
            50,
            true,
            Set.of(),
            Instant.EPOCH);
    private static final Credential CREDENTIAL = Credential.of(Secret.of("sk-ant-secret"), AuthHeader.X_API_KEY);
    private static final ReplayableBody BODY = new ReplayableBody() {
        @Override
        public long length() {
            return 0;
        }

        @Override
        public Content.Source open() {
            return Content.Source.from();
        }
    };
    private static final List<String> PASSING = List.of(
            "accept",
            "anthropic-beta",
            "Anthropic-Version",
            "user-agent",
            "content-type",
            "content-encoding",
            "x-app",
            "x-authorization",
            "x-api-key-id",
            "cookies",
            "hostname",
            "origin",
            "referer",
            "priority",
            "x-forwarded");
    private static final List<String> DROPPED = List.of(
            "Authorization",
            "X-API-Key",
            "api-key",
            "x-goog-api-key",
            "Cookie",
            "cookie2",
            "Host",
            "Content-Length",
            "Expect",
            "Accept-Encoding",
            "Forwarded",
            "X-Forwarded-For",
            "x-forwarded-whatever",
            "X-Real-IP",
            "true-client-ip",
            "cf-connecting-ip",
            "Connection",
            "Keep-Alive",
            "Proxy-Authorization",
            "TE",
            "Trailer",
            "Transfer-Encoding",
            "Upgrade",
            "HTTP2-Settings",
            "proxy-connection");

    /** A request with those header fields and that query. */
    private record Sent(HttpFields headers, @Nullable String query) implements ClientRequest {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return "/v1/messages";
        }

        @Override
        public Content.Source body() {
            return Content.Source.from();
        }

        @Override
        public String remoteAddress() {
            return "192.0.2.1";
        }

        @Override
        public String baseUri() {
            return "http://relay.test";
        }

        @Override
        public void onGone(Consumer<Throwable> listener) {}
    }

    private static UpstreamRequest leaving(boolean via, HttpFields headers, @Nullable String query) {
        return new OutboundPolicy(via).clientToUpstream(new Sent(headers, query), BODY, ACCOUNT, CREDENTIAL);
    }

    private static List<String> lines(HttpFields headers) {
        return headers.stream()
                .map(field -> field.getName() + ": " + field.getValue())
                .toList();
    }

    @Test
    void whatever_is_sent_the_open_fields_pass_in_order_and_nothing_else_does() {
        Random random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            HttpFields.Mutable sent = HttpFields.build();
            List<String> expected = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                boolean passes = random.nextBoolean();
                List<String> names = passes ? PASSING : DROPPED;
                String name = names.get(random.nextInt(names.size()));
                String spelled = random.nextBoolean() ? name : name.toUpperCase(Locale.ROOT);
                String value = spelled.equalsIgnoreCase("connection") ? "close" : "v" + random.nextInt(100);
                sent.add(new HttpField(spelled, value));
                if (passes) {
                    expected.add(spelled + ": " + value);
                }
            }
            HttpFields before = HttpFields.build(sent).asImmutable();
            expected.add("Accept-Encoding: identity");
            expected.add("x-api-key: sk-ant-secret");
            assertThat(lines(leaving(false, sent, null).headers())).containsExactlyElementsOf(expected);
            assertThat(lines(sent)).isEqualTo(lines(before));
        }
    }

    @Test
    void fields_that_connection_names_stay_whatever_they_are() {
        HttpFields sent = HttpFields.build()
                .add("Connection", "close ,X-One,, x-TWO")
                .add("connection", "anthropic-third")
                .add("X-One", "1")
                .add("x-two", "2")
                .add("Anthropic-Third", "3")
                .add("x-four", "4");
        assertThat(lines(leaving(false, sent, null).headers()))
                .containsExactly("x-four: 4", "Accept-Encoding: identity", "x-api-key: sk-ant-secret");
    }

    @Test
    void via_is_appended_and_can_be_switched_off() {
        HttpFields sent = HttpFields.build().add("Via", "1.0 edge");
        assertThat(leaving(true, sent, null).headers().getValuesList("via")).containsExactly("1.0 edge", "1.1 relay");
        assertThat(leaving(false, sent, null).headers().getValuesList("via")).containsExactly("1.0 edge");
    }

    @Test
    void the_target_is_base_path_path_and_query_as_they_are() {
        assertThat(leaving(true, HttpFields.EMPTY, null).target()).isEqualTo("/base/v1/messages");
        assertThat(leaving(true, HttpFields.EMPTY, "").target()).isEqualTo("/base/v1/messages?");
        assertThat(leaving(true, HttpFields.EMPTY, "a=%zz&?b").target()).isEqualTo("/base/v1/messages?a=%zz&?b");
    }

    @Test
    void a_request_prints_no_header_and_no_query() {
        HttpFields sent = HttpFields.build().add("x-canary", "canary");
        assertThat(leaving(true, sent, "canary").toString()).doesNotContain("canary", "sk-ant");
    }

    @Test
    void an_answer_s_fields_of_the_account_are_dropped_by_any_spelling() {
        HttpFields received = HttpFields.build()
                .add("Request-Id", "req_1")
                .add("Set-Cookie", "a=1")
                .add("ANTHROPIC-ORGANIZATION-ID", "x")
                .add("anthropic-workspace-id", "x")
                .add("Anthropic-RateLimit-Unified-5h-Status", "allowed")
                .add("anthropic-priority-input-tokens-limit", "1")
                .add("anthropic-fast-anything", "1")
                .add("Connection", "x-gone")
                .add("X-Gone", "1")
                .add("Transfer-Encoding", "chunked")
                .add("anthropic-ratelimited", "stays")
                .add("X-Should-Retry", "false")
                .add("x-many", "1")
                .add("x-many", "2");
        assertThat(lines(new OutboundPolicy(true).upstreamToClient(received)))
                .containsExactly(
                        "Request-Id: req_1",
                        "anthropic-ratelimited: stays",
                        "X-Should-Retry: false",
                        "x-many: 1",
                        "x-many: 2");
    }
}
