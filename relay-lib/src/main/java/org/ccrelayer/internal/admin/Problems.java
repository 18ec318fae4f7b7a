package org.ccrelayer.internal.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Everything that is wrong with one input, by field. Collects first and refuses once. Not for concurrent use. */
final class Problems {
    private final Map<String, String> byField = new LinkedHashMap<>();

    /** Notes a problem of a field; the first one noted for a field stays. */
    void add(String field, String problem) {
        byField.putIfAbsent(field, problem);
    }

    /** Notes what a rule found, if it found anything. */
    void add(String field, Optional<String> problem) {
        problem.ifPresent(found -> add(field, found));
    }

    /**
     * Goes on only if nothing was noted.
     *
     * @throws IllegalArgumentException with every problem, as {@code field: problem} joined by semicolons
     */
    void refuse() {
        if (!byField.isEmpty()) {
            throw new IllegalArgumentException(byField.entrySet().stream()
                    .map(problem -> problem.getKey() + ": " + problem.getValue())
                    .collect(Collectors.joining("; ")));
        }
    }
}
