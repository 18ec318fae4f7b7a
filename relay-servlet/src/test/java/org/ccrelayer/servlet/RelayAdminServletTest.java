package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The administration API below any mapping, and only where it is wanted. */
class RelayAdminServletTest {
    private static final byte[] LOGIN = ("{\"username\":\"admin\",\"password\":\"" + RelayFixture.ADMIN_PASSWORD
                    + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

    private static TestContainer container(RelayFixture fixture, String contextPath, String mapping) throws Exception {
        return TestContainer.start(contextPath, context -> {
            var admin = context.addServlet("admin", new RelayAdminServlet(fixture.relay()));
            admin.setAsyncSupported(true);
            admin.addMapping(mapping);
        });
    }

    private static RawClient.Answer ask(TestContainer container, String line, byte[] body, String... headers)
            throws Exception {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = "content-length: " + body.length;
        try (RawClient client = new RawClient(container.port())) {
            return client.head(line, all).send(body).readAnswer();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', /admin/*, /admin",
        "'', /ops/relay/*, /ops/relay",
        "/shop, /admin/*, /shop/admin",
        "/shop, /ops/admin/*, /shop/ops/admin",
        "/shop, /*, /shop",
        "'', /, /admin",
        "/shop, /, /shop/admin",
    })
    void what_it_is_mapped_to_stands_for_admin(String contextPath, String mapping, String base) throws Exception {
        try (RelayFixture fixture = RelayFixture.over();
                TestContainer container = container(fixture, contextPath, mapping)) {
            RawClient.Answer login = ask(container, "POST " + base + "/login", LOGIN);
            assertThat(login.head().status()).as(login.text()).isEqualTo(200);
            Matcher token = TOKEN.matcher(login.text());
            assertThat(token.find()).isTrue();
            RawClient.Answer keys =
                    ask(container, "GET " + base + "/keys", new byte[0], "authorization: Bearer " + token.group(1));
            assertThat(keys.head().status()).isEqualTo(200);
            assertThat(keys.text()).contains("\"fixture\"");
            RawClient.Answer created = ask(
                    container,
                    "POST " + base + "/keys",
                    "{\"name\":\"other\"}".getBytes(StandardCharsets.UTF_8),
                    "authorization: Bearer " + token.group(1));
            assertThat(created.head().status()).isBetween(200, 201);
            assertThat(created.head().has("location")).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"/ops/relay/admin/login", "/ops/relay//login", "/ops/relay/login/", "/ops/%72elay/login", "/ops/relay"})
    void other_spellings_are_unknown(String path) throws Exception {
        try (RelayFixture fixture = RelayFixture.over();
                TestContainer container = container(fixture, "", "/ops/relay/*")) {
            assertThat(ask(container, "POST " + path, LOGIN).head().status()).isIn(400, 401, 404);
        }
    }

    @Test
    void a_relay_without_administration_is_refused_with_the_remedy() throws Exception {
        try (RelayFixture fixture = RelayFixture.over(Map.of(ConfigKey.ADMIN_ENABLED, "false"))) {
            assertThat(fixture.relay().administered()).isFalse();
            StartingWebapp.in(
                    Map.of(),
                    context -> assertThatThrownBy(() -> new RelayAdminServlet(fixture.relay())
                                    .init(new StartingWebapp.Registered(context, Map.of())))
                            .isInstanceOf(ServletException.class)
                            .hasMessageContaining("set admin-enabled to true, and jwt-secret and admin-password")
                            .hasMessageContaining("servlet tested"));
        }
    }
}
