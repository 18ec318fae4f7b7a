package org.ccrelayer.internal.admin;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.internal.names.NearestName;

/**
 * The members of a request body, read one by one while every problem is collected: unknown names, wrong types, missing
 * and bad values. Null is the same as missing. Not for concurrent use.
 */
final class BodyFields {
    private static final Pattern PRINTABLE_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private final JsonObject json;
    private final Problems problems = new Problems();

    private BodyFields(JsonObject json) {
        this.json = json;
    }

    /**
     * The members of a body that may have only the known ones.
     *
     * @throws JsonException if the body is not a JSON object
     */
    static BodyFields of(byte[] body, String... known) {
        BodyFields fields = new BodyFields(JsonObject.parse(body));
        List<String> names = List.of(known);
        for (String name : fields.json.names()) {
            if (!names.contains(name)) {
                fields.unknown(name, names);
            }
        }
        return fields;
    }

    private void unknown(String name, List<String> known) {
        // A name that looks like anything else is not repeated: it might be a misplaced secret or break a log line.
        boolean printable = PRINTABLE_NAME.matcher(name).matches();
        String hint = printable
                ? NearestName.of(name, known)
                        .map(nearest -> ", did you mean " + nearest + "?")
                        .orElse("")
                : "";
        problems.add(
                printable ? name : "(a name)", "is unknown" + hint + " (known are " + String.join(", ", known) + ")");
    }

    Optional<String> string(String name) {
        return typed(name, () -> json.string(name));
    }

    Optional<Boolean> bool(String name) {
        return typed(name, () -> json.bool(name));
    }

    Optional<Long> integer(String name) {
        return typed(name, () -> json.integer(name));
    }

    Optional<Set<String>> strings(String name) {
        return typed(name, () -> json.strings(name)).map(Set::copyOf);
    }

    Optional<Instant> instant(String name) {
        return string(name).flatMap(text -> {
            try {
                return Optional.of(Instant.parse(text));
            } catch (DateTimeParseException e) {
                problems.add(name, "must be a time such as 2027-01-31T00:00:00Z");
                return Optional.empty();
            }
        });
    }

    /** The value, after the rule was applied to it. */
    <T> Optional<T> checked(String name, Optional<T> value, Function<T, Optional<String>> rule) {
        value.flatMap(rule).ifPresent(problem -> problems.add(name, problem));
        return value;
    }

    /** The value, noted as a problem where it is missing. */
    <T> Optional<T> required(String name, Optional<T> value) {
        if (value.isEmpty()) {
            problems.add(name, "is required");
        }
        return value;
    }

    /**
     * Goes on only if there was no problem.
     *
     * @throws IllegalArgumentException with every problem
     */
    void refuse() {
        problems.refuse();
    }

    private <T> Optional<T> typed(String name, Supplier<Optional<T>> read) {
        try {
            return read.get();
        } catch (JsonException e) {
            problems.add(name, String.valueOf(e.getMessage()).substring(name.length() + 2));
            return Optional.empty();
        }
    }
}
