package org.ccrelayer.internal.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters of a query, decoded as forms are: {@code +} is a blank, {@code %xx} UTF-8. Immutable. */
final class QueryParameters {
    private static final int LONGEST_QUERY = 4_096;
    private static final char REPLACEMENT = '\uFFFD';
    private static final Optional<String> REPEATED = Optional.of("must be given once");

    private final Map<String, String> values;

    private QueryParameters(Map<String, String> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /**
     * The parameters of a query that may have only the known ones.
     *
     * @param query as the client sent it, without question mark
     * @throws IllegalArgumentException with every problem: unknown and repeated names, empty values, wrong encoding
     */
    static QueryParameters of(String query, String... known) {
        if (query.length() > LONGEST_QUERY) {
            throw new IllegalArgumentException("The query must have at most " + LONGEST_QUERY + " characters.");
        }
        Problems problems = new Problems();
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                if (problems.knows(name, List.of(known))) {
                    problems.add(name, problem(value));
                    problems.add(name, values.put(name, value) == null ? Optional.empty() : REPEATED);
                }
            }
        }
        problems.refuse();
        return new QueryParameters(values);
    }

    private static Optional<String> problem(String value) {
        return value.isEmpty() || value.chars().anyMatch(Character::isISOControl)
                ? Optional.of("must be one or more characters without control characters")
                : Optional.empty();
    }

    private static String decoded(String text) {
        try {
            String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
            if (decoded.indexOf(REPLACEMENT) < 0) {
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            // The remedy is the same as for bytes that are no UTF-8.
        }
        throw new IllegalArgumentException("The query must be percent-encoded UTF-8.");
    }

    /** The values by name, in the order in which they were given. */
    Map<String, String> values() {
        return values;
    }
}
