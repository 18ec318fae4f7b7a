package org.ccrelayer.examples.webapp;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The webapp's own login: a password gives a session, and without a session there are no pages. */
public final class LoginFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getServletPath().equals("/login")) {
            login(request, response);
        } else if (request.getSession(false) == null) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN, "Log in first: POST /login with the password.");
        } else {
            chain.doFilter(request, response);
        }
    }

    private void login(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String password = getServletContext().getInitParameter("webapp.password");
        if (request.getMethod().equals("POST")
                && password != null
                && password.equals(request.getParameter("password"))) {
            request.getSession(true);
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN, "Wrong password.");
        }
    }
}
