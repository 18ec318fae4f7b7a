package org.ccrelayer.servlet;

import jakarta.servlet.FilterRegistration;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;

/** Which filters of a host are mapped to a request. Stateless. */
final class MappedFilters {
    private MappedFilters() {}

    /** The filters that are mapped to the request's path or servlet, whatever kinds of dispatches they are mapped for. */
    static List<FilterRegistration> of(HttpServletRequest request) {
        String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        HttpServletMapping mapping = request.getHttpServletMapping();
        String servlet = mapping == null || mapping.getServletName() == null ? "" : mapping.getServletName();
        return request.getServletContext().getFilterRegistrations().values().stream()
                .filter(filter -> concerns(filter, path, servlet))
                .<FilterRegistration>map(filter -> filter)
                .toList();
    }

    private static boolean concerns(FilterRegistration filter, String path, String servlet) {
        Collection<String> servlets = filter.getServletNameMappings();
        return servlets.contains("*")
                || servlets.contains(servlet)
                || filter.getUrlPatternMappings().stream().anyMatch(pattern -> UrlPattern.matches(pattern, path));
    }
}
