package org.ccrelayer.internal.health;

import static java.util.Objects.requireNonNull;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The error in a refusal's body, as far as it decides anything. Immutable; never printed, since its message may quote what
 * it should not.
 *
 * @param type {@code error.type}; empty where there is none
 * @param code {@code error.details.error_code}, lower-case letters, digits and underscores; empty where there is none
 * @param message {@code error.message}; empty where there is none
 */
record UpstreamError(String type, String code, String message) {
    private static final UpstreamError NONE = new UpstreamError("", "", "");
    private static final Pattern CODE = Pattern.compile("[a-z0-9_]{1,64}");
    private static final Pattern SPENT =
            Pattern.compile("You have reached your specified (?:workspace )?API usage limits");
    private static final Pattern DATE =
            Pattern.compile("\\b(\\d{4}-\\d{2}-\\d{2})(?:(?: at |T| )(\\d{2}:\\d{2})(?::\\d{2})?)?");

    UpstreamError {
        requireNonNull(type, "type");
        requireNonNull(code, "code");
        requireNonNull(message, "message");
    }

    /** The error in {@code body}; one of nothing but empty texts where it has none. */
    static UpstreamError of(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            return NONE;
        }
        try {
            return JsonObject.parse(body).object("error").map(UpstreamError::of).orElse(NONE);
        } catch (JsonException e) {
            return NONE;
        }
    }

    private static UpstreamError of(JsonObject error) {
        String code = error.get("details") instanceof JsonObject details ? text(details, "error_code") : "";
        return new UpstreamError(text(error, "type"), CODE.matcher(code).matches() ? code : "", text(error, "message"));
    }

    private static String text(JsonObject object, String name) {
        return object.get(name) instanceof String text ? text : "";
    }

    /** Whether it says, where only the API's own words can stand, that the account has spent what it may. */
    boolean saysSpent() {
        return SPENT.matcher(message).lookingAt();
    }

    /** Whether it says so of the account's organization; further on in a message a request may be quoted. */
    boolean saysDisabled() {
        String begin = message.substring(0, Math.min(100, message.length())).toLowerCase(Locale.ROOT);
        return begin.startsWith("this organization has been disabled")
                || begin.startsWith("oauth authentication is currently not allowed");
    }

    /** Whether the request needs what the account has not bought. */
    boolean wantsExtraUsage() {
        return message.toLowerCase(Locale.ROOT).contains("extra usage");
    }

    /** The first date in the message, UTC, with the time behind it where there is one. */
    Optional<Instant> statedDate() {
        Matcher date = DATE.matcher(message);
        if (!date.find()) {
            return Optional.empty();
        }
        try {
            LocalTime time = date.group(2) == null ? LocalTime.MIDNIGHT : LocalTime.parse(date.group(2));
            return Optional.of(LocalDate.parse(date.group(1)).atTime(time).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "UpstreamError[" + type + " " + code + "]";
    }
}
