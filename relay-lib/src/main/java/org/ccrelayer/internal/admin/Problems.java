package org.ccrelayer.internal.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccrelayer.internal.names.NearestName;

/** Everything that is wrong with one input, by field. Collects first and refuses once. Not for concurrent use. */
final class Problems {
    private static final Pattern PRINTABLE_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private final Map<String, String> byField = new LinkedHashMap<>();
    private final List<String> refusals = new ArrayList<>();

    /** Notes a problem of a field; the first one noted for a field stays. */
    void add(String field, String problem) {
        byField.putIfAbsent(field, problem);
    }

    /** Notes what a rule found, if it found anything. */
    void add(String field, Optional<String> problem) {
        problem.ifPresent(found -> add(field, found));
    }

    /** Notes what is wrong with a number, if anything is. */
    void add(WholeNumber number, long value) {
        add(number.field(), number.problem(value));
    }

    /** Notes why a record refused to be made; its message names the fields. */
    void add(IllegalArgumentException refusal) {
        refusals.add(String.valueOf(refusal.getMessage()));
    }

    /** Notes all that another noted of fields. */
    void add(Problems others) {
        others.byField.forEach(this::add);
    }

    /** Whether nothing was noted. */
    boolean none() {
        return byField.isEmpty() && refusals.isEmpty();
    }

    /** Whether a name is known; notes it, with the nearest known one, where it is not. */
    boolean knows(String name, List<String> known) {
        return knows("", name, known);
    }

    /** As above, for a member of an object; what is noted has {@code prefix} before the name. */
    boolean knows(String prefix, String name, List<String> known) {
        if (known.contains(name)) {
            return true;
        }
        // A name that looks like anything else is not repeated: it might be a misplaced secret or break a log line.
        boolean printable = PRINTABLE_NAME.matcher(name).matches();
        String hint = printable
                ? NearestName.of(name, known)
                        .map(nearest -> ", did you mean " + nearest + "?")
                        .orElse("")
                : "";
        add(
                prefix + (printable ? name : "(a name)"),
                "is unknown" + hint + " (known are " + String.join(", ", known) + ")");
        return false;
    }

    /**
     * Goes on only if nothing was noted.
     *
     * @throws IllegalArgumentException with every problem, as {@code field: problem} joined by semicolons
     */
    void refuse() {
        Stream<String> ofFields =
                byField.entrySet().stream().map(problem -> problem.getKey() + ": " + problem.getValue());
        String all = Stream.concat(ofFields, refusals.stream()).collect(Collectors.joining("; "));
        if (!all.isEmpty()) {
            throw new IllegalArgumentException(all);
        }
    }
}
