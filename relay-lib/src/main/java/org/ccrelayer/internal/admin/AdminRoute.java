package org.ccrelayer.internal.admin;

import java.util.Optional;
import java.util.function.BiFunction;

/**
 * One line of the administration API's table of routes.
 *
 * @param method the method, in upper case
 * @param path the path; {@code {id}} stands for one segment that is not empty
 * @param open whether it may be used without a session
 * @param answer what is answered to a request, given the segment that {@code {id}} stood for, else an empty text
 */
record AdminRoute(String method, String path, boolean open, BiFunction<AdminRequest, String, AdminResponse> answer) {
    private static final String ID = "{id}";

    /** What {@code {id}} stands for in that path, an empty text where the route has none; empty where it does not fit. */
    Optional<String> match(String requested) {
        int at = path.indexOf(ID);
        if (at < 0) {
            return requested.equals(path) ? Optional.of("") : Optional.empty();
        }
        String before = path.substring(0, at);
        String after = path.substring(at + ID.length());
        if (requested.length() <= before.length() + after.length()
                || !requested.startsWith(before)
                || !requested.endsWith(after)) {
            return Optional.empty();
        }
        String id = requested.substring(before.length(), requested.length() - after.length());
        return id.indexOf('/') < 0 ? Optional.of(id) : Optional.empty();
    }
}
