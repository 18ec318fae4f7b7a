package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which servlets and filters of a webapp share a relay, and how long it lives. */
class ContextRelaysTest {
    private static final String NAMED = RelayServlet.RELAY_ATTRIBUTE + ".one";

    @TempDir
    private Path folder;

    private RelaySource source = (context, parameters) -> {
        throw new AssertionError("not set");
    };

    @BeforeEach
    void outsideTheTemporaryFolder() {
        source = RelaySource.of(new Surroundings(
                Map.of("java.io.tmpdir", folder.resolve("temporary").toString()), Map.of()));
    }

    private Map<String, String> settings(String prefix, String data) {
        Map<String, String> settings = new HashMap<>();
        settings.put(prefix + "encryption-key", RelayFixture.ENCRYPTION_KEY);
        settings.put(prefix + "data-dir", folder.resolve(data).toString());
        settings.put(prefix + "shutdown-timeout", "1000");
        return settings;
    }

    private Map<String, String> named(String name, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("relay-name", name);
        return all;
    }

    private Map<String, String> administered(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        String prefix = all.containsKey("relay.data-dir") ? "relay." : "";
        all.put(prefix + "admin-enabled", "true");
        all.put(prefix + "jwt-secret", RelayFixture.JWT_SECRET);
        all.put(prefix + "admin-password", RelayFixture.ADMIN_PASSWORD);
        return all;
    }

    private RelayFilter filter(ServletContext context, Map<String, String> parameters) throws ServletException {
        RelayFilter filter = new RelayFilter(source);
        filter.init(new StartingWebapp.Registered(context, parameters));
        return filter;
    }

    private RelayServlet servlet(ServletContext context, Map<String, String> parameters) throws ServletException {
        RelayServlet servlet = new RelayServlet(source);
        servlet.init(new StartingWebapp.Registered(context, parameters));
        return servlet;
    }

    private RelayAdminServlet admin(ServletContext context, Map<String, String> parameters) throws ServletException {
        RelayAdminServlet servlet = new RelayAdminServlet(source);
        servlet.init(new StartingWebapp.Registered(context, parameters));
        return servlet;
    }

    private static Relay published(ServletContext context, String attribute) {
        return (Relay) context.getAttribute(attribute);
    }

    private void isFree(String data) {
        Map<ConfigKey, String> own =
                Map.of(ConfigKey.DATA_DIR, folder.resolve(data).toString());
        Relay.start(RelayFixture.config(own)).close();
    }

    @Test
    void one_relay_of_the_webapps_settings_serves_all_and_ends_with_the_last() throws Exception {
        StartingWebapp.in(administered(settings("relay.", "a")), context -> {
            RelayFilter filter = filter(context, Map.of("health", "true"));
            Relay relay = published(context, RelayServlet.RELAY_ATTRIBUTE);
            RelayServlet servlet = servlet(context, Map.of());
            RelayAdminServlet admin = admin(context, Map.of());
            assertThat(published(context, RelayServlet.RELAY_ATTRIBUTE)).isSameAs(relay);
            servlet.destroy();
            servlet.destroy();
            filter.destroy();
            assertThat(published(context, RelayServlet.RELAY_ATTRIBUTE)).isSameAs(relay);
            relay.administration().createKey(NewKey.named("still there"));
            admin.destroy();
            assertThat(published(context, RelayServlet.RELAY_ATTRIBUTE)).isNull();
            isFree("a");
        });
    }

    @Test
    void a_relay_in_the_context_is_used_and_left_alone() throws Exception {
        try (RelayFixture fixture = RelayFixture.over()) {
            StartingWebapp.in(settings("relay.", "a"), context -> {
                context.setAttribute(RelayServlet.RELAY_ATTRIBUTE, fixture.relay());
                RelayFilter filter = filter(context, Map.of());
                RelayAdminServlet admin = admin(context, Map.of());
                filter.destroy();
                admin.destroy();
                assertThat(published(context, RelayServlet.RELAY_ATTRIBUTE)).isSameAs(fixture.relay());
                fixture.relay().administration().createKey(NewKey.named("still open"));
                isFree("a");
            });
        }
    }

    @Test
    void init_parameters_make_a_relay_of_its_own_beside_the_shared_one() throws Exception {
        try (RelayFixture fixture = RelayFixture.over()) {
            StartingWebapp.in(settings("relay.", "a"), context -> {
                context.setAttribute(RelayServlet.RELAY_ATTRIBUTE, fixture.relay());
                RelayServlet servlet =
                        servlet(context, Map.of("data-dir", folder.resolve("b").toString()));
                assertThat(folder.resolve("b")).isNotEmptyDirectory();
                assertThat(published(context, RelayServlet.RELAY_ATTRIBUTE)).isSameAs(fixture.relay());
                servlet.destroy();
                isFree("b");
            });
        }
    }

