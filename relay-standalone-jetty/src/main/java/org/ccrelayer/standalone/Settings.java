package org.ccrelayer.standalone;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.RelayConfigBuilder;

/**
 * Where a standalone relay finds its settings, the first place winning: command line, system properties, environment,
 * file, defaults. Stateless.
 */
final class Settings {
    private static final Path DEFAULT_FILE = Path.of("relay.properties");
    private static final String DEFAULT_DATA_DIR = "./relay-data";
    private static final String FILE_VARIABLE = "RELAY_CONFIG";

    private Settings() {}

    static RelayConfig gather(Map<String, String> commandLine, Optional<Path> file) {
        RelayConfigBuilder builder = RelayConfig.builder()
                .settings(commandLine)
                .systemProperties(texts(System.getProperties()), true)
                .environment(System.getenv(), true);
        file(file).ifPresent(path -> builder.settings(read(path)));
        return builder.set(ConfigKey.ADMIN_ENABLED, "true")
                .set(ConfigKey.DATA_DIR, DEFAULT_DATA_DIR)
                .build();
    }

    /**
     * The settings for a command beside the relay's own work; those of the administration may be missing.
     *
     * @throws IllegalStateException if a secret stands on the command line, or the file cannot be read
     * @throws org.ccrelayer.RelayConfigException if a setting is missing, unknown or malformed
     */
    static RelayConfig forCommand(Main main) {
        Map<String, String> settings = new LinkedHashMap<>(main.settings());
        settings.keySet().stream().filter(Settings::isSecret).findFirst().ifPresent(name -> {
            throw new IllegalStateException(name
                    + ": others can read the command line; give it in the environment or name a file that holds it");
        });
        settings.put(ConfigKey.ADMIN_ENABLED.id(), "false");
        return gather(settings, main.file());
    }

    private static boolean isSecret(String name) {
        String id = name.replaceFirst("^relay\\.", "").toLowerCase(Locale.ROOT).replace('_', '-');
        return ConfigKey.byId(id).filter(ConfigKey::secret).isPresent();
    }

    private static Optional<Path> file(Optional<Path> chosen) {
        return chosen.or(() -> Optional.ofNullable(System.getenv(FILE_VARIABLE)).map(Path::of))
                .or(() -> Optional.of(DEFAULT_FILE).filter(Files::isRegularFile));
    }

    private static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException("the configuration file " + file + " cannot be read", e);
        }
        return texts(properties);
    }

    private static Map<String, String> texts(Properties properties) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : properties.stringPropertyNames()) {
            texts.put(name, properties.getProperty(name));
        }
        return texts;
    }
}
