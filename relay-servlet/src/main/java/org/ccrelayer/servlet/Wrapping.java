package org.ccrelayer.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands around a response.
 *
 * @param outermost what the relay was given
 * @param innermost the last one that can be reached through wrappers; the container's own, as a rule
 */
record Wrapping(HttpServletResponse outermost, HttpServletResponse innermost) {
    /** By so many parts of their names a container's classes are told from those of others. */
    private static final int CONTAINER_PARTS = 3;

    static Wrapping of(HttpServletResponse response) {
        HttpServletResponse at = response;
        while (at instanceof ServletResponseWrapper wrapper
                && wrapper.getResponse() instanceof HttpServletResponse wrapped) {
            at = wrapped;
        }
        return new Wrapping(response, at);
    }

    /** The wrappers in words. */
    String told(ServletContext context) {
        List<String> names = names(context);
        return names.isEmpty()
                ? "No wrapper stands around the response, so the container itself does it, as by compression."
                : "Around the response, outermost first: " + String.join(", ", names) + ".";
    }

    private List<String> names(ServletContext context) {
        List<String> names = new ArrayList<>();
        ServletResponse at = outermost;
        while (at != innermost && at instanceof ServletResponseWrapper wrapper) {
            names.add(name(at));
            at = wrapper.getResponse();
        }
        if (!family(name(innermost)).equals(family(context.getClass().getName()))) {
            names.add(name(innermost));
        }
        return names;
    }

    private static String name(ServletResponse response) {
        return response.getClass().getName();
    }

    private static String family(String className) {
        String[] parts = className.split("\\.", CONTAINER_PARTS + 1);
        return String.join(".", List.of(parts).subList(0, Math.min(CONTAINER_PARTS, parts.length)));
    }
}
