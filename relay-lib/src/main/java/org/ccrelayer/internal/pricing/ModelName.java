package org.ccrelayer.internal.pricing;

import java.util.List;
import java.util.Locale;

/**
 * The rules by which a model's name in any spelling becomes one that a price table lists. Names are compared without
 * regard to case and never by prefix: {@code claude-opus-5} and {@code claude-opus-5-5} have different prices. The source
 * is the price file's {@code id_matching}.
 */
final class ModelName {
    private static final String ARN_PREFIX = "arn:";
    private static final List<String> SCOPES = List.of("global.", "us.", "eu.", "jp.", "apac.", "au.");
    private static final String VENDOR_PREFIX = "anthropic.";
    private static final String LONG_CONTEXT_SUFFIX = "[1m]";
    private static final String VERSION_MARK = "-v";
    private static final int DATE_DIGITS = 8;

    private ModelName() {}

    /** The name as tables index it. */
    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** A {@linkplain #key key} without what a platform or a client puts around a model's own name. */
    static String normalise(String key) {
        String name = withoutArn(key);
        name = withoutScope(name);
        name = withoutPrefix(name, VENDOR_PREFIX);
        name = withoutSuffix(name, LONG_CONTEXT_SUFFIX);
        name = name.replace('@', '-');
        return withoutVersion(name);
    }

    /** A key without a date of eight digits at its end. */
    static String withoutDate(String key) {
        int dash = key.length() - DATE_DIGITS - 1;
        return dash > 0 && key.charAt(dash) == '-' && isDigits(key, dash + 1, key.length())
                ? key.substring(0, dash)
                : key;
    }

    private static String withoutArn(String name) {
        return name.startsWith(ARN_PREFIX) ? name.substring(name.lastIndexOf('/') + 1) : name;
    }

    private static String withoutScope(String name) {
        for (String scope : SCOPES) {
            if (name.startsWith(scope)) {
                return name.substring(scope.length());
            }
        }
        return name;
    }

    private static String withoutPrefix(String name, String prefix) {
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    private static String withoutSuffix(String name, String suffix) {
        return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    }

    /** Without {@code -v1} or {@code -v1:0} at the end. */
    private static String withoutVersion(String name) {
        int mark = name.lastIndexOf(VERSION_MARK);
        if (mark < 0) {
            return name;
        }
        int start = mark + VERSION_MARK.length();
        int colon = name.indexOf(':', start);
        boolean version = colon < 0
                ? isDigits(name, start, name.length())
                : isDigits(name, start, colon) && isDigits(name, colon + 1, name.length());
        return version ? name.substring(0, mark) : name;
    }

    private static boolean isDigits(String text, int from, int to) {
        return from < to && text.substring(from, to).chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
