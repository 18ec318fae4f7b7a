package org.ccrelayer.servlet;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** What a process says to all of its webapps. Immutable. */
record Surroundings(Map<String, String> properties, Map<String, String> variables) {
    Surroundings {
        properties = Map.copyOf(properties);
        variables = Map.copyOf(variables);
    }

    /** This process as it is now. */
    static Surroundings ofProcess() {
        Properties all = System.getProperties();
        Map<String, String> texts = new LinkedHashMap<>();
        all.stringPropertyNames().forEach(name -> texts.put(name, all.getProperty(name, "")));
        return new Surroundings(texts, System.getenv());
    }
}
