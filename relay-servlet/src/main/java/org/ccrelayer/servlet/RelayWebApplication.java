package org.ccrelayer.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import java.util.Map;
import org.ccrelayer.Relay;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The webapp that the relay is as a WAR: builds a relay from the settings of the webapp and its host, serves it under the
 * context path and, where {@code admin-enabled} says so, its administration below {@code /admin}. The relay ends with the
 * webapp; its running answers get {@code shutdown-timeout}.
 *
 * <p>A webapp whose settings have problems does not start, and its container's log has all of them. Called by the
 * container only.
 */
public final class RelayWebApplication implements ServletContextListener {
    private static final Logger LOG = LoggerFactory.getLogger(RelayWebApplication.class);

    private @Nullable Relay relay;

    /** Made by the container. */
    public RelayWebApplication() {}

    /**
     * Starts the relay.
     *
     * @throws IllegalStateException if the settings have problems, of which it lists all, or the store cannot be opened
     */
    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        Relay started = start(context);
        try {
            serve(context, "relay", new RelayServlet(started), "/*");
            if (started.administered()) {
                serve(context, "relay-admin", new RelayAdminServlet(started), "/admin/*");
            }
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
        relay = started;
    }

    private static Relay start(ServletContext context) {
        try {
            return Relay.start(HostSettings.gather(context, Map.of()));
        } catch (ServletException | RuntimeException e) {
            // What a listener throws some containers write where operators do not look first.
            LOG.error("The relay does not start: {}", e.getMessage());
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static void serve(ServletContext context, String name, HttpServlet servlet, String paths) {
        ServletRegistration.Dynamic registration = context.addServlet(name, servlet);
        registration.setAsyncSupported(true);
        registration.setLoadOnStartup(1);
        registration.addMapping(paths);
    }

    /** Ends the relay; blocks while it drains. */
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (relay != null) {
            relay.close();
        }
    }
}
