package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.naming.Context;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a relay inside a host finds its settings, which place wins, and what it says where they cannot be used. */
class HostSettingsTest {
    private static final List<String> NAMING = List.of(Context.INITIAL_CONTEXT_FACTORY, Context.PROVIDER_URL);

    @TempDir
    private Path folder;

    private final Map<String, String> init = new HashMap<>();
    private final Map<String, String> context = new HashMap<>();
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void complete() {
        init.put("encryption-key", RelayFixture.ENCRYPTION_KEY);
        init.put("data-dir", folder.resolve("data").toString());
        properties.put("java.io.tmpdir", folder.resolve("temporary").toString());
    }

    @AfterEach
    void forget() {
        NAMING.forEach(System::clearProperty);
    }

    private static void naming(String entries) {
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, FixedNaming.class.getName());
        System.setProperty(Context.PROVIDER_URL, entries);
    }

    private RelayConfig gather(ServletContext webapp) throws ServletException {
        return HostSettings.of(webapp, new Surroundings(properties, variables), new InitParameters("filter x", init))
                .gather();
    }

    private RelayConfig gather() throws Exception {
        RelayConfig[] gathered = new RelayConfig[1];
        StartingWebapp.in(context, webapp -> gathered[0] = gather(webapp));
        return gathered[0];
    }

    private String refusal() throws Exception {
        String[] message = new String[1];
        StartingWebapp.in(
                context,
                webapp -> message[0] = catchThrowableOfType(ServletException.class, () -> gather(webapp))
                        .getMessage());
        return message[0];
    }

    @Test
    void the_earlier_place_wins() throws Exception {
        init.put("header-timeout", "1001");
        context.put("relay.header-timeout", "1002");
        context.put("relay.silence-timeout", "1002");
        naming("header-timeout=1003,silence-timeout=1003,connect-timeout=1003");
        for (String name : List.of("header-timeout", "silence-timeout", "connect-timeout", "request-timeout")) {
            properties.put("relay." + name, "1004");
            variables.put("RELAY_" + name.toUpperCase(java.util.Locale.ROOT).replace('-', '_'), "1005");
        }
        variables.put("RELAY_BODY_TIMEOUT", "1005");
        RelayConfig config = gather();
        assertThat(config.number(ConfigKey.HEADER_TIMEOUT)).isEqualTo(1001);
        assertThat(config.number(ConfigKey.SILENCE_TIMEOUT)).isEqualTo(1002);
        assertThat(config.number(ConfigKey.CONNECT_TIMEOUT)).isEqualTo(1003);
        assertThat(config.number(ConfigKey.REQUEST_TIMEOUT)).isEqualTo(1004);
        assertThat(config.number(ConfigKey.BODY_TIMEOUT)).isEqualTo(1005);
    }

    @Test
    void what_has_no_prefix_is_the_hosts() throws Exception {
        context.put("request-timeout", "1001");
        properties.put("REQUEST_TIMEOUT", "1002");
        variables.put("REQUEST_TIMEOUT", "1003");
        assertThat(gather().number(ConfigKey.REQUEST_TIMEOUT)).isEqualTo(300_000);
    }

    @Test
    void names_without_prefix_are_admitted_from_every_place() throws Exception {
        variables.put("REQUEST_TIMEOUT", "1003");
        context.put("relay.legacy-env", "true");
        assertThat(gather().number(ConfigKey.REQUEST_TIMEOUT)).isEqualTo(1003);
        context.clear();
        init.put("legacy-env", "true");
        assertThat(gather().number(ConfigKey.REQUEST_TIMEOUT)).isEqualTo(1003);
        init.put("legacy-env", "false");
        properties.put("relay.legacy-env", "true");
        assertThat(gather().number(ConfigKey.REQUEST_TIMEOUT)).isEqualTo(300_000);
        init.remove("legacy-env");
        assertThat(gather().number(ConfigKey.REQUEST_TIMEOUT)).isEqualTo(1003);
        properties.remove("relay.legacy-env");
        variables.put("RELAY_LEGACY_ENV", "true");
        assertThat(gather().number(ConfigKey.REQUEST_TIMEOUT)).isEqualTo(1003);
        variables.remove("RELAY_LEGACY_ENV");
        naming("legacy-env=true");
        assertThat(gather().number(ConfigKey.REQUEST_TIMEOUT)).isEqualTo(1003);
    }

    @Test
    void secrets_are_read_from_files_anywhere() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), RelayFixture.ENCRYPTION_KEY + "\n");
        init.remove("encryption-key");
        naming("encryption-key-file=" + secret);
        assertThat(gather().secret(ConfigKey.ENCRYPTION_KEY).reveal()).isEqualTo(RelayFixture.ENCRYPTION_KEY);
    }

    @Test
    void all_problems_of_all_places_are_told_at_once_one_per_line_and_no_secret() throws Exception {
        init.put("encryption-key", "too-short-canary");
        init.put("helth", "true");
        init.remove("data-dir");
        context.put("relay.header-timout", "1");
        context.put("relay.legacy-env", "yes");
        naming("admin-enabeld=true");
        properties.put("relay.prot", "1");
        variables.put("RELAY_ADMIN_ENABLED", "true");
        variables.put("RELAY_DRAIN_SECOND", "1");
        String message = refusal();
        assertThat(message.lines().skip(1).map(String::strip))
                .containsExactlyInAnyOrder(
                        "legacy-env: must be true or false",
                        "helth: there is no such setting",
                        "relay.header-timout: there is no such setting; did you mean header-timeout?",
                        "relay.admin-enabeld: there is no such setting; did you mean admin-enabled?",
                        "relay.prot: there is no such setting; did you mean port?",
                        "RELAY_DRAIN_SECOND: there is no such setting; did you mean drain-seconds?",
                        "encryption-key (ENCRYPTION_KEY): must have 32 characters or more; where the predecessor's data needs"
                                + " it as it is, set predecessor-compat (PREDECESSOR_COMPAT) to true",
                        "jwt-secret (JWT_SECRET): is required; set it, or name a file that holds it in JWT_SECRET_FILE",
                        "admin-password (ADMIN_PASSWORD): is required; set it, or name a file that holds it in"
                                + " ADMIN_PASSWORD_FILE",
                        "data-dir (DATA_DIR): is required; set it to a folder that outlives the webapp, such as"
                                + " /var/lib/relay");
        assertThat(message).startsWith("the filter x cannot start").doesNotContain("canary");
    }

    @Test
    void the_names_of_the_hosts_own_switches_are_suggested() throws Exception {
        context.put("relay.legasy-env", "true");
        properties.put("relay.filer", "/");
        assertThat(refusal()).contains("did you mean legacy-env?").contains("did you mean filter?");
    }

    @Test
    void data_are_not_kept_in_a_temporary_folder() throws Exception {
        for (String inside : List.of("temporary", "temporary/relay", "x/../temporary/a/b")) {
            init.put("data-dir", folder.resolve(inside).toString());
            assertThat(refusal())
                    .contains("data-dir (DATA_DIR): ")
                    .contains("lies in the temporary folder")
                    .contains("choose a folder that outlives the webapp");
        }
        Files.createDirectories(folder.resolve("temporary"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("temporary"));
        init.put("data-dir", folder.resolve("link/relay").toString());
        assertThat(refusal()).contains("lies in the temporary folder");
        init.put("data-dir", folder.resolve("temporary-not").toString());
        assertThat(gather().text(ConfigKey.DATA_DIR)).endsWith("temporary-not");
    }

    @Test
    void data_are_not_kept_in_the_webapps_own_temporary_folder() throws Exception {
        StartingWebapp.in(context, webapp -> {
            // Embedded without a webapp's folder, Jetty has none.
            if (webapp.getAttribute(ServletContext.TEMPDIR) == null) {
                webapp.setAttribute(
                        ServletContext.TEMPDIR, folder.resolve("own").toFile());
            }
            File own = (File) webapp.getAttribute(ServletContext.TEMPDIR);
            init.put("data-dir", own.toPath().resolve("relay").toString());
            assertThatThrownBy(() -> gather(webapp))
                    .isInstanceOf(ServletException.class)
                    .hasMessageContaining("lies in the temporary folder " + own);
        });
    }

    @Test
    void the_process_is_read_where_nothing_else_is_said() throws Exception {
        System.setProperty("relay.request-timeout", "1234");
        String temporary = System.getProperty("java.io.tmpdir");
        System.setProperty("java.io.tmpdir", folder.resolve("temporary").toString());
        try {
            StartingWebapp.in(
                    context,
                    webapp -> assertThat(HostSettings.gather(webapp, init).number(ConfigKey.REQUEST_TIMEOUT))
                            .isEqualTo(1234));
        } finally {
            System.clearProperty("relay.request-timeout");
            System.setProperty("java.io.tmpdir", temporary);
        }
    }
}
