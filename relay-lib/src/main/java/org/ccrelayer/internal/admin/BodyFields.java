package org.ccrelayer.internal.admin;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The members of a request body, read one by one while every problem is collected: unknown names, wrong types, missing
 * and bad values. Null is the same as missing. Not for concurrent use.
 */
final class BodyFields {
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,20}(\\.[0-9]{1,20})?");

    private final JsonObject json;
    private final Problems problems;
    private final String prefix;

    private BodyFields(JsonObject json, Problems problems, String prefix) {
        this.json = json;
        this.problems = problems;
        this.prefix = prefix;
    }

    /**
     * The members of a body that may have only the known ones.
     *
     * @throws JsonException if the body is not a JSON object
     */
    static BodyFields of(byte[] body, String... known) {
        return new BodyFields(JsonObject.parse(body), new Problems(), "").knowing(known);
    }

    private BodyFields knowing(String... known) {
        for (String name : json.names()) {
            problems.knows(prefix, name, List.of(known));
        }
        return this;
    }

    /** The members of an object in the body; their problems are told under its name. */
    Optional<BodyFields> object(String name, String... known) {
        return typed(name, () -> json.object(name))
                .map(object -> new BodyFields(object, problems, prefix + name + ".").knowing(known));
    }

    /** Whether the member is there and not null. */
    boolean has(String name) {
        return json.has(name);
    }

    /** Whether the member is there and null. */
    boolean isNull(String name) {
        return json.names().contains(name) && !json.has(name);
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

    /** A whole number within its bounds; empty where it is out of them, which is noted. */
    Optional<Long> number(WholeNumber number) {
        return integer(number.field()).filter(value -> {
            Optional<String> problem = number.problem(value);
            problems.add(prefix + number.field(), problem);
            return problem.isEmpty();
        });
    }

    /** An amount of US dollars, as a number or a text, in billionths; empty where it is none, which is noted. */
    Optional<Long> usd(String name) {
        Object value = json.get(name);
        if (value == null) {
            return Optional.empty();
        }
        Optional<Long> nano = decimal(value).flatMap(Usd::nano);
        if (nano.isEmpty()) {
            problems.add(prefix + name, Usd.PROBLEM);
        }
        return nano;
    }

    private static Optional<BigDecimal> decimal(Object value) {
        if (value instanceof BigDecimal number) {
            return Optional.of(number);
        }
        return value instanceof String text && DECIMAL.matcher(text).matches()
                ? Optional.of(new BigDecimal(text))
                : Optional.empty();
    }

    Optional<Set<String>> strings(String name) {
        return typed(name, () -> json.strings(name)).map(Set::copyOf);
    }

    /** Texts in their order. */
    Optional<List<String>> list(String name) {
        return typed(name, () -> json.strings(name));
    }

    /** Texts by name. */
    Optional<Map<String, String>> texts(String name) {
        return typed(name, () -> json.object(name).map(object -> texts(name, object)));
    }

    /** Numbers by name. */
    Optional<Map<String, BigDecimal>> decimals(String name) {
        return typed(name, () -> json.object(name).map(object -> decimals(name, object)));
    }

    private static Map<String, BigDecimal> decimals(String name, JsonObject object) {
        Map<String, BigDecimal> numbers = new LinkedHashMap<>();
        for (String member : object.names()) {
            numbers.put(
                    member,
                    Optional.ofNullable(object.get(member))
                            .flatMap(BodyFields::decimal)
                            .orElseThrow(
                                    () -> new JsonException(name + ": must be an object whose values are numbers")));
        }
        return numbers;
    }

    private static Map<String, String> texts(String name, JsonObject object) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String member : object.names()) {
            if (!(object.get(member) instanceof String text)) {
                throw new JsonException(name + ": must be an object whose values are strings");
            }
            texts.put(member, text);
        }
        return texts;
    }

    /** A text that may also be empty, which removes what was there; any other one must keep to the rule. */
    Optional<String> removable(String name, Function<String, Optional<String>> rule) {
        return checked(name, string(name), text -> text.isEmpty() ? Optional.empty() : rule.apply(text));
    }

    /** What a removable text leaves of the one that was there. */
    static @Nullable String left(Optional<String> given, @Nullable String old) {
        return given.isEmpty() ? old : given.filter(text -> !text.isEmpty()).orElse(null);
    }

    Optional<Instant> instant(String name) {
        return string(name).flatMap(text -> {
            try {
                return Optional.of(Instant.parse(text));
            } catch (DateTimeParseException e) {
                problems.add(prefix + name, "must be a time such as 2027-01-31T00:00:00Z");
                return Optional.empty();
            }
        });
    }

    /** Notes a problem; the first one noted for a member stays. */
    void problem(String name, String problem) {
        problems.add(prefix + name, problem);
    }

    /** The value, after the rule was applied to it. */
    <T> Optional<T> checked(String name, Optional<T> value, Function<T, Optional<String>> rule) {
        value.flatMap(rule).ifPresent(problem -> problems.add(prefix + name, problem));
        return value;
    }

    /** The value, noted as a problem where it is missing. */
    <T> Optional<T> required(String name, Optional<T> value) {
        if (value.isEmpty()) {
            problems.add(prefix + name, "is required");
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
            problems.add(prefix + name, String.valueOf(e.getMessage()).substring(name.length() + 2));
            return Optional.empty();
        }
    }
}
