package org.ccrelayer.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.RelayConfigBuilder;
import org.ccrelayer.RelayConfigException;

/**
 * Where a relay inside a host finds its settings, the first place winning: init parameters, context parameters, JNDI,
 * system properties, environment. What does not begin with {@code relay.} or {@code RELAY_} is the host's. Used by one
 * thread.
 */
final class HostSettings {
    static final String FILTER = "filter";
    static final String FILTER_HEALTH = "filter-health";
    static final String FILTER_PROBES = "filter-probes";

    private static final String LEGACY_ENV = "legacy-env";
    private static final String PROPERTY_PREFIX = "relay.";
    private static final String VARIABLE_PREFIX = "RELAY_";

    /** Names that are written like settings and are no relay's. */
    private static final Set<String> OWN = Set.of(LEGACY_ENV, FILTER, FILTER_HEALTH, FILTER_PROBES);

    private final ServletContext context;
    private final InitParameters parameters;
    private final Map<String, String> contextParameters;
    private final Map<String, String> naming;
    private final Surroundings surroundings;
    private final boolean unprefixed;

    private HostSettings(
            ServletContext context, Map<String, String> naming, Surroundings surroundings, InitParameters parameters) {
        this.context = context;
        this.parameters = parameters;
        this.contextParameters = withPrefix(
                InitParameters.read(context.getInitParameterNames(), context::getInitParameter), PROPERTY_PREFIX);
        this.naming = naming;
        this.surroundings = surroundings;
        this.unprefixed = parameters.isTrue(
                LEGACY_ENV,
                parameters.take(LEGACY_ENV).or(() -> flag(LEGACY_ENV)).orElse("false"));
    }

    /** The settings of what has those init parameters; takes out those that say how to read the others. */
    static HostSettings of(ServletContext context, Surroundings surroundings, InitParameters parameters) {
        Map<String, String> naming = new LinkedHashMap<>();
        NamingEntries.read().forEach((name, value) -> naming.put(PROPERTY_PREFIX + name, value));
        return new HostSettings(context, naming, surroundings, parameters);
    }

    /** The settings while the webapp does not have its environment of names yet. */
    static HostSettings beforeNaming(ServletContext context, Surroundings surroundings) {
        return new HostSettings(context, Map.of(), surroundings, new InitParameters("relay", Map.of()));
    }

    /**
     * The configuration of a relay with those init parameters.
     *
     * @throws ServletException if anything is missing, unknown, malformed or weak; it lists every problem, one per line
     */
    static RelayConfig gather(ServletContext context, Map<String, String> initParameters) throws ServletException {
        return of(context, Surroundings.ofProcess(), new InitParameters("relay", initParameters))
                .gather();
    }

    RelayConfig gather() throws ServletException {
        RelayConfigBuilder builder = parameters
                .builder()
                .suggesting(OWN)
                .settings(settingsOf(contextParameters))
                .settings(settingsOf(naming))
                .systemProperties(settingsOf(surroundings.properties()), unprefixed)
                .environment(settingsOf(surroundings.variables()), unprefixed)
                .rule(config -> DataFolder.problem(config, context, surroundings));
        try {
            RelayConfig config = builder.build();
            parameters.refuseProblems();
            return config;
        } catch (RelayConfigException e) {
            e.problems().forEach(parameters::problem);
            throw parameters.refusal();
        }
    }

    /** Whether neither the webapp nor the process says anything to a relay. */
    boolean silent() {
        return !unprefixed
                && settingsOf(contextParameters).isEmpty()
                && settingsOf(naming).isEmpty()
                && settingsOf(withPrefix(surroundings.properties(), PROPERTY_PREFIX))
                        .isEmpty()
                && settingsOf(withPrefix(surroundings.variables(), VARIABLE_PREFIX))
                        .isEmpty();
    }

    /** What the first place says of a name that is no setting of a relay. */
    Optional<String> flag(String name) {
        String property = PROPERTY_PREFIX + name;
        String variable = VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
        return Stream.<Function<String, String>>of(contextParameters::get, naming::get, surroundings.properties()::get)
                .map(place -> Optional.ofNullable(place.apply(property)))
                .flatMap(Optional::stream)
                .filter(value -> !value.isBlank())
                .findFirst()
                .or(() -> Optional.ofNullable(surroundings.variables().get(variable))
                        .filter(value -> !value.isBlank()))
                .map(String::strip);
    }

    private static Map<String, String> withPrefix(Map<String, String> named, String prefix) {
        Map<String, String> found = new LinkedHashMap<>(named);
        found.keySet().removeIf(name -> !name.startsWith(prefix));
        return found;
    }

    private static Map<String, String> settingsOf(Map<String, String> place) {
        Map<String, String> settings = new LinkedHashMap<>(place);
        for (String name : OWN) {
            settings.remove(PROPERTY_PREFIX + name);
            settings.remove(VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
        return settings;
    }
}
