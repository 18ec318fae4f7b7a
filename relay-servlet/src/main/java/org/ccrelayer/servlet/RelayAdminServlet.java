package org.ccrelayer.servlet;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.ccrelayer.Relay;
import org.jspecify.annotations.Nullable;

/**
 * Serves a relay's administration API: what it is mapped to, such as {@code /admin/*}, stands for {@code /admin}. The relay
 * must have {@code admin-enabled}. It comes from the constructor or as {@link RelayServlet} takes it. Safe for concurrent
 * use.
 */
public final class RelayAdminServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient RelaySource source;
    private transient @Nullable HostedRelay hosted;
    private transient @Nullable Doorway doorway;

    /** A servlet that takes its relay from init parameters or the servlet context. */
    public RelayAdminServlet() {
        this(RelaySource.ofHost());
    }

    /** A servlet that administers {@code relay}. */
    public RelayAdminServlet(Relay relay) {
        this(RelaySource.of(relay));
    }

    RelayAdminServlet(RelaySource source) {
        this.source = source;
    }

    @Override
    public void init() throws ServletException {
        HostedRelay found = source.open(getServletContext(), InitParameters.of(getServletConfig()));
        if (!found.relay().administered()) {
            found.release();
            throw new ServletException(
                    "this relay has no administration API: set admin-enabled to true, and jwt-secret and"
                            + " admin-password, which it then needs; or remove the servlet " + getServletName());
        }
        hosted = found;
        doorway = Doorway.toAdministration(found.relay(), BufferingWatch.over(found.relay(), getServletConfig()));
    }

    @Override
    public void destroy() {
        if (hosted != null) {
            hosted.release();
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (doorway == null) {
            throw new IllegalStateException("the servlet was not initialised");
        }
        doorway.serve(request, response, Mount.ofAdministration(request));
    }
}
