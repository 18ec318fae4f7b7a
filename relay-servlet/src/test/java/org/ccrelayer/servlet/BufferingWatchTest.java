package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.admin.Degradation;
import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.servlet.container.TestContainer.Terms;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a relay says when its host's filters hold streams back. */
class BufferingWatchTest {
    private static final String GZIP = "accept-encoding: gzip";
    private static final String REMEDY =
            "Keep what does this off the relay's paths, or have it leave text/event-stream alone.";

    private final Logger log = (Logger) LoggerFactory.getLogger("org.ccrelayer");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private SimulatedClaude upstream;
    private RelayFixture fixture;
    private TestContainer container;

    @BeforeEach
    void start() throws Exception {
        upstream = SimulatedClaude.start();
        upstream.always(Script.answer().events(3).trickle(Duration.ofMillis(20)));
        fixture = RelayFixture.over(Map.of(ConfigKey.MAX_RETRY_ACCOUNTS, "0"), upstream);
        logged.start();
        log.addAppender(logged);
    }

    @AfterEach
    void stop() throws Exception {
        log.detachAppender(logged);
        try {
            fixture.close();
        } finally {
            if (container != null) {
                container.close();
            }
            upstream.close();
        }
    }

    private void serve(TestContainer.Setup filters) throws Exception {
        container = TestContainer.start("/app", context -> {
            filters.accept(context);
            var servlet = context.addServlet("claude", new RelayServlet(fixture.relay()));
            servlet.setAsyncSupported(true);
            servlet.addMapping("/a/*", "/b/*");
            var admin = context.addServlet("operations", new RelayAdminServlet(fixture.relay()));
            admin.setAsyncSupported(true);
            admin.addMapping("/admin/*");
        });
    }

