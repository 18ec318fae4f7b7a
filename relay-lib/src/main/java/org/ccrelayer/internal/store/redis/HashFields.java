package org.ccrelayer.internal.store.redis;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;

/**
 * The fields of a hash in the predecessor's text forms: one that is absent, and an empty one, mean the same. Values that nobody
 * can read are read as the predecessor reads them. Immutable.
 *
 * @param values the fields' texts by their names
 */
record HashFields(Map<String, String> values) {
    /** No field at all. */
    static final HashFields NONE = new HashFields(Map.of());

    private static final Pattern WHOLE = Pattern.compile("^\\s*([+-]?\\d{1,18})");
    private static final Pattern DECIMAL =
            Pattern.compile("^\\s*([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d{1,3})?)");
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final int NANO_DIGITS = 9;
    private static final BigDecimal MOST_USD = BigDecimal.valueOf(1_000_000_000);

    HashFields {
        values = Map.copyOf(values);
    }

    /** What Redis answered: names and values in turn. */
    static HashFields of(Object answer) {
        Map<String, String> values = new LinkedHashMap<>();
        List<?> texts = (List<?>) answer;
        for (int i = 0; i + 1 < texts.size(); i += 2) {
            values.put(texts.get(i).toString(), texts.get(i + 1).toString());
        }
        return new HashFields(values);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    boolean has(String name) {
        return !text(name).isEmpty();
    }

    String text(String name) {
        return values.getOrDefault(name, "");
    }

    /** The text; empty where there is none. */
    Optional<String> given(String name) {
        return Optional.of(text(name)).filter(text -> !text.isEmpty());
    }

    boolean isTrue(String name) {
        return text(name).equals("true");
    }

    boolean isFalse(String name) {
        return text(name).equals("false");
    }

    /** The whole number that the text begins with; {@code otherwise} where it begins with none, or with 0. */
    long whole(String name, long otherwise) {
        Matcher matcher = WHOLE.matcher(text(name));
        long number = matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
        return number == 0 ? otherwise : number;
    }

    /** The number from 0 to {@code most} that the text begins with; 0 where it begins with none. */
    int count(String name, int most) {
        return (int) Math.max(0, Math.min(most, whole(name, 0)));
    }

    /** The number that the text begins with; 0 where it begins with none. */
    BigDecimal decimal(String name) {
        Matcher matcher = DECIMAL.matcher(text(name));
        return matcher.find() ? new BigDecimal(matcher.group(1)) : BigDecimal.ZERO;
    }

    /** An amount of US dollars, in billionths, not negative and a billion dollars at most, as sums of them must stay whole numbers. */
    long nanoUsd(String name) {
        BigDecimal usd = decimal(name).max(BigDecimal.ZERO).min(MOST_USD);
        return usd.movePointRight(NANO_DIGITS).setScale(0, RoundingMode.HALF_UP).longValueExact();
    }

    /** Billionths of a US dollar as an amount. */
    static String usd(long nanoUsd) {
        return plain(BigDecimal.valueOf(nanoUsd, NANO_DIGITS));
    }

    /** A number as the predecessor writes it. */
    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    /** A moment; empty where there is none, or none that can be read. */
    Optional<Instant> moment(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    text.indexOf('T') < 0
                            ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                            : OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * The moment that the relay knows to the nanosecond, where its own fields still say the same as the predecessor's.
     *
     * @param own the relay's own fields
     */
    Optional<Instant> moment(String name, HashFields own) {
        Optional<Instant> known = moment(name);
        Optional<Instant> exact = own.moment(name);
        return exact.isPresent() && exact.map(HashFields::milliseconds).equals(known) ? exact : known;
    }

    private static Instant milliseconds(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS);
    }

    /** A moment as the predecessor writes it. */
    static String text(Instant at) {
        return MILLISECONDS.format(at);
    }

    /** Whether a moment loses something when the predecessor writes it. */
    static boolean isFiner(Instant at) {
        return !milliseconds(at).equals(at);
    }

    /** A list of texts in JSON; empty where there is none, or something else. */
    List<String> texts(String name) {
        return list(name).orElse(List.of());
    }

    /** A list of texts in JSON, without any where nothing is written; empty where something else is. */
    Optional<List<String>> list(String name) {
        try {
            return Optional.of(wrapped(name).strings("v").orElse(List.of()));
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    /** An object in JSON; without members where there is none, or something else. */
    JsonObject object(String name) {
        try {
            return wrapped(name).object("v").orElse(JsonObject.empty());
        } catch (JsonException e) {
            return JsonObject.empty();
        }
    }

    private JsonObject wrapped(String name) {
        return has(name) ? JsonObject.parse("{\"v\":" + text(name) + "}") : JsonObject.empty();
    }

    /** A list of texts as JSON. */
    static String json(Iterable<String> texts) {
        String object = JsonObject.empty().with("v", texts).toString();
        return object.substring("{\"v\":".length(), object.length() - 1);
    }

    /** Only the fields' names, since some values are secret. */
    @Override
    public String toString() {
        return "HashFields" + new TreeSet<>(values.keySet());
    }
}
