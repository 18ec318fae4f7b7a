package org.ccrelayer.internal.outbound;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;

/**
 * Takes out of an upstream's error what names the operator's account and leaves every other byte as it is, since clients
 * recover by the wording. Safe for concurrent use.
 */
public final class ErrorScrubber {
    private static final String REDACTED = "[redacted]";
    private static final String PUBLIC_HOST = "api.anthropic.com";
    private static final String UUID = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}";

    /** Behind an escape of JSON, whose last letter is not part of what follows. */
    private static final String ESCAPE = "(?<=\\\\(?:[bfnrt]|u[0-9a-fA-F]{4}))";

    private static final String WORD_BEGINS = "(?:\\b|" + ESCAPE + ")";

    /** Identifiers that are an account's wherever they stand. */
    private static final Pattern ACCOUNT_IDS = Pattern.compile("sk-ant-[A-Za-z0-9_.*\u2026-]+"
            + "|" + WORD_BEGINS + "(?:wrkspc|svac|fdrl|apikey|org)_[A-Za-z0-9]{6,}"
            + "|" + WORD_BEGINS + "arn:aws[a-z-]*:[^\\s\"\\\\]+"
            + "|(?i:(?<=(?:organi[sz]ation|org|workspace|account)(?:[ _-]?id)?[ :=`'\"\\\\]{1,4}))" + UUID);

    /** In refusals of the account rather than of the request, no identifier can be the client's own. */
    private static final Pattern ANY_UUID =
            Pattern.compile("(?<!\"request_id\"\\s{0,8}:\\s{0,8}\")" + WORD_BEGINS + UUID + "\\b");

    /**
     * The error as a client may see it: the same bytes where nothing had to be taken out.
     *
     * @param sent what the request was sent with
     */
    public byte[] scrub(int status, byte[] body, Account account, Secret sent) {
        if (!isApiError(body)) {
            return generic(status);
        }
        String text = new String(body, StandardCharsets.UTF_8);
        String scrubbed = text;
        for (Pattern pattern : patterns(status, account, sent)) {
            scrubbed = pattern.matcher(scrubbed).replaceAll(Matcher.quoteReplacement(REDACTED));
        }
        return scrubbed.equals(text) ? body : scrubbed.getBytes(StandardCharsets.UTF_8);
    }

    /** What stands for an error that is too long or too strange to be passed on. */
    public byte[] generic(int status) {
        return JsonObject.empty()
                .with("type", "error")
                .with(
                        "error",
                        JsonObject.empty()
                                .with("type", type(status))
                                .with(
                                        "message",
                                        "The upstream answered " + status
                                                + " without an explanation that can be shown."))
                .toBytes();
    }

    /** The API's type for a status. */
    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 409 -> "conflict_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 504 -> "timeout_error";
            case 529 -> "overloaded_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }

    private static boolean isApiError(byte[] body) {
        try {
            return JsonObject.parse(body)
                    .object("error")
                    .filter(error -> error.has("type") || error.has("message"))
                    .isPresent();
        } catch (JsonException e) {
            return false;
        }
    }

    private static String path(Account account) {
        String path = account.baseUrl().getRawPath();
        return path == null || path.isEmpty() ? "" : "(?:" + Pattern.quote(path) + ")?";
    }

    private static List<Pattern> patterns(int status, Account account, Secret sent) {
        List<Pattern> patterns = new ArrayList<>();
        patterns.add(Pattern.compile(Pattern.quote(sent.reveal())));
        for (Secret secret : account.credential().secrets()) {
            if (!secret.isEmpty()) {
                patterns.add(Pattern.compile(Pattern.quote(secret.reveal())));
            }
        }
        patterns.add(ACCOUNT_IDS);
        String host = account.baseUrl().getHost();
        if (host != null && !host.equalsIgnoreCase(PUBLIC_HOST)) {
            patterns.add(Pattern.compile(
                    "(?:(?<![\\w-])|" + ESCAPE + ")(?:https?://)?" + Pattern.quote(host) + "(?![\\w-])(?::\\d+)?"
                            + path(account),
                    Pattern.CASE_INSENSITIVE));
        }
        if (status == 401 || status == 402 || status == 403 || status == 429 || status >= 500) {
            patterns.add(ANY_UUID);
        }
        return patterns;
    }
}
