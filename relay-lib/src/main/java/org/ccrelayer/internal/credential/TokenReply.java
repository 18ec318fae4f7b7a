package org.ccrelayer.internal.credential;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a token endpoint's answer means (RFC 6749 section 5). */
sealed interface TokenReply {
    /** What a lifetime is taken for that is not told, or not in figures. */
    Duration USUAL = Duration.ofHours(1);

    /** What a lifetime is taken for that is shorter, so that an endpoint is not asked without end. */
    Duration SHORTEST = Duration.ofSeconds(60);

    /** What a lifetime is taken for that is longer. */
    Duration LONGEST = Duration.ofDays(1);

    /**
     * It gave a token.
     *
     * @param token the token
     * @param lifetime for how long, within bounds
     * @param refreshToken the refresh token to use next; null where none came back
     */
    record Granted(
            Secret token, Duration lifetime, @Nullable Secret refreshToken) implements TokenReply {}

    /**
     * It gave none.
     *
     * @param reason the error code, or what stands for it
     * @param description what it says to that; empty where it says nothing that can be shown
     */
    record Refused(String reason, String description) implements TokenReply {}

    /**
     * It said that it gave one, which cannot be read.
     *
     * @param reason why not
     */
    record Unreadable(String reason) implements TokenReply {}

    /**
     * What an answer means.
     *
     * @param secrets what was sent, of which nothing may be shown
     */
    static TokenReply of(TokenEndpoint.Answer answer, List<Secret> secrets) {
        if (answer.status() == 200) {
            return Reading.granted(answer.body());
        }
        if (answer.status() < 300) {
            return new Unreadable("the endpoint answered " + answer.status());
        }
        return answer.status() < 400
                ? new Refused("the endpoint answered with a redirect", "")
                : Reading.refused(answer, secrets);
    }

    /** How answers are read. */
    final class Reading {
        private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,16384}");
        private static final Pattern REFRESH_TOKEN = Pattern.compile("[\\x20-\\x7e]{1,16384}");
        private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
        private static final Pattern DESCRIPTION = Pattern.compile("[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]{1,200}");
        private static final Pattern FIGURES = Pattern.compile("-?[0-9]{1,18}");

        private Reading() {}

        private static TokenReply granted(byte[] body) {
            JsonObject json;
            try {
                json = JsonObject.parse(body);
            } catch (JsonException e) {
                return new Unreadable("the answer is no JSON object");
            }
            if (!text(json, "token_type").filter("bearer"::equalsIgnoreCase).isPresent()) {
                return new Unreadable("the answer's token_type is not Bearer");
            }
            Optional<String> token = text(json, "access_token")
                    .filter(text -> TOKEN.matcher(text).matches());
            if (token.isEmpty()) {
                return new Unreadable("the answer has no access_token");
            }
            Secret rotated = text(json, "refresh_token")
                    .filter(text -> REFRESH_TOKEN.matcher(text).matches())
                    .map(Secret::of)
                    .orElse(null);
            return new Granted(Secret.of(token.get()), lifetime(json.get("expires_in")), rotated);
        }

        private static Optional<String> text(JsonObject json, String name) {
            return json.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
        }

        /** Whatever an endpoint says, the token is asked for again neither at every request nor never. */
        private static Duration lifetime(@Nullable Object told) {
            BigDecimal seconds;
            if (told instanceof BigDecimal number) {
                seconds = number;
            } else if (told instanceof String text && FIGURES.matcher(text).matches()) {
                seconds = new BigDecimal(text);
            } else {
                return USUAL;
            }
            BigDecimal most = BigDecimal.valueOf(LONGEST.toSeconds());
            BigDecimal least = BigDecimal.valueOf(SHORTEST.toSeconds());
            return Duration.ofSeconds(seconds.min(most).max(least).longValue());
        }

        private static TokenReply refused(TokenEndpoint.Answer answer, List<Secret> secrets) {
            Optional<JsonObject> json = parsed(answer.body());
            return new Refused(
                    shown(json, "error", CODE, secrets).orElse("the endpoint answered " + answer.status()),
                    shown(json, "error_description", DESCRIPTION, secrets).orElse(""));
        }

        private static Optional<JsonObject> parsed(byte[] body) {
            try {
                return Optional.of(JsonObject.parse(body));
            } catch (JsonException e) {
                return Optional.empty();
            }
        }

        /** A text that has its form, and in which the endpoint repeats nothing of what it was sent. */
        private static Optional<String> shown(
                Optional<JsonObject> json, String name, Pattern form, List<Secret> secrets) {
            return json.flatMap(object -> text(object, name))
                    .filter(text -> form.matcher(text).matches())
                    .filter(text -> secrets.stream().noneMatch(secret -> text.contains(secret.reveal())));
        }
    }
}
