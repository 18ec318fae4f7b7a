package org.ccrelayer.servlet;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A servlet or filter as its webapp registered it, and what else the webapp has on its paths. Everything is read anew,
 * since a webapp may register more. Immutable.
 */
final class Registration {
    private final ServletContext context;
    private final String name;
    private final boolean filter;

    private Registration(ServletContext context, String name, boolean filter) {
        this.context = context;
        this.name = name;
        this.filter = filter;
    }

    static Registration of(ServletConfig servlet) {
        return new Registration(servlet.getServletContext(), servlet.getServletName(), false);
    }

    static Registration of(FilterConfig filter) {
        return new Registration(filter.getServletContext(), filter.getFilterName(), true);
    }

    /** The mapping that a request came by, in words; nothing in it was chosen by a client. */
    String mapping(HttpServletRequest request) {
        String webapp = context.getContextPath().isEmpty() ? "the root webapp" : "webapp " + context.getContextPath();
        return (filter ? "filter \"" : "servlet \"") + name + "\" mapped to "
                + (filter ? filterMapping(request) : servletMapping(request)) + " in " + webapp;
    }

    private static String servletMapping(HttpServletRequest request) {
        HttpServletMapping mapping = request.getHttpServletMapping();
        return mapping == null ? "its paths" : mapping.getPattern();
    }

    private String filterMapping(HttpServletRequest request) {
        FilterRegistration own = context.getFilterRegistration(name);
        return own == null
                ? "its paths"
                : own.getUrlPatternMappings().stream()
                        .filter(pattern -> UrlPattern.matches(pattern, path(request)))
                        .findFirst()
                        .orElse("its servlets");
    }

    /** The other filters on the way of a request, in words. */
    String othersTold(HttpServletRequest request) {
        List<String> others = MappedFilters.of(request).stream()
                .filter(other -> !(filter && name.equals(other.getName())))
                .map(other -> other.getName() + " (" + other.getClassName() + ")")
                .sorted()
                .toList();
        return others.isEmpty()
                ? "No other filter is mapped to this path."
                : others.stream().collect(Collectors.joining(", ", "Filters mapped to this path: ", "."));
    }

    private static String path(HttpServletRequest request) {
        return request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
    }
}