    private static void filter(ServletContext context, String name, Filter filter, String... patterns) {
        var registered = context.addFilter(name, filter);
        registered.setAsyncSupported(true);
        registered.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, patterns);
    }

    /** One stream, given up when the relay has ended it, since some filters end in answers that HTTP does not know. */
    private void stream(String folder, String... headers) throws Exception {
        int before = fixture.listener().summaries().size();
        try (RawClient client = new RawClient(container.port())) {
            client.post("/app" + folder + "/v1/messages", fixture.key(), body(true), headers);
            fixture.listener().await(before + 1);
        }
    }

    private static byte[] body(boolean stream) {
        return ("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private List<Degradation> degraded() {
        return fixture.relay().degraded();
    }

    private String onlyProblem() {
        assertThat(degraded()).hasSize(1);
        return degraded().get(0).problem();
    }

    private List<String> warnings() {
        return logged.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private void assertNothingSaid() {
        assertThat(degraded()).isEmpty();
        assertThat(warnings()).isEmpty();
    }

    @Test
    void without_filters_nothing_is_said() throws Exception {
        serve(context -> {});
        stream("/a");
        assertNothingSaid();
    }

    @Test
    void a_harmless_wrapper_is_no_reason_to_say_anything() throws Exception {
        serve(context -> filter(context, "frames", BufferingFilters.of(BufferingFilters.HarmlessResponse::new), "/*"));
        stream("/a", GZIP);
        assertNothingSaid();
    }

    @Test
    void what_the_upstream_compressed_is_nobody_s_fault() throws Exception {
        upstream.always(Script.answer().events(3).trickle(Duration.ofMillis(20)).gzip());
        serve(context -> {});
        try (RawClient client = new RawClient(container.port())) {
            RawClient.Head head = client.post("/app/a/v1/messages", fixture.key(), body(true), GZIP)
                    .readHead();
            assertThat(head.header("content-encoding")).isEqualTo("gzip");
            assertThat(client.readBody(head)).isNotEmpty();
        }
        assertNothingSaid();
    }

    @Test
    void a_gzip_filter_is_found_by_the_encoding_that_it_sets() throws Exception {
        serve(context -> filter(context, "squeeze", BufferingFilters.gzip(), "/*"));
        stream("/a", GZIP);
        assertThat(onlyProblem())
                .startsWith("an event stream was given \"content-encoding: gzip\", which the relay did not set. ")
                .contains(
                        "Around the response, outermost first: " + BufferingFilters.GzipResponse.class.getName() + ".")
                .contains("Filters mapped to this path: squeeze (" + BufferingFilters.class.getName())
                .endsWith(REMEDY);
        assertThat(degraded().get(0).where()).isEqualTo("servlet \"claude\" mapped to /a/* in webapp /app");
    }

    @Test
    void a_filter_that_comes_into_play_later_is_found_then() throws Exception {
        serve(context -> filter(context, "squeeze", BufferingFilters.gzip(), "/*"));
        stream("/a");
        assertNothingSaid();
        stream("/a", GZIP);
        assertThat(onlyProblem()).contains("content-encoding");
    }

    @Test
    void a_caching_filter_is_found_since_nothing_leaves() throws Exception {
        serve(context -> {
            filter(context, "cache", BufferingFilters.of(BufferingFilters.CachedResponse::new), "/a/*");
            filter(context, "frames", BufferingFilters.of(BufferingFilters.HarmlessResponse::new), "/a/v1/messages");
            filter(context, "pages", BufferingFilters.of(BufferingFilters.HarmlessResponse::new), "*.html", "/b/*");
        });
        stream("/a");
        assertThat(onlyProblem())
                .startsWith("an event stream is held back: its response is not committed after the first flush,"
                        + " so that it comes late or is lost. ")
                .contains("outermost first: " + BufferingFilters.HarmlessResponse.class.getName() + ", "
                        + BufferingFilters.CachedResponse.class.getName() + ".")
                .contains("Filters mapped to this path: cache (", ", frames (")
                .doesNotContain("pages");
    }

    @Test
    void an_etag_filter_is_found_by_the_length_that_it_sets() throws Exception {
        serve(context -> filter(context, "tags", BufferingFilters.of(BufferingFilters.TaggedResponse::new), "/*"));
        stream("/a");
        assertThat(onlyProblem())
                .startsWith("an event stream was given \"content-length: ")
                .contains(BufferingFilters.TaggedResponse.class.getName());
    }

    @Test
    void a_response_that_is_no_wrapper_is_named_all_the_same() throws Exception {
        serve(context -> filter(context, "opaque", BufferingFilters.of(BufferingFilters::opaque), "/*"));
        stream("/a");
        assertThat(onlyProblem()).contains("not committed").containsPattern("outermost first: \\S*\\$Proxy\\d+\\.");
    }

    @Test
    void compression_by_the_container_is_found_though_nothing_stands_around_the_response() throws Exception {
        container = TestContainer.start("", Terms.USUAL.withCompression(), context -> {
            var servlet = context.addServlet("claude", new RelayServlet(fixture.relay()));
            servlet.setAsyncSupported(true);
            servlet.addMapping("/*");
        });
        try (RawClient client = new RawClient(container.port())) {
            client.post("/v1/messages", fixture.key(), body(true), GZIP);
            assertThat(client.readHead().header("content-encoding")).isEqualTo("gzip");
            fixture.listener().await(1);
        }
        assertThat(onlyProblem())
                .contains("\"content-encoding: gzip\"")
                .contains("No wrapper stands around the response, so the container itself does it")
                .contains("No other filter is mapped to this path.");
    }

    @Test
    void it_is_said_once_for_each_mapping_though_many_streams_pass() throws Exception {
        serve(context -> filter(context, "squeeze", BufferingFilters.gzip(), "/*"));
        for (int i = 0; i < 10; i++) {
            stream("/a", GZIP);
            stream("/b", GZIP);
        }
        assertThat(degraded().stream().map(Degradation::where))
                .containsExactly(
                        "servlet \"claude\" mapped to /a/* in webapp /app",
                        "servlet \"claude\" mapped to /b/* in webapp /app");
        assertThat(warnings())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("The relay is degraded: servlet \"claude\" mapped to ")
                        .contains("squeeze"));
    }

    @Test
    void only_streams_are_looked_at() throws Exception {
        serve(context -> filter(context, "cache", BufferingFilters.of(BufferingFilters.CachedResponse::new), "/*"));
        try (RawClient client = new RawClient(container.port())) {
            client.post("/app/a/v1/messages", fixture.key(), body(false));
            fixture.listener().await(1);
        }
        assertNothingSaid();
    }

    @Test
    void a_relay_in_a_filter_names_its_own_mapping() throws Exception {
        container = TestContainer.start("", context -> {
            filter(context, "squeeze", BufferingFilters.gzip(), "/*");
            addRelayFilter(context);
            context.addServlet("host", new HostServlet()).addMapping("/");
        });
        try (RawClient client = new RawClient(container.port())) {
            client.post("/v1/messages", fixture.key(), body(true), GZIP);
            fixture.listener().await(1);
        }
        assertThat(onlyProblem())
                .contains("Filters mapped to this path: squeeze (")
                .doesNotContain("RelayFilter");
        assertThat(degraded().get(0).where()).isEqualTo("filter \"relay\" mapped to /v1/* in the root webapp");
    }

    private void addRelayFilter(ServletContext context) throws ServletException {
        filter(context, "relay", new RelayFilter(fixture.relay()), "/api/*", "/v1/*");
    }

    @Test
    void the_administration_shows_it_while_health_stays_ok() throws Exception {
        serve(context -> filter(context, "squeeze", BufferingFilters.gzip(), "/*"));
        assertThat(status()).endsWith("\"degraded\":[]}");
        stream("/a", GZIP);
        Wait.until("the report", () -> !degraded().isEmpty());
        assertThat(status())
                .contains("\"degraded\":[{\"where\":\"servlet \\\"claude\\\" mapped to /a/* in webapp /app\"")
                .contains(BufferingFilters.GzipResponse.class.getName());
        try (RawClient client = new RawClient(container.port())) {
            assertThat(client.head("GET /app/a/health").readAnswer().head().status())
                    .isEqualTo(200);
        }
    }

    private String status() throws Exception {
        String login = "{\"username\":\"admin\",\"password\":\"" + RelayFixture.ADMIN_PASSWORD + "\"}";
        try (RawClient client = new RawClient(container.port())) {
            String answer = client.post("/app/admin/login", "", login.getBytes(StandardCharsets.UTF_8))
                    .readAnswer()
                    .text();
            String token = answer.replaceFirst(".*\"token\":\"([^\"]+)\".*", "$1");
            return client.head("GET /app/admin/status", "Authorization: Bearer " + token)
                    .readAnswer()
                    .text();
        }
    }
}
