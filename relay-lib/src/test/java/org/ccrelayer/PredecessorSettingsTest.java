package org.ccrelayer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Settings as the predecessor means them, and as they are meant otherwise. */
class PredecessorSettingsTest {
    private static final String LONG_KEY = "kH3vQ9-a-long-enough-key-for-a-test-42";

    private static RelayConfigBuilder config(Map<ConfigKey, String> settings) {
        RelayConfigBuilder builder = RelayConfig.builder();
        settings.forEach(builder::set);
        return builder.set(ConfigKey.ENCRYPTION_KEY, LONG_KEY);
    }

    private static RelayConfigBuilder compatible(ConfigKey key, String value) {
        return config(Map.of(ConfigKey.PREDECESSOR_COMPAT, "true", key, value));
    }

    private static List<String> problems(RelayConfigBuilder builder) {
        return catchThrowableOfType(RelayConfigException.class, builder::build).problems();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 8",
        "0, 8",
        "-0, 8",
        "0.9, 8",
        "8, 8",
        "5, 5",
        "5.5, 5",
        "-5, -5",
        "-3.9, -3",
        "+2, 2",
        "9h, 9",
        "14, 14"
    })
    void the_predecessors_offset_is_the_one_that_it_takes(String given, int hours) {
        RelayConfig config = compatible(ConfigKey.TIMEZONE_OFFSET, given).build();
        assertThat(config.zone()).isEqualTo(ZoneOffset.ofHours(hours));
        assertThat(config.text(ConfigKey.TIMEZONE_OFFSET)).isEqualTo("" + hours);
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "0, 0", "8, 8", "-5, -5"})
    void without_the_switch_an_offset_means_what_it_says(String given, int hours) {
        assertThat(config(Map.of(ConfigKey.TIMEZONE_OFFSET, given)).build().zone())
                .isEqualTo(ZoneOffset.ofHours(hours));
    }

    @Test
    void what_is_no_offset_is_refused() {
        String problem = "timezone-offset (TIMEZONE_OFFSET): must be a whole number, -12 to 14";
        for (String given : List.of("Asia/Shanghai", "15", "-13", "h8")) {
            assertThat(problems(compatible(ConfigKey.TIMEZONE_OFFSET, given))).containsExactly(problem);
        }
        assertThat(problems(config(Map.of(ConfigKey.TIMEZONE_OFFSET, "5.5")))).containsExactly(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "short-canary", "000000000000000000000000000000000000", "CHANGE-THIS-32-CHARACTER-KEY-NOW"})
    void a_weak_encryption_key_is_taken_with_the_switch_only_and_with_a_warning(String key) {
        String remedy = "set predecessor-compat (PREDECESSOR_COMPAT) to true";
        assertThat(problems(config(Map.of(ConfigKey.ENCRYPTION_KEY, key))))
                .singleElement()
                .asString()
                .endsWith(remedy);
        RelayConfig config = compatible(ConfigKey.ENCRYPTION_KEY, key).build();
        assertThat(config.secret(ConfigKey.ENCRYPTION_KEY).reveal()).isEqualTo(key);
        List<ILoggingEvent> logged = startLogs(config);
        assertThat(logged)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .startsWith("encryption-key (ENCRYPTION_KEY): ")
                        .contains("set API_KEY_PEPPER")
                        .doesNotContain(key.length() > 1 ? key : "(x)"));
    }

    @Test
    void a_strong_encryption_key_is_not_warned_of_and_none_is_still_refused() {
        assertThat(startLogs(compatible(ConfigKey.ENCRYPTION_KEY, LONG_KEY).build()))
                .isEmpty();
        assertThat(problems(RelayConfig.builder().set(ConfigKey.PREDECESSOR_COMPAT, "true")))
                .singleElement()
                .asString()
                .startsWith("encryption-key (ENCRYPTION_KEY): is required")
                .doesNotContain("predecessor-compat");
    }

    private static List<ILoggingEvent> startLogs(RelayConfig config) {
        Logger logger = (Logger) LoggerFactory.getLogger(RelayBuilder.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        try (Relay relay = Relay.builder(config).inMemory().start()) {
            assertThat(relay.administration().keys()).isEmpty();
        } finally {
            logger.detachAppender(appender);
        }
        return appender.list;
    }

    @ParameterizedTest
    @CsvSource({"REDIS_HOST, redis-addr", "redis-port, redis-addr", "sticky-session-ttl-hours, milliseconds"})
    void a_name_of_the_predecessors_is_refused_with_what_stands_for_it(String name, String told) {
        assertThat(problems(config(Map.of()).settings(Map.of(name, "1"))))
                .singleElement()
                .asString()
                .startsWith(name + ": there is no such setting; ")
                .contains(told)
                .doesNotContain("did you mean");
    }

    @Test
    void the_document_tells_of_each_of_those_names() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "migration.md"));
        assertThat(PredecessorSettings.names())
                .hasSizeGreaterThan(15)
                .allSatisfy(name -> assertThat(document).contains("`" + name + "`"));
    }

    @Test
    void variables_are_told_that_the_predecessor_alone_understands() {
        assertThat(PredecessorSettings.told(List.of("REDIS_HOST", "PATH", "REQUEST_TIMEOUT")))
                .hasSize(2)
                .anyMatch(line -> line.startsWith("REDIS_HOST is set, and is none of the relay's settings: give host"))
                .anyMatch(line -> line.startsWith("REQUEST_TIMEOUT is set, and means something else here: it ends"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api",
                "/",
                "/api/",
                "//api",
                "/api,",
                ",",
                "/api,,/b",
                "/a b",
                "/a%20b",
                "/a;b",
                "/../a",
                "/a/..",
                "/ä"
            })
    void a_path_that_can_never_match_is_no_alias(String aliases) {
        assertThat(problems(config(Map.of(ConfigKey.PATH_ALIASES, aliases))))
                .singleElement()
                .asString()
                .startsWith(
                        "path-aliases (PATH_ALIASES): must be paths with commas between them, such as /api,/claude");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin", "/api,/admin/x"})
    void the_administration_is_no_alias(String aliases) {
        assertThat(problems(config(Map.of(ConfigKey.PATH_ALIASES, aliases))))
                .containsExactly(
                        "path-aliases (PATH_ALIASES): must have no /admin, below which the administration stands");
    }
}
