package org.ccrelayer.servlet;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.jspecify.annotations.Nullable;

/**
 * Serves a relay's API, all of it below the path that it is mapped to. Register it with async support; where that is
 * missing it serves all the same, and holds a thread for each request.
 *
 * <p>The relay comes from the constructor; without one there, and where init parameters hold settings, it is built from
 * them; else it is the one that all servlets and filters of the webapp share: the one in the servlet context's attribute
 * {@link #RELAY_ATTRIBUTE}, or one built from the settings of the webapp and the process and put there. The init parameter
 * {@code relay-name} shares a relay among those of the same name, in the attribute {@code org.ccrelayer.Relay.<name>}.
 *
 * <p>A relay that was handed in stays with whoever built it. One that was built here drains and closes when the last
 * servlet or filter that uses it is destroyed. Safe for concurrent use.
 */
public final class RelayServlet extends HttpServlet {
    /** The servlet context's attribute in which servlets and filters without a relay of their own look for one. */
    public static final String RELAY_ATTRIBUTE = "org.ccrelayer.Relay";

    private static final long serialVersionUID = 1L;

    private final transient RelaySource source;
    private transient @Nullable HostedRelay hosted;
    private transient @Nullable Doorway doorway;

    /** A servlet that takes its relay from init parameters or the servlet context. */
    public RelayServlet() {
        this(RelaySource.ofHost());
    }

    /** A servlet that serves {@code relay}. */
    public RelayServlet(Relay relay) {
        this(RelaySource.of(relay));
    }

    /** A servlet that serves a relay of its own. */
    public RelayServlet(RelayConfig config) {
        this(RelaySource.of(config));
    }

    RelayServlet(RelaySource source) {
        this.source = source;
    }

    @Override
    public void init() throws ServletException {
        HostedRelay found = source.open(getServletContext(), InitParameters.of(getServletConfig()));
        hosted = found;
        doorway = Doorway.toApi(found.relay(), BufferingWatch.over(found.relay(), getServletConfig()));
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
        doorway.serve(request, response, Mount.ofServlet(request));
    }
}