    @Test
    void two_relays_of_one_webapp_have_names_and_folders() throws Exception {
        StartingWebapp.in(Map.of(), context -> {
            RelayServlet one = servlet(context, named("one", administered(settings("", "a"))));
            RelayServlet two = servlet(context, named("two", settings("", "b")));
            RelayAdminServlet admin = admin(context, Map.of("relay-name", "one"));
            Relay first = published(context, NAMED);
            assertThat(published(context, RelayServlet.RELAY_ATTRIBUTE + ".two"))
                    .isNotSameAs(first);
            one.destroy();
            assertThat(published(context, NAMED)).isSameAs(first);
            admin.destroy();
            assertThat(published(context, NAMED)).isNull();
            two.destroy();
            isFree("a");
            isFree("b");
        });
    }

    @Test
    void two_relays_of_one_webapp_serve_side_by_side_and_end_with_it() throws Exception {
        AtomicReference<Relay> first = new AtomicReference<>();
        TestContainer container = TestContainer.start("/shop", context -> {
            register(context, "one", "/one/*", new RelayServlet(source), named("one", administered(settings("", "a"))));
            register(context, "admin", "/one-admin/*", new RelayAdminServlet(source), Map.of("relay-name", "one"));
            register(context, "two", "/two/*", new RelayServlet(source), settings("", "b"));
            context.addServlet("found", new Finding(first)).setLoadOnStartup(9);
        });
        try (container) {
            String key = Canaries.remember(first.get()
                    .administration()
                    .createKey(NewKey.named("one's"))
                    .secret()
                    .reveal());
            assertThat(posted(container, "/shop/one/v1/messages", key)).isEqualTo(400);
            assertThat(posted(container, "/shop/two/v1/messages", key)).isEqualTo(401);
            assertThat(posted(container, "/shop/one-admin/login", key)).isEqualTo(400);
        }
        isFree("a");
        isFree("b");
    }

    private static void register(
            ServletContext context, String name, String mapping, HttpServlet servlet, Map<String, String> parameters) {
        var registration = context.addServlet(name, servlet);
        registration.setInitParameters(parameters);
        registration.setLoadOnStartup(name.equals("admin") ? 2 : 1);
        registration.setAsyncSupported(true);
        registration.addMapping(mapping);
    }

    private static int posted(TestContainer container, String path, String key) throws Exception {
        try (RawClient client = new RawClient(container.port())) {
            return client.post(path, key, new byte[] {'{', '}'})
                    .readAnswer()
                    .head()
                    .status();
        }
    }

    /** Finds a relay as other code of the webapp does. */
    private static final class Finding extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient AtomicReference<Relay> found;

        Finding(AtomicReference<Relay> found) {
            this.found = found;
        }

