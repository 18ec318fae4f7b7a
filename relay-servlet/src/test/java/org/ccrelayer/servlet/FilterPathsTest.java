package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import java.util.EnumSet;
import java.util.Map;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who answers which spelling of a path: the relay, the host behind its filter, or the container before both. */
class FilterPathsTest {
    private final RelayFixture fixture = RelayFixture.over(Map.of(ConfigKey.MAX_RETRY_ACCOUNTS, "0"));

    @AfterEach
    void close() {
        fixture.close();
    }

    private TestContainer container(String contextPath, Map<String, String> parameters) throws Exception {
        return TestContainer.start(contextPath, context -> {
            context.addServlet("host", new HostServlet()).addMapping("/");
            var admin = context.addServlet("admin", new RelayAdminServlet(fixture.relay()));
            admin.setAsyncSupported(true);
            admin.addMapping("/admin/*");
            var filter = context.addFilter("relay", new RelayFilter(fixture.relay()));
            filter.setInitParameters(parameters);
            filter.setAsyncSupported(true);
            filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, "/*");
        });
    }

    /** Who answers, and with which status where it is the relay. */
    private static String asked(TestContainer container, String method, String target) throws Exception {
        try (RawClient client = new RawClient(container.port())) {
            boolean body = method.equals("POST");
            client.head(method + " " + target, body ? "content-length: 2" : "x-none: 1");
            if (body) {
                client.send(new byte[] {'{', '}'});
            }
            RawClient.Head head = client.readHead();
            String text = method.equals("HEAD") ? "" : new String(client.readBody(head));
            if (head.has("x-host")) {
                return "host";
            }
            if (text.contains("\"request_id\":\"relay_")) {
                assertThat(text).startsWith("{\"type\":\"error\"");
                return "relay " + head.status();
            }
            boolean plain = text.isEmpty() || text.startsWith("{\"status\"") || text.startsWith("{\"success\"");
            return head.status() == 200 && plain ? "relay 200" : "container " + head.status();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/messages, relay 401",
        "POST, /v1/messages?beta=true, relay 401",
        "GET, /v1/messages, relay 404",
        "GET, /v1/, relay 404",
        "GET, /v1/models, relay 404",
        "GET, /v1, host",
        "GET, /v1x/messages, host",
        "GET, /V1/messages, host",
        "POST, /api/event_logging/batch, relay 200",
        "POST, /api/event_logging/batch/x, host",
        "POST, /api/event_logging, host",
        "GET, /, host",
        "HEAD, /, host",
        "GET, /health, host",
        "HEAD, /api/hello, host",
        "GET, /anything, host",
        "GET, /admin/status, relay 401",
    })
    void without_a_prefix_the_filter_takes_the_api_and_nothing_else(String method, String target, String who)
            throws Exception {
        try (TestContainer container = container("", Map.of())) {
            assertThat(asked(container, method, target)).isEqualTo(who);
        }
    }

    /**
     * Where containers disagree about a spelling, all that may happen is named. Where they lead a path to the administration's
     * servlet, that does not know it either, and tells it to nobody who is not logged in; a login would be a 400.
     */
    @ParameterizedTest
    @CsvSource({
        "//v1/messages, host|container 400",
        "/v1;x/messages, host",
        "/;x/v1/messages, host|container 400",
        "/%761/messages, host",
        "/v1%2fmessages, host|container 400",
        "/v1/messages/, relay 404",
        "/v1/messages;x, relay 404",
        "/v1//messages, relay 404|container 400",
        "/v1/%6dessages, relay 404",
        "/v1/messages%2f, relay 404|container 400",
        "/v1/messages%00, container 400",
        "/v1/../host, host|container 400",
        "/v1/./messages, host|container 400",
        "/./v1/messages, host|container 400",
        "/x/../v1/messages, host|container 400",
        "/v1/x/../messages, host|container 400",
        "/v1/%2e%2e/host, host|container 400",
        "/v1/..;x/host, host|container 400",
        "/v1/%2E/messages, host|container 400",
        "/v1/../health, host|container 400",
        "/v1/..%2fhost, relay 404|container 400",
        "/v1/../admin/login, relay 401|container 400",
        "/v1/%2e%2e/admin/login, relay 401|container 400",
        "/admin/../v1/messages, host|container 400",
    })
    void other_spellings_are_compared_as_they_came(String target, String who) throws Exception {
        try (TestContainer container = container("", Map.of("health", "true", "probes", "true"))) {
            assertThat(who.split("\\|")).contains(asked(container, "POST", target));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, /, relay 200",
        "GET, /, host",
        "HEAD, /api/hello, relay 200",
        "GET, /api/hello, host",
        "POST, /api/hello, host",
        "GET, /health, relay 200",
        "HEAD, /health, relay 200",
        "POST, /health, host",
        "GET, /health/, host",
        "GET, /healthy, host",
    })
    void health_and_probes_are_taken_where_they_are_wanted(String method, String target, String who) throws Exception {
        try (TestContainer container = container("", Map.of("health", "true", "probes", "true"))) {
            assertThat(asked(container, method, target)).isEqualTo(who);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /shop/claude/v1/messages, relay 401",
        "GET, /shop/claude/health, relay 200",
        "HEAD, /shop/claude/api/hello, relay 200",
        "HEAD, /shop/claude/, relay 200",
        "GET, /shop/claude/admin/status, relay 404",
        "GET, /shop/claude/anything, relay 404",
        "GET, /shop/claude//health, relay 404|container 400",
        "GET, /shop/claude, host",
        "GET, /shop/claudette/health, host",
        "GET, /shop/claude;x/health, host",
        "GET, /shop/%63laude/health, host",
        "GET, /shop/claude/../host, host|container 400",
        "POST, /shop/v1/messages, host",
        "GET, /shop/health, host",
        "POST, /v1/messages, container 404",
        "GET, /claude/health, container 404",
    })
    void below_a_prefix_and_a_context_path_everything_is_the_relays(String method, String target, String who)
            throws Exception {
        try (TestContainer container = container("/shop", Map.of("prefix", "/claude"))) {
            assertThat(who.split("\\|")).contains(asked(container, method, target));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/v1/messages, relay 401",
        "POST, /claude/v1/messages, relay 401",
        "POST, /v1/messages, relay 401",
        "GET, /api/v1/models, relay 404",
        "POST, /api/event_logging/batch, relay 200",
        "POST, /api/api/event_logging/batch, relay 200",
        "POST, /api/claude/v1/messages, host",
        "GET, /api/health, relay 200",
        "HEAD, /claude/, relay 200",
        "HEAD, /claude, relay 200",
        "GET, /claude, host",
        "GET, /api/orders, host",
        "GET, /api/v1, host",
        "GET, /apis/v1/models, host",
        "GET, /API/v1/models, host",
        "GET, /%61pi/v1/models, host",
        "GET, /api;x/v1/models, host",
        "GET, /api//v1/models, host|container 400",
        "GET, /api/../v1/models, host|container 400",
        "GET, /api/admin/status, host",
    })
    void below_an_alias_the_filter_takes_what_it_takes_at_the_root(String method, String target, String who)
            throws Exception {
        RelayFixture aliased = RelayFixture.over(Map.of(ConfigKey.PATH_ALIASES, "/api,/claude"));
        try (aliased;
                TestContainer container = TestContainer.start("", context -> {
                    context.addServlet("host", new HostServlet()).addMapping("/");
                    var filter = context.addFilter("relay", new RelayFilter(aliased.relay()));
                    filter.setInitParameters(Map.of("health", "true", "probes", "true"));
                    filter.setAsyncSupported(true);
                    filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
                })) {
            assertThat(who.split("\\|")).contains(asked(container, method, target));
        }
    }

    private void initialise(Map<String, String> parameters) throws Exception {
        StartingWebapp.in(
                Map.of(),
                context -> new RelayFilter(fixture.relay()).init(new StartingWebapp.Registered(context, parameters)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claude",
                "/",
                "/claude/",
                "//claude",
                "/a//b",
                "/a;b",
                "/a%20b",
                "/*",
                "/claude/*",
                "/a?b",
                "/a#b",
                "/a b",
                "/../a",
                "/a/..",
                "/./a",
                "/ä",
                "/a\\b"
            })
    void a_prefix_that_can_never_match_is_refused(String prefix) {
        assertThatThrownBy(() -> initialise(Map.of("prefix", prefix)))
                .hasRootCauseInstanceOf(ServletException.class)
                .hasMessageContaining("\n  prefix: must be a path such as /claude");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/claude", "/ai/claude", "/a-b_c.d~1", "/a..b", "/...", "/a@b:c"})
    void a_prefix_may_have_several_segments(String prefix) throws Exception {
        initialise(Map.of("prefix", prefix));
    }

    @Test
    void all_that_is_wrong_with_the_parameters_is_told_at_once() {
        assertThatThrownBy(() -> initialise(Map.of("health", "yes", "probes", "TRUE", "prefix", "x", "helth", "true")))
                .hasMessageStartingWith("the filter tested cannot start")
                .hasMessageContaining("\n  health: must be true or false")
                .hasMessageContaining("\n  probes: must be true or false")
                .hasMessageContaining("\n  prefix: must be")
                .hasMessageContaining("\n  helth: there is no such setting; did you mean health?");
    }

    @Test
    void settings_beside_a_relay_that_is_there_are_refused() {
        assertThatThrownBy(() -> initialise(Map.of("request-timeout", "1000")))
                .hasMessageContaining("request-timeout: has no effect, since the program gives the relay; remove it");
    }

    @Test
    void an_empty_parameter_counts_as_not_set() throws Exception {
        initialise(Map.of("prefix", "", "health", " ", "request-timeout", ""));
    }
}
