package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar on the class path does nothing by itself, and one word makes it serve. */
class RelayInitializerTest {
    private final RelayFixture fixture = RelayFixture.over();

    @AfterEach
    void close() {
        System.clearProperty("relay.filter");
        fixture.close();
    }

    /** A webapp with a page of its own and a filter that was there before, as hosts have them. */
    private TestContainer container(Map<String, String> contextParameters) throws Exception {
        Filter hosts = (request, response, chain) -> {
            ((HttpServletResponse) response).setHeader("x-passed", "yes");
            chain.doFilter(request, response);
        };
        return TestContainer.start("", context -> {
            context.setAttribute(RelayServlet.RELAY_ATTRIBUTE, fixture.relay());
            contextParameters.forEach(context::setInitParameter);
            context.addServlet("host", new HostServlet()).addMapping("/");
            context.addFilter("hosts", hosts).addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
            new RelayInitializer().onStartup(null, context);
        });
    }

    private static String asked(TestContainer container, String line) throws Exception {
        try (RawClient client = new RawClient(container.port())) {
            RawClient.Answer answer = client.head(line, "content-length: 0").readAnswer();
            assertThat(answer.head().has("x-passed")).isEqualTo(answer.head().has("x-host"));
            return answer.head().has("x-host")
                    ? "host"
                    : "relay " + answer.head().status();
        }
    }

    @Test
    void containers_find_it_by_themselves() {
        assertThat(ServiceLoader.load(ServletContainerInitializer.class))
                .hasAtLeastOneElementOfType(RelayInitializer.class);
    }

    @Test
    void without_being_asked_it_takes_no_path_and_builds_nothing() throws Exception {
        StartingWebapp.in(Map.of("relay.encryption-key", "weak"), context -> {
            Set<String> before = Set.copyOf(Collections.list(context.getAttributeNames()));
            new RelayInitializer().onStartup(Set.of(), context);
            assertThat(context.getFilterRegistrations()).doesNotContainKey(RelayInitializer.FILTER_NAME);
            assertThat(Collections.list(context.getAttributeNames())).containsExactlyInAnyOrderElementsOf(before);
        });
        try (TestContainer container = container(Map.of())) {
            assertThat(asked(container, "POST /v1/messages")).isEqualTo("host");
            assertThat(asked(container, "GET /health")).isEqualTo("host");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/, /v1/messages, /claude/v1/messages",
        "/claude, /claude/v1/messages, /v1/messages",
    })
    void a_context_parameter_makes_it_serve_before_all_other_filters(String value, String relays, String hosts)
            throws Exception {
        try (TestContainer container = container(Map.of("relay.filter", value))) {
            assertThat(asked(container, "POST " + relays)).isEqualTo("relay 401");
            assertThat(asked(container, "POST " + hosts)).isEqualTo("host");
        }
    }

    @Test
    void a_system_property_makes_it_serve_unless_the_webapp_says_otherwise() throws Exception {
        System.setProperty("relay.filter", "/claude");
        try (TestContainer container = container(Map.of())) {
            assertThat(asked(container, "POST /claude/v1/messages")).isEqualTo("relay 401");
        }
        try (TestContainer container = container(Map.of("relay.filter", "/"))) {
            assertThat(asked(container, "POST /claude/v1/messages")).isEqualTo("host");
            assertThat(asked(container, "POST /v1/messages")).isEqualTo("relay 401");
        }
    }

    @Test
    void health_and_probes_can_be_asked_for_too() throws Exception {
        try (TestContainer container =
                container(Map.of("relay.filter", "/", "relay.filter-health", "true", "relay.filter-probes", "true"))) {
            assertThat(asked(container, "GET /health")).isEqualTo("relay 200");
            assertThat(asked(container, "GET /")).isEqualTo("host");
        }
    }

    @Test
    void a_filter_of_that_name_stays_the_hosts() throws Exception {
        StartingWebapp.in(Map.of("relay.filter", "/"), context -> {
            context.addFilter(RelayInitializer.FILTER_NAME, new RelayFilter(fixture.relay()));
            new RelayInitializer().onStartup(null, context);
            assertThat(context.getFilterRegistration(RelayInitializer.FILTER_NAME)
                            .getUrlPatternMappings())
                    .isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "claude", "/claude/", "/*"})
    void a_value_that_is_no_prefix_is_refused(String value) throws Exception {
        StartingWebapp.in(
                Map.of("relay.filter", value),
                context -> assertThatThrownBy(() -> new RelayInitializer().onStartup(null, context))
                        .isInstanceOf(ServletException.class)
                        .hasMessageContaining("relay.filter (RELAY_FILTER): must be a path such as /claude"));
    }
}
