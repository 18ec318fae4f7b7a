package org.ccrelayer.servlet;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.RelayConfigBuilder;

/**
 * The init parameters of a servlet or filter. Each part takes those that it understands; what is left is for the relay.
 * Empty values count as not set. Used by one thread.
 */
final class InitParameters {
    private final String owner;
    private final Map<String, String> left = new LinkedHashMap<>();
    private final Set<String> understood = new LinkedHashSet<>();
    private final List<String> problems = new ArrayList<>();

    InitParameters(String owner, Map<String, String> parameters) {
        this.owner = owner;
        parameters.forEach((name, value) -> {
            if (!value.isBlank()) {
                left.put(name, value.strip());
            }
        });
    }

    static InitParameters of(ServletConfig config) {
        return new InitParameters(
                "servlet " + config.getServletName(), read(config.getInitParameterNames(), config::getInitParameter));
    }

    static InitParameters of(FilterConfig config) {
        return new InitParameters(
                "filter " + config.getFilterName(), read(config.getInitParameterNames(), config::getInitParameter));
    }

    static Map<String, String> read(Enumeration<String> names, Function<String, String> values) {
        Map<String, String> read = new LinkedHashMap<>();
        Collections.list(names).forEach(name -> read.put(name, values.apply(name)));
        return read;
    }

    Optional<String> take(String name) {
        understood.add(name);
        return Optional.ofNullable(left.remove(name));
    }

    /** A parameter that is true or false; false where it is missing. */
    boolean takeFlag(String name) {
        return isTrue(name, take(name).orElse("false"));
    }

    /** Whether that value is true; a problem where it is neither true nor false. */
    boolean isTrue(String name, String value) {
        if (!value.equals("true") && !value.equals("false")) {
            problem(name + ": must be true or false");
        }
        return value.equals("true");
    }

    void problem(String sentence) {
        problems.add(sentence);
    }

    /** Whether there are settings of a relay among what is left. */
    boolean holdSettings() {
        return left.size() > unknown().size();
    }

    /** One sentence per parameter that is left and is none of a relay's either. */
    List<String> unknown() {
        return builder().unknownNames();
    }

    /** A builder with what is left, first of all places. */
    RelayConfigBuilder builder() {
        return RelayConfig.builder().suggesting(understood).settings(left);
    }

    /** Refuses whatever is left, for one whose relay is already there. */
    void refuseLeft(String why) throws ServletException {
        if (holdSettings()) {
            left.keySet().forEach(name -> problem(name + ": has no effect, since " + why + "; remove it"));
        } else {
            unknown().forEach(this::problem);
        }
        refuseProblems();
    }

    /** Throws if there are problems so far. */
    void refuseProblems() throws ServletException {
        if (!problems.isEmpty()) {
            throw refusal();
        }
    }

    /** Tells all problems so far, one per line. */
    ServletException refusal() {
        return new ServletException(
                "the " + owner + " cannot start; its configuration has problems:\n  " + String.join("\n  ", problems));
    }
}
