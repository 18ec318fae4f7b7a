package org.ccrelayer.servlet;

/** URL patterns as filters are mapped by them (Servlet 6.0, section 12.2). Stateless. */
final class UrlPattern {
    private static final String BELOW = "/*";

    private UrlPattern() {}

    /** Whether a path, decoded and without the context path, matches. */
    static boolean matches(String pattern, String path) {
        if (pattern.endsWith(BELOW)) {
            String folder = pattern.substring(0, pattern.length() - BELOW.length());
            return path.equals(folder) || path.startsWith(folder + "/") || folder.isEmpty();
        }
        if (pattern.startsWith("*.")) {
            return path.endsWith(pattern.substring(1));
        }
        return path.equals(pattern) || pattern.isEmpty() && path.equals("/");
    }
}
