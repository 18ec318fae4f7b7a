package org.ccrelayer.servlet;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.ccrelayer.Relay;
import org.jspecify.annotations.Nullable;

/**
 * Serves a relay's API from a servlet container. Register it with async support; the relay itself comes from the
 * constructor, or from the servlet context's attribute {@link #RELAY_ATTRIBUTE}, and stays with whoever built it.
 */
public final class RelayServlet extends HttpServlet {
    /** The servlet context's attribute in which a servlet without a relay of its own looks for one. */
    public static final String RELAY_ATTRIBUTE = "org.ccrelayer.Relay";

    private static final long serialVersionUID = 1L;

    private transient @Nullable Relay relay;

    /** A servlet that takes its relay from the servlet context. */
    public RelayServlet() {}

    /** A servlet that serves {@code relay}. */
    public RelayServlet(Relay relay) {
        this.relay = requireNonNull(relay, "relay");
    }

    @Override
    public void init() throws ServletException {
        if (relay == null) {
            if (!(getServletContext().getAttribute(RELAY_ATTRIBUTE) instanceof Relay shared)) {
                throw new ServletException("no relay: put one into the servlet context's attribute " + RELAY_ATTRIBUTE);
            }
            relay = shared;
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws ServletException {
        if (request.getDispatcherType() == DispatcherType.ASYNC) {
            // The only way by which every container breaks a committed answer off instead of ending it cleanly.
            throw new BrokenAnswerException();
        }
        AsyncContext async = request.startAsync(request, response);
        // Deadlines are the relay's: a container that times out ends a half-sent answer cleanly.
        async.setTimeout(0);
        ServletExchange exchange = new ServletExchange(async, request, response);
        requireNonNull(relay, "relay").handle(exchange.clientRequest(), exchange.clientResponse());
    }
}