        @Override
        public void init() {
            found.set(published(getServletContext(), NAMED));
        }
    }

    @Test
    void a_relay_that_a_program_names_is_found_and_left_alone() throws Exception {
        try (RelayFixture fixture = RelayFixture.over()) {
            StartingWebapp.in(Map.of(), context -> {
                context.setAttribute(NAMED, fixture.relay());
                admin(context, Map.of("relay-name", "one")).destroy();
                fixture.relay().administration().createKey(NewKey.named("still open"));
            });
        }
    }

    @Test
    void one_that_starts_before_its_relay_is_told_what_to_do() throws Exception {
        StartingWebapp.in(Map.of(), context -> {
            assertThatThrownBy(() -> admin(context, Map.of("relay-name", "one")))
                    .isInstanceOf(ServletException.class)
                    .hasMessageContaining("there is no relay of the name one yet")
                    .hasMessageContaining("load-on-startup")
                    .hasMessageContaining(NAMED);
            assertThatThrownBy(() -> admin(context, Map.of()))
                    .isInstanceOf(ServletException.class)
                    .hasMessageContaining("no relay: configure one by context parameters")
                    .hasMessageContaining("relay-name")
                    .hasMessageContaining("load-on-startup")
                    .hasMessageContaining(RelayServlet.RELAY_ATTRIBUTE);
        });
    }

    @Test
    void settings_for_a_name_that_is_taken_are_refused() throws Exception {
        StartingWebapp.in(Map.of(), context -> {
            RelayServlet one = servlet(context, named("one", settings("", "a")));
            assertThatThrownBy(() -> servlet(context, named("one", settings("", "b"))))
                    .isInstanceOf(ServletException.class)
                    .hasMessageContaining("there is a relay of the name one already");
            assertThat(folder.resolve("b")).doesNotExist();
            assertThatThrownBy(() -> servlet(context, named("a b", settings("", "b"))))
                    .hasMessageContaining("relay-name: must be 1 to 64 letters");
            one.destroy();
        });
    }

    @Test
    void two_relays_in_one_folder_are_refused() throws Exception {
        StartingWebapp.in(Map.of(), context -> {
            RelayServlet one = servlet(context, settings("", "a"));
            assertThatThrownBy(() -> servlet(context, settings("", "a")))
                    .isInstanceOf(ServletException.class)
                    .hasMessageContaining("the relay cannot start: The store file")
                    .hasMessageContaining("another relay in this process, holds it")
                    .hasMessageContaining("a directory of its own");
            one.destroy();
            servlet(context, settings("", "a")).destroy();
        });
    }

    @Test
    void an_unknown_parameter_alone_makes_no_relay() throws Exception {
        try (RelayFixture fixture = RelayFixture.over()) {
            StartingWebapp.in(Map.of(), context -> {
                context.setAttribute(RelayServlet.RELAY_ATTRIBUTE, fixture.relay());
                assertThatThrownBy(() -> servlet(context, Map.of("relay-nam", "one")))
                        .isInstanceOf(ServletException.class)
                        .hasMessage("the servlet tested cannot start; its configuration has problems:\n"
                                + "  relay-nam: there is no such setting; did you mean relay-name?");
            });
        }
    }

    @Test
    void something_else_in_the_attribute_is_told() throws Exception {
        StartingWebapp.in(Map.of(), context -> {
            context.setAttribute(RelayServlet.RELAY_ATTRIBUTE, "a relay");
            assertThatThrownBy(() -> servlet(context, Map.of()))
                    .isInstanceOf(ServletException.class)
                    .hasMessageContaining("holds a java.lang.String; it must be an org.ccrelayer.Relay");
        });
    }

    @Test
    void a_refused_administration_lets_go_of_the_relay_it_began() throws Exception {
        StartingWebapp.in(settings("relay.", "a"), context -> {
            assertThatThrownBy(() -> admin(context, Map.of())).hasMessageContaining("set admin-enabled to true");
            assertThat(published(context, RelayServlet.RELAY_ATTRIBUTE)).isNull();
            isFree("a");
        });
    }

    @Test
    void a_configuration_without_a_folder_is_refused() throws Exception {
        StartingWebapp.in(
                Map.of(),
                context -> assertThatThrownBy(() -> new RelayServlet(RelayFixture.config(Map.of()))
                                .init(new StartingWebapp.Registered(context, Map.of())))
                        .isInstanceOf(ServletException.class)
                        .hasMessageContaining("data-dir (DATA_DIR): is required"));
    }

    @Test
    void a_relay_that_its_owner_drains_or_closes_says_so_at_every_door() throws Exception {
        RelayFixture fixture = RelayFixture.over();
        try (TestContainer container = TestContainer.start("", context -> {
            var servlet = context.addServlet("relay", new RelayServlet(fixture.relay()));
            servlet.setAsyncSupported(true);
            servlet.addMapping("/*");
            var admin = context.addServlet("admin", new RelayAdminServlet(fixture.relay()));
            admin.setAsyncSupported(true);
            admin.addMapping("/admin/*");
        })) {
            fixture.relay().drain();
            refuses(container, fixture.key());
            fixture.close();
            refuses(container, fixture.key());
            try (RawClient client = new RawClient(container.port())) {
                assertThat(client.head("POST /admin/login", "content-length: 0")
                                .readAnswer()
                                .head()
                                .status())
                        .isEqualTo(503);
            }
        }
    }

    private static void refuses(TestContainer container, String key) throws Exception {
        try (RawClient client = new RawClient(container.port())) {
            RawClient.Answer health = client.head("GET /health").readAnswer();
            assertThat(health.head().status()).isEqualTo(503);
            assertThat(health.text()).isEqualTo("{\"status\":\"draining\"}");
        }
        try (RawClient client = new RawClient(container.port())) {
            RawClient.Answer refused =
                    client.post("/v1/messages", key, new byte[] {'{', '}'}).readAnswer();
            assertThat(refused.head().status()).isEqualTo(503);
            assertThat(refused.head().header("retry-after")).isEqualTo("2");
            assertThat(refused.text()).contains("overloaded_error").contains("shutting down");
        }
    }
}
