package org.ccrelayer.servlet.war;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The ways in which an operator gives the WAR its settings. */
enum Configured {
    ENVIRONMENT,
    SYSTEM_PROPERTIES,
    CONTEXT_PARAMETERS,
    JNDI;

    /** The settings as variables. */
    static Map<String, String> variables(Map<String, String> settings) {
        Map<String, String> variables = new LinkedHashMap<>();
        settings.forEach((id, value) ->
                variables.put("RELAY_" + id.toUpperCase(Locale.ROOT).replace('-', '_'), value));
        return variables;
    }

    /** One line for each setting, made from its name and its value. */
    static String lines(Map<String, String> settings, BiFunction<String, String, String> line) {
        return settings.entrySet().stream()
                .map(setting -> line.apply(setting.getKey(), setting.getValue()))
                .collect(Collectors.joining("\n"));
    }
}
