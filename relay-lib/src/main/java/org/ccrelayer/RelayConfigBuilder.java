package org.ccrelayer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccrelayer.internal.names.NearestName;
import org.jspecify.annotations.Nullable;

/**
 * Gathers settings from several places, the earlier ones winning, and checks them together. Not safe for concurrent use.
 */
public final class RelayConfigBuilder {
    private static final String PROPERTY_PREFIX = "relay.";
    private static final String VARIABLE_PREFIX = "RELAY_";
    private static final String FILE_SUFFIX = "-file";
    private static final Pattern ALL_CAPITALS = Pattern.compile("[A-Z][A-Z0-9_]*");

    /** Variables beginning with the prefix that are not settings of a relay. */
    private static final List<String> OTHER_VARIABLES = List.of("config");

    private static final List<String> KNOWN =
            Arrays.stream(ConfigKey.values()).map(ConfigKey::id).toList();

    private final Map<ConfigKey, String> values = new EnumMap<>(ConfigKey.class);
    private final Map<ConfigKey, Path> files = new EnumMap<>(ConfigKey.class);
    private final List<String> unknown = new ArrayList<>();
    private final List<Function<RelayConfig, Optional<String>>> rules = new ArrayList<>();
    private List<String> suggested = KNOWN;

    RelayConfigBuilder() {}

    /** Sets a value unless an earlier place has set it. */
    public RelayConfigBuilder set(ConfigKey key, String value) {
        if (!files.containsKey(key) && !value.isBlank()) {
            values.putIfAbsent(key, value.strip());
        }
        return this;
    }

    /**
     * Adds a rule of a program's own. What is wrong is told together with all other problems; a rule may be asked of values
     * that are malformed.
     *
     * @param rule one sentence where something is wrong
     */
    public RelayConfigBuilder rule(Function<RelayConfig, Optional<String>> rule) {
        rules.add(rule);
        return this;
    }

    /** Compares misspelt names that come from now on with these too, which a program understands by itself. */
    public RelayConfigBuilder suggesting(Collection<String> names) {
        suggested = Stream.concat(KNOWN.stream(), names.stream()).toList();
        return this;
    }

    /** One sentence for every name so far that is none of a setting. */
    public List<String> unknownNames() {
        return List.copyOf(unknown);
    }

    /** Sets values by name, as in a file or init parameters; unknown names are problems. */
    public RelayConfigBuilder settings(Map<String, String> settings) {
        settings.forEach((name, value) -> {
            String id = name.startsWith(PROPERTY_PREFIX) ? name.substring(PROPERTY_PREFIX.length()) : name;
            put(ALL_CAPITALS.matcher(id).matches() ? idOf(id) : id, name, value);
        });
        return this;
    }

    /**
     * Asks for every setting by its name, such as {@code request-timeout}, and for the file of every secret, such as
     * {@code encryption-key-file}. For programs with a configuration of their own; what is misspelt there is not noticed.
     *
     * @param source what is set, or null
     */
    public RelayConfigBuilder lookUp(Function<String, @Nullable String> source) {
        for (ConfigKey key : ConfigKey.values()) {
            for (String id : key.secret() ? List.of(key.id(), key.id() + FILE_SUFFIX) : List.of(key.id())) {
                String value = source.apply(id);
                if (value != null) {
                    put(id, id, value);
                }
            }
        }
        return this;
    }

    /**
     * Takes the properties that begin with {@code relay.}, of which unknown ones are problems.
     *
     * @param unprefixed whether the variables' plain names are taken too, for programs that own their process
     */
    public RelayConfigBuilder systemProperties(Map<String, String> properties, boolean unprefixed) {
        properties.forEach((name, value) -> {
            if (name.startsWith(PROPERTY_PREFIX)) {
                put(name.substring(PROPERTY_PREFIX.length()), name, value);
            }
        });
        if (unprefixed) {
            plainNames(properties);
        }
        return this;
    }

    /**
     * Takes the variables that begin with {@code RELAY_}, of which unknown ones are problems.
     *
     * @param unprefixed whether the plain names are taken too, for programs that own their process
     */
    public RelayConfigBuilder environment(Map<String, String> variables, boolean unprefixed) {
        variables.forEach((name, value) -> {
            if (name.startsWith(VARIABLE_PREFIX)) {
                put(idOf(name.substring(VARIABLE_PREFIX.length())), name, value);
            }
        });
        if (unprefixed) {
            plainNames(variables);
        }
        return this;
    }

    private void plainNames(Map<String, String> named) {
        for (ConfigKey key : ConfigKey.values()) {
            Optional.ofNullable(named.get(key.name())).ifPresent(value -> put(key.id(), key.name(), value));
            Optional.ofNullable(named.get(key.name() + "_FILE"))
                    .filter(value -> key.secret())
                    .ifPresent(value -> put(key.id() + FILE_SUFFIX, key.name() + "_FILE", value));
        }
    }

    private static String idOf(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void put(String id, String shownName, String value) {
        Optional<ConfigKey> key = ConfigKey.byId(id);
        Optional<ConfigKey> fileKey = id.endsWith(FILE_SUFFIX)
                ? ConfigKey.byId(id.substring(0, id.length() - FILE_SUFFIX.length()))
                        .filter(ConfigKey::secret)
                : Optional.empty();
        if (value.isBlank() && (fileKey.isPresent() || key.isPresent())) {
            // Tools that always pass a variable pass an empty one for what is not set.
            return;
        }
        if (fileKey.isPresent()) {
            if (!values.containsKey(fileKey.get())) {
                files.putIfAbsent(fileKey.get(), Path.of(value.strip()));
            }
        } else if (key.isPresent()) {
            set(key.get(), value);
        } else if (!OTHER_VARIABLES.contains(id)) {
            String hint = PredecessorSettings.here(id)
                    .map(remedy -> "; " + remedy)
                    .or(() -> NearestName.of(id, suggested).map(name -> "; did you mean " + name + "?"))
                    .orElse("");
            unknown.add(shownName + ": there is no such setting" + hint);
        }
    }

    /**
     * The configuration.
     *
     * @throws RelayConfigException if anything is missing, unknown, malformed or weak; it lists every problem
     */
    public RelayConfig build() {
        List<String> found = new ArrayList<>(unknown);
        Map<ConfigKey, String> complete = new EnumMap<>(values);
        files.forEach((key, file) -> readSecret(key, file, complete, found));
        complete.values().removeIf(String::isEmpty);
        PredecessorSettings.apply(complete);
        complete.forEach((key, value) -> key.problem(value).ifPresent(found::add));
        RelayConfig unchecked = new RelayConfig(complete);
        found.addAll(ConfigCheck.problems(unchecked));
        rules.forEach(rule -> rule.apply(unchecked).ifPresent(found::add));
        if (!found.isEmpty()) {
            throw new RelayConfigException(found);
        }
        return unchecked;
    }

    private static void readSecret(ConfigKey key, Path file, Map<ConfigKey, String> complete, List<String> found) {
        try {
            complete.put(key, Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            // Whoever puts the secret itself where its file belongs must not find it in the log.
            String shown = file.getParent() != null && Files.isDirectory(file.getParent())
                    ? file.toString()
                    : "the file that it names";
            found.add(key.id() + FILE_SUFFIX + " (" + key.name() + "_FILE): " + shown + " cannot be read");
        }
    }
}
