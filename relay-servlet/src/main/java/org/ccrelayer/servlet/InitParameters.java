package org.ccrelayer.servlet;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Init parameters as a map that may be changed. Stateless. */
final class InitParameters {
    private InitParameters() {}

    static Map<String, String> of(ServletConfig config) {
        return read(config.getInitParameterNames(), config::getInitParameter);
    }

    static Map<String, String> of(FilterConfig config) {
        return read(config.getInitParameterNames(), config::getInitParameter);
    }

    static Map<String, String> of(ServletContext context) {
        return read(context.getInitParameterNames(), context::getInitParameter);
    }

    private static Map<String, String> read(Enumeration<String> names, Function<String, String> values) {
        Map<String, String> read = new LinkedHashMap<>();
        Collections.list(names).forEach(name -> read.put(name, values.apply(name)));
        return read;
    }
}
