package org.ccrelayer.servlet;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.ccrelayer.Relay;
import org.jspecify.annotations.Nullable;

/**
 * Serves a relay's administration API; map it to {@code /admin/*} or wherever else. The relay must have {@code
 * admin-enabled}. It comes from the constructor or as {@link RelayServlet} takes it.
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

    private RelayAdminServlet(RelaySource source) {
        this.source = source;
    }

    @Override
    public void init() throws ServletException {
        HostedRelay found = source.open(getServletContext(), InitParameters.of(getServletConfig()));
        hosted = found;
        doorway = Doorway.toAdministration(found.relay());
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
