package org.ccrelayer.servlet;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What a webapp has of its own: it answers everything that no filter takes. */
final class HostServlet extends HttpServlet {
    static final String ANSWER = "the host's own page";

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        response.setHeader("x-host", "yes");
        response.getOutputStream().print(ANSWER);
    }
}
