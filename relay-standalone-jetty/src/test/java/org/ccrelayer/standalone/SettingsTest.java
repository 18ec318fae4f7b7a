package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.RelayConfigException;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a standalone relay finds its settings, and which place wins. */
class SettingsTest {
    private static final String PROPERTY = "relay.silence-timeout";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = Files.writeString(
                folder.resolve("relay.properties"),
                "# a comment\nencryption-key=" + RelayFixture.ENCRYPTION_KEY + "\njwt-secret: "
                        + RelayFixture.JWT_SECRET
                        + "\nrelay.admin-password = " + RelayFixture.ADMIN_PASSWORD
                        + "\nsilence-timeout=1003\nheader-timeout=1003\nconnect-timeout=1003\n");
    }

    @AfterEach
    void clear() {
        System.clearProperty(PROPERTY);
    }

    private RelayConfig gather(Map<String, String> commandLine) {
        return Settings.gather(commandLine, Optional.of(file));
    }

    @Test
    void the_command_line_wins_over_system_properties_and_these_over_the_file() {
        System.setProperty(PROPERTY, "1002");
        RelayConfig config = gather(Map.of("header-timeout", "1001"));
        assertThat(config.number(ConfigKey.HEADER_TIMEOUT)).isEqualTo(1001);
        assertThat(config.number(ConfigKey.SILENCE_TIMEOUT)).isEqualTo(1002);
        assertThat(config.number(ConfigKey.CONNECT_TIMEOUT)).isEqualTo(1003);
        assertThat(gather(Map.of("silence-timeout", "1001")).number(ConfigKey.SILENCE_TIMEOUT))
                .isEqualTo(1001);
    }

    @Test
    void the_administration_is_served_unless_it_is_switched_off() {
        assertThat(gather(Map.of()).enabled(ConfigKey.ADMIN_ENABLED)).isTrue();
        assertThat(gather(Map.of("admin-enabled", "false")).enabled(ConfigKey.ADMIN_ENABLED))
                .isFalse();
    }

    @Test
    void data_are_kept_beside_the_program_unless_a_folder_is_named() {
        assertThat(gather(Map.of()).text(ConfigKey.DATA_DIR)).isEqualTo("./relay-data");
        assertThat(gather(Map.of("data-dir", "/var/lib/relay")).text(ConfigKey.DATA_DIR))
                .isEqualTo("/var/lib/relay");
    }

    @Test
    void an_unknown_name_in_the_file_is_refused() throws Exception {
        Files.writeString(file, Files.readString(file) + "hedder-timeout=1\n");
        assertThatThrownBy(() -> gather(Map.of()))
                .isInstanceOf(RelayConfigException.class)
                .hasMessageContaining("did you mean header-timeout?");
    }

    @Test
    void a_file_that_was_named_must_be_readable() {
        assertThatThrownBy(() -> Settings.gather(Map.of(), Optional.of(folder.resolve("missing"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("missing");
    }
}
