package org.ccrelayer.internal.pricing;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object in a price file. What is wrong goes onto a shared list of problems and reading goes on with a
 * stand-in, so that a file's problems are told all at once; a file with a problem is never used. Not thread-safe.
 */
final class PriceFields {
    // Bounds far outside any price keep a slip such as 1e99999999 from costing memory later.
    private static final BigDecimal MAX_AMOUNT = new BigDecimal("1000000");
    private static final int MAX_DECIMALS = 12;
    private static final int MAX_NAME_LENGTH = 256;

    private final JsonObject object;
    private final String where;
    private final List<String> problems;

    /** An object's fields; {@code where} precedes a field's name in a problem. */
    PriceFields(JsonObject object, String where, List<String> problems) {
        this.object = object;
        this.where = where;
        this.problems = problems;
    }

    /** The same object, told by another place. */
    PriceFields at(String place) {
        return new PriceFields(object, place, problems);
    }

    void problem(String field, String what) {
        problems.add(where + field + ": " + what);
    }

    int problemCount() {
        return problems.size();
    }

    /** The fields of a missing object: every required one is a problem. */
    PriceFields missing(String field) {
        return new PriceFields(JsonObject.empty(), where + field + ".", problems);
    }

    /** Refuses all other fields: a misspelt one would silently change a price. */
    void allowOnly(Set<String> known) {
        object.names().stream().filter(name -> !known.contains(name)).forEach(name -> problem(name, "is not known"));
    }

    boolean has(String field) {
        return object.has(field);
    }

    /** A price or a factor: required, not negative. */
    BigDecimal amount(String field) {
        if (!has(field)) {
            problem(field, "is missing");
            return BigDecimal.ZERO;
        }
        BigDecimal amount = read(field, object::decimal).orElse(BigDecimal.ZERO);
        if (amount.signum() < 0 || amount.compareTo(MAX_AMOUNT) > 0 || amount.scale() > MAX_DECIMALS) {
            problem(field, "must be from 0 to 1000000 with at most 12 decimals");
            return BigDecimal.ZERO;
        }
        return amount;
    }

    /** As {@link #amount}, and above zero. */
    BigDecimal positiveAmount(String field) {
        int before = problems.size();
        BigDecimal amount = amount(field);
        if (amount.signum() == 0 && problems.size() == before) {
            problem(field, "must be above zero");
        }
        return amount;
    }

    /** A UTC day; {@code absent} where missing or null. */
    LocalDate day(String field, LocalDate absent) {
        Optional<String> text = read(field, object::string);
        try {
            return text.map(LocalDate::parse).orElse(absent);
        } catch (DateTimeParseException e) {
            problem(field, "must be a date such as 2026-11-22");
            return absent;
        }
    }

    /** A count of tokens, at least {@code least}; null where missing or null. */
    @Nullable
    Long tokens(String field, long least) {
        Optional<Long> tokens = read(field, object::integer);
        if (tokens.isPresent() && tokens.get() < least) {
            problem(field, "must be at least " + least);
            return null;
        }
        return tokens.orElse(null);
    }

    /** A text; empty where missing or null. */
    Optional<String> text(String field) {
        return read(field, object::string);
    }

    /** A name: required, of visible ASCII characters. */
    Optional<String> name(String field) {
        if (!has(field)) {
            problem(field, "is missing");
        }
        return text(field).filter(name -> isName(field, name));
    }

    /** A list of names; none where missing or null. */
    List<String> names(String field) {
        List<String> names = read(field, object::strings).orElse(List.of());
        return names.stream().filter(name -> isName(field, name)).toList();
    }

    private boolean isName(String field, String name) {
        boolean valid = !name.isEmpty()
                && name.length() <= MAX_NAME_LENGTH
                && name.chars().allMatch(c -> c > ' ' && c < 0x7F);
        if (!valid) {
            problem(field, "must have 1 to 256 characters of visible ASCII");
        }
        return valid;
    }

    /** An object's fields; empty where missing or null. */
    Optional<PriceFields> object(String field) {
        return read(field, object::object).map(value -> new PriceFields(value, where + field + ".", problems));
    }

    /** The fields of a list of objects; none where missing or null. */
    List<PriceFields> objects(String field) {
        List<JsonObject> values =
                read(field, name -> Optional.of(object.objects(name))).orElse(List.of());
        List<PriceFields> fields = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            fields.add(new PriceFields(values.get(i), where + field + "[" + i + "].", problems));
        }
        return fields;
    }

    /** The five rates, named as in the file with {@code prefix} before them. */
    TokenRates rates(String prefix) {
        return rates(prefix, this::amount);
    }

    /** The five rates, each above zero. */
    TokenRates positiveRates() {
        return rates("", this::positiveAmount);
    }

    private static TokenRates rates(String prefix, Function<String, BigDecimal> amount) {
        return new TokenRates(
                amount.apply(prefix + "input"),
                amount.apply(prefix + "output"),
                amount.apply(prefix + "cache_write_5m"),
                amount.apply(prefix + "cache_write_1h"),
                amount.apply(prefix + "cache_read"));
    }

    private <T> Optional<T> read(String field, Function<String, Optional<T>> reader) {
        try {
            return reader.apply(field);
        } catch (JsonException e) {
            problems.add(where + e.getMessage());
            return Optional.empty();
        }
    }
}
