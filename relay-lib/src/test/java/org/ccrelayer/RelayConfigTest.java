package org.ccrelayer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayConfigTest {
    private static final String SECRET = "canary-0123456789-abcdefghijklmnopqrstuvwxyz";

    /** Where a setting can come from: how its name is spelled there, and how the builder takes it. */
    private enum Place {
        BUILDER(UnaryOperator.identity()),
        FILE(name -> name.toLowerCase(Locale.ROOT).replace('_', '-')),
        PREFIXED_FILE(name -> "relay." + FILE.spelling.apply(name)),
        SYSTEM_PROPERTY(name -> "relay." + FILE.spelling.apply(name)),
        PREFIXED_VARIABLE(name -> "RELAY_" + name),
        VARIABLE(UnaryOperator.identity());

        private final UnaryOperator<String> spelling;

        Place(UnaryOperator<String> spelling) {
            this.spelling = spelling;
        }

        void give(RelayConfigBuilder builder, String name, String value) {
            Map<String, String> one = Map.of(spelling.apply(name), value);
            switch (this) {
                case BUILDER -> builder.set(ConfigKey.valueOf(name), value);
                case FILE, PREFIXED_FILE -> builder.settings(one);
                case SYSTEM_PROPERTY -> builder.systemProperties(one, false);
                case PREFIXED_VARIABLE -> builder.environment(one, false);
                case VARIABLE -> builder.environment(one, true);
            }
        }
    }

    /** A valid value other than the default. */
    private static String other(ConfigKey key) {
        return switch (key) {
            case LOG_LEVEL -> "warn";
            case API_KEY_PREFIX -> "rk_";
            case ADMIN_ENABLED,
                    ALLOW_PRIVATE_UPSTREAMS,
                    LEGACY_CLIENT_RESTRICTION,
                    PREDECESSOR_COMPAT,
                    SESSION_BINDING,
                    UNDECRYPTABLE_AS_LITERAL -> "true";
            case CREDENTIAL_FORMAT -> "cbc";
            case REDIS_AWAY_POLICY -> "refuse";
            case PATH_ALIASES -> "/api";
            case VIA -> "false";
            case PORT -> "8080";
            case MAX_RETRY_ACCOUNTS, RETRY_BUDGET_PERCENT, TIMEZONE_OFFSET, MAX_DRAINS, REDIS_DB -> "7";
            case CLIENT_GONE_POLICY -> "drain";
            case REQUEST_TIMEOUT, HEADER_TIMEOUT, SILENCE_TIMEOUT, CONNECT_TIMEOUT, BODY_TIMEOUT -> "12345";
            case STICKY_SESSION_TTL, SHUTDOWN_TIMEOUT, MAX_BODY_BYTES, BODY_BUDGET_BYTES, DRAIN_BYTES -> "12345";
            case CONCURRENCY_SLOT_TTL, STRICT_IMAGE_TOKENS -> "12345";
            case SESSION_BINDING_TTL, CONNECTION_IDLE_TIMEOUT, MAX_CONNECTIONS -> "12345";
            case DRAIN_SECONDS -> "123";
            default -> "other-" + key.id() + "-0123456789-abcdefghijklmnop";
        };
    }

    /** Completes a builder with what is required, where it was not given before. */
    private static RelayConfigBuilder complete(RelayConfigBuilder builder) {
        return builder.set(ConfigKey.ENCRYPTION_KEY, SECRET + 1)
                .set(ConfigKey.JWT_SECRET, SECRET + 2)
                .set(ConfigKey.ADMIN_PASSWORD, SECRET + 3);
    }

    private static RelayConfigBuilder withRedis(RelayConfigBuilder builder) {
        return complete(builder).set(ConfigKey.REDIS_ADDR, "localhost:6379");
    }

    private static List<String> problems(RelayConfigBuilder builder) {
        RelayConfigException thrown = catchThrowableOfType(RelayConfigException.class, builder::build);
        assertThat(thrown).as("a configuration that is refused").isNotNull();
        assertThat(thrown.getMessage()).contains(thrown.problems());
        return thrown.problems();
    }

    private static String onlyProblem(RelayConfigBuilder builder) {
        List<String> problems = problems(builder);
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    @ParameterizedTest
    @EnumSource
    void every_setting_can_be_given_in_every_place(ConfigKey key) {
        assertThat(other(key)).isNotEqualTo(key.defaultValue());
        for (Place place : Place.values()) {
            RelayConfigBuilder builder = RelayConfig.builder();
            place.give(builder, key.name(), " " + other(key) + "\t");
            assertThat(withRedis(builder).build().text(key)).as(place.name()).isEqualTo(other(key));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_setting_that_is_given_nowhere_or_empty_has_its_default(ConfigKey key) {
        if (!key.secret()) {
            assertThat(complete(RelayConfig.builder()).build().text(key)).isEqualTo(key.defaultValue());
            assertThat(complete(RelayConfig.builder().set(key, " ")).build().text(key))
                    .isEqualTo(key.defaultValue());
        }
    }

    @Test
    void values_come_back_as_what_they_are() {
        RelayConfig config = complete(RelayConfig.builder()
                        .set(ConfigKey.REQUEST_TIMEOUT, "1500")
                        .set(ConfigKey.VIA, "false")
                        .set(ConfigKey.PRICE_FILE, "/etc/prices.json"))
                .build();
        assertThat(config.duration(ConfigKey.REQUEST_TIMEOUT)).isEqualTo(Duration.ofMillis(1_500));
        assertThat(config.number(ConfigKey.REQUEST_TIMEOUT)).isEqualTo(1_500);
        assertThat(config.enabled(ConfigKey.VIA)).isFalse();
        assertThat(config.path(ConfigKey.PRICE_FILE)).contains(Path.of("/etc/prices.json"));
        assertThat(config.optionalText(ConfigKey.REDIS_DB)).isEmpty();
        assertThat(config.secret(ConfigKey.ENCRYPTION_KEY).reveal()).isEqualTo(SECRET + 1);
    }

    @Test
    void only_a_relay_in_memory_or_with_another_store_needs_no_folder() {
        RelayConfig config = complete(RelayConfig.builder()).build();
        assertThatThrownBy(() -> Relay.start(config))
                .isInstanceOf(RelayConfigException.class)
                .hasMessageContaining("data-dir (DATA_DIR): is required")
                .hasMessageContaining("inMemory()");
        Relay.builder(config).inMemory().start().close();
    }

    @Test
    void a_programs_own_rules_and_names_are_told_with_everything_else() {
        RelayConfigBuilder builder = RelayConfig.builder()
                .suggesting(List.of("mount-point"))
                .settings(Map.of("mount-pont", "/", "request-timeout", "soon"))
                .rule(config -> Optional.of("request-timeout is " + config.text(ConfigKey.REQUEST_TIMEOUT)))
                .rule(config -> Optional.empty());
        assertThat(builder.unknownNames())
                .containsExactly("mount-pont: there is no such setting; did you mean mount-point?");
        assertThat(problems(complete(builder)))
                .containsExactlyInAnyOrder(
                        "mount-pont: there is no such setting; did you mean mount-point?",
                        "request-timeout (REQUEST_TIMEOUT): must be a whole number, 1000 to 3600000",
                        "request-timeout is soon");
        assertThat(onlyProblem(complete(RelayConfig.builder()).settings(Map.of("mount-pont", "/"))))
                .doesNotContain("mount-point");
    }

    @Test
    void an_earlier_place_wins_over_every_later_one() {
        for (Place first : Place.values()) {
            for (Place second : Place.values()) {
                RelayConfigBuilder builder = RelayConfig.builder();
                first.give(builder, "PORT", "1111");
                second.give(builder, "PORT", "2222");
                assertThat(complete(builder).build().number(ConfigKey.PORT))
                        .as(first + " before " + second)
                        .isEqualTo(1111);
            }
        }
    }

    @Test
    void the_prefixed_variable_wins_over_the_plain_one() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PORT", "2222");
        variables.put("RELAY_PORT", "1111");
        assertThat(complete(RelayConfig.builder().environment(variables, true))
                        .build()
                        .number(ConfigKey.PORT))
                .isEqualTo(1111);
    }

    @Test
    void the_variables_names_serve_in_files_and_properties_too() {
        RelayConfig config = complete(RelayConfig.builder()
                        .settings(Map.of("REQUEST_TIMEOUT", "1234"))
                        .systemProperties(Map.of("PORT", "4321"), true))
                .build();
        assertThat(config.text(ConfigKey.REQUEST_TIMEOUT)).isEqualTo("1234");
        assertThat(config.text(ConfigKey.PORT)).isEqualTo("4321");
    }

    @Test
    void a_host_s_own_configuration_is_asked_for_every_name(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("key"), SECRET + "9\n");
        Map<String, String> host = Map.of("port", "4321", "encryption-key-file", file.toString());
        RelayConfig config = RelayConfig.builder()
                .set(ConfigKey.HOST, "first")
                .lookUp(name -> name.equals("host") ? "second" : host.get(name))
                .build();
        assertThat(config.text(ConfigKey.PORT)).isEqualTo("4321");
        assertThat(config.secret(ConfigKey.ENCRYPTION_KEY).reveal()).isEqualTo(SECRET + "9");
        assertThat(config.text(ConfigKey.HOST)).isEqualTo("first");
    }

    @Test
    void an_empty_value_hides_nothing() {
        RelayConfig config = complete(RelayConfig.builder()
                        .environment(Map.of("PORT", "", "HOST", " "), true)
                        .settings(Map.of("port", "8080")))
                .build();
        assertThat(config.text(ConfigKey.PORT)).isEqualTo("8080");
        assertThat(config.text(ConfigKey.HOST)).isEqualTo("0.0.0.0");
    }

    @Test
    void what_is_not_meant_for_a_relay_is_left_alone() {
        RelayConfig config = complete(RelayConfig.builder()
                        .systemProperties(Map.of("port", "1", "java.home", "/", "relays.port", "1"), false)
                        .environment(
                                Map.of("PORT", "1", "HOST", "nowhere", "PATH", "/bin", "RELAY_CONFIG", "x"), false))
                .build();
        assertThat(config.text(ConfigKey.PORT)).isEqualTo("3000");
        assertThat(config.text(ConfigKey.HOST)).isEqualTo("0.0.0.0");
    }

    @ParameterizedTest
    @CsvSource({
        "requst-timeout, request-timeout",
        "REQUEST_TIMEOT, request-timeout",
        "Port, port",
        "encryption_key, encryption-key",
        "admin-pasword, admin-password",
        "max-retries-accounts, max-retry-accounts"
    })
    void an_unknown_name_is_refused_with_the_nearest_known_one(String name, String nearest) {
        assertThat(onlyProblem(complete(RelayConfig.builder().settings(Map.of(name, SECRET)))))
                .startsWith(name + ": ")
                .contains("did you mean " + nearest + "?")
                .doesNotContain("canary");
    }

    @Test
    void an_unknown_name_is_shown_as_it_was_spelled_in_its_place() {
        assertThat(onlyProblem(complete(RelayConfig.builder().environment(Map.of("RELAY_PROT", "1"), true))))
                .startsWith("RELAY_PROT: ");
        assertThat(onlyProblem(complete(RelayConfig.builder().systemProperties(Map.of("relay.prot", "1"), false))))
                .startsWith("relay.prot: ");
        assertThat(onlyProblem(complete(RelayConfig.builder().settings(Map.of("zzzzzzzzzzzz", "1")))))
                .doesNotContain("did you mean");
        assertThat(onlyProblem(complete(RelayConfig.builder().settings(Map.of("port-file", "/x")))))
                .startsWith("port-file: ");
    }

    @Test
    void all_problems_are_told_at_once() {
        List<String> problems = problems(RelayConfig.builder()
                .settings(Map.of("prot", "1"))
                .set(ConfigKey.PORT, "99999")
                .set(ConfigKey.VIA, "yes")
                .set(ConfigKey.LOG_LEVEL, "loud")
                .set(ConfigKey.API_KEY_PREFIX, "not valid!")
                .set(ConfigKey.REDIS_DB, "1")
                .set(ConfigKey.ADMIN_ENABLED, "true")
                .set(ConfigKey.JWT_SECRET, "short")
                .set(ConfigKey.ADMIN_PASSWORD, "changeme"));
        assertThat(problems)
                .hasSize(9)
                .anyMatch(problem -> problem.startsWith("prot: "))
                .anyMatch(problem -> problem.startsWith("port (PORT): must be a whole number, 0 to 65535"))
                .anyMatch(problem -> problem.startsWith("via (VIA): must be true or false"))
                .anyMatch(problem -> problem.startsWith("log-level (LOG_LEVEL): must be debug, info, warn or error"))
                .anyMatch(problem -> problem.startsWith("api-key-prefix (API_KEY_PREFIX): "))
                .anyMatch(problem ->
                        problem.startsWith("redis-db (REDIS_DB): is of no use without redis-addr (REDIS_ADDR)"))
                .anyMatch(problem -> problem.startsWith("encryption-key (ENCRYPTION_KEY): is required"))
                .anyMatch(problem -> problem.startsWith("jwt-secret (JWT_SECRET): must have 16 characters"))
                .anyMatch(problem -> problem.startsWith("admin-password (ADMIN_PASSWORD): is a sample value"));
    }

    @Test
    void secrets_of_the_administration_are_only_required_where_it_is_served() {
        assertThat(RelayConfig.builder()
                        .set(ConfigKey.ENCRYPTION_KEY, SECRET)
                        .build()
                        .enabled(ConfigKey.ADMIN_ENABLED))
                .isFalse();
        assertThat(problems(RelayConfig.builder()
                        .set(ConfigKey.ENCRYPTION_KEY, SECRET)
                        .set(ConfigKey.ADMIN_ENABLED, "true")))
                .hasSize(2)
                .allMatch(problem -> problem.contains("is required") && problem.contains("_FILE"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CHANGE-THIS-TO-32-CHARACTERS-OF-YOUR-OWN",
                "your-encryption-key-here-0123456789-0123",
                "change_me_change_me_change_me_change_me_",
                "replace-with-something-random-0123456789",
                "<put 32 random characters here, please!>",
                "example-encryption-key-0123456789-012345"
            })
    void a_sample_value_is_no_secret(String sample) {
        assertThat(onlyProblem(RelayConfig.builder().set(ConfigKey.ENCRYPTION_KEY, sample)))
                .startsWith("encryption-key (ENCRYPTION_KEY): is a sample value")
                .doesNotContain(sample);
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "PASSWORD123", "12345678", "admin123", "Changeme"})
    void a_password_that_everybody_tries_first_is_refused(String password) {
        assertThat(onlyProblem(complete(RelayConfig.builder()
                        .set(ConfigKey.ADMIN_ENABLED, "true")
                        .set(ConfigKey.ADMIN_PASSWORD, password))))
                .startsWith("admin-password (ADMIN_PASSWORD): is a sample value");
    }

    @ParameterizedTest
    @CsvSource({
        "ENCRYPTION_KEY, 0123456789012345678901234567890, must have 32 characters",
        "ENCRYPTION_KEY, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, is too weak",
        "ENCRYPTION_KEY, abababababababababababababababababababababc, is too weak",
        "JWT_SECRET, 012345678901234, must have 16 characters",
        "JWT_SECRET, 0000000000000000, is too weak",
        "ADMIN_PASSWORD, abcdefg, must have 8 characters",
        "ADMIN_PASSWORD, abababab, is too weak"
    })
    void a_weak_secret_is_refused_and_not_quoted(ConfigKey key, String value, String words) {
        assertThat(onlyProblem(complete(RelayConfig.builder()
                        .set(ConfigKey.ADMIN_ENABLED, "true")
                        .set(key, value))))
                .contains("(" + key.name() + ")", words)
                .doesNotContain(value);
    }

    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"FILE", "PREFIXED_FILE", "SYSTEM_PROPERTY", "PREFIXED_VARIABLE", "VARIABLE"})
    void a_secret_can_be_read_from_a_file(Place place, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "\n " + SECRET + "ä \r\n");
        for (ConfigKey key : ConfigKey.values()) {
            if (key.secret()) {
                RelayConfigBuilder builder = RelayConfig.builder();
                place.give(builder, key.name() + "_FILE", file.toString());
                assertThat(withRedis(builder).build().secret(key).reveal()).isEqualTo(SECRET + "ä");
            }
        }
    }

    @Test
    void of_a_secret_and_a_file_for_it_the_earlier_one_wins(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), SECRET + "-from-file");
        Map<String, String> named = Map.of("encryption-key-file", file.toString());
        assertThat(RelayConfig.builder()
                        .settings(named)
                        .set(ConfigKey.ENCRYPTION_KEY, SECRET)
                        .build()
                        .text(ConfigKey.ENCRYPTION_KEY))
                .endsWith("-from-file");
        assertThat(RelayConfig.builder()
                        .set(ConfigKey.ENCRYPTION_KEY, SECRET)
                        .settings(named)
                        .build()
                        .text(ConfigKey.ENCRYPTION_KEY))
                .isEqualTo(SECRET);
    }

    @Test
    void a_secret_file_that_cannot_be_used_is_told_by_its_name(@TempDir Path folder) throws Exception {
        Path missing = folder.resolve("missing");
        assertThat(problems(RelayConfig.builder().settings(Map.of("encryption-key-file", missing.toString()))))
                .anyMatch(problem -> problem.startsWith("encryption-key-file (ENCRYPTION_KEY_FILE): ")
                        && problem.contains(missing.toString()));
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        assertThat(onlyProblem(RelayConfig.builder().settings(Map.of("encryption-key-file", empty.toString()))))
                .contains("is required");
        Path weak = Files.writeString(folder.resolve("weak"), "canary");
        assertThat(onlyProblem(RelayConfig.builder().settings(Map.of("encryption-key-file", weak.toString()))))
                .contains("32 characters")
                .doesNotContain("canary");
    }

    @Test
    void a_value_that_the_platform_could_not_read_is_refused_and_not_quoted() {
        assertThat(onlyProblem(RelayConfig.builder().set(ConfigKey.ENCRYPTION_KEY, SECRET + "\uFFFD")))
                .contains("encryption-key-file")
                .doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource({"REDIS_PASSWORD, canary-password", "REDIS_DB, 1", "REDIS_TRUST_FILE, file"})
    void how_to_log_in_to_redis_is_refused_where_no_redis_is_named(ConfigKey key, String value) {
        assertThat(onlyProblem(RelayConfig.builder()
                        .set(ConfigKey.ENCRYPTION_KEY, SECRET)
                        .set(key, value)))
                .startsWith(key.id() + " (" + key.name() + "): ")
                .contains("is of no use without redis-addr")
                .doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource({
        "PORT, -1",
        "PORT, 65536",
        "PORT, 80.5",
        "PORT, 0x50",
        "PORT, eighty",
        "REQUEST_TIMEOUT, 999",
        "REQUEST_TIMEOUT, 5m",
        "HEADER_TIMEOUT, 99",
        "MAX_RETRY_ACCOUNTS, 21",
        "MAX_BODY_BYTES, 1023",
        "STICKY_SESSION_TTL, 9223372036854775808",
        "VIA, TRUE",
        "ADMIN_ENABLED, 1",
        "LOG_LEVEL, trace",
        "CLIENT_GONE_POLICY, Drain",
        "CREDENTIAL_FORMAT, GCM",
        "UNDECRYPTABLE_AS_LITERAL, yes",
        "DRAIN_SECONDS, 0",
        "DRAIN_SECONDS, 3601",
        "DRAIN_BYTES, 1023",
        "MAX_DRAINS, 10001",
        "API_KEY_PREFIX, a b",
        "API_KEY_PREFIX, 12345678901234567"
    })
    void a_value_out_of_its_form_is_refused_by_name(ConfigKey key, String value) {
        assertThat(onlyProblem(RelayConfig.builder()
                        .set(ConfigKey.ENCRYPTION_KEY, SECRET)
                        .set(key, value)))
                .startsWith(key.id() + " (" + key.name() + "): must be ");
    }

    @Test
    void a_configuration_prints_its_settings_and_no_secret() {
        RelayConfig config =
                complete(RelayConfig.builder().set(ConfigKey.PORT, "4711")).build();
        assertThat(config.toString())
                .contains("port=4711", "encryption-key=****", "jwt-secret=****", "redis-password=,")
                .doesNotContain("canary");
        assertThat(config.secret(ConfigKey.ENCRYPTION_KEY).toString()).isEqualTo("****");
        for (ConfigKey key : ConfigKey.values()) {
            assertThat(config.toString()).contains(key.id() + "=");
        }
    }

    @Test
    void the_names_of_all_settings_are_found_again() {
        for (ConfigKey key : ConfigKey.values()) {
            assertThat(ConfigKey.byId(key.id())).contains(key);
        }
        assertThat(ConfigKey.byId("PORT")).isEmpty();
    }

    @Test
    void a_secret_that_stands_where_its_file_belongs_is_not_told() {
        String secret = "a-secret-of-somebody-who-took-the-wrong-name";
        assertThat(onlyProblem(complete(RelayConfig.builder().settings(Map.of("api-key-pepper-file", secret)))))
                .startsWith("api-key-pepper-file")
                .contains("cannot be read")
                .doesNotContain(secret);
    }
}
