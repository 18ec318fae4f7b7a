package org.ccrelayer.examples.webapp;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.servlet.RelayServlet;

/** Starts a relay with the webapp and closes it with it; its settings are context parameters and variables. */
public final class RelayLifecycle implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        RelayConfig config = RelayConfig.builder()
                .lookUp(name -> context.getInitParameter("relay." + name))
                .environment(System.getenv(), false)
                .build();
        context.setAttribute(RelayServlet.RELAY_ATTRIBUTE, Relay.start(config));
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (event.getServletContext().getAttribute(RelayServlet.RELAY_ATTRIBUTE) instanceof Relay relay) {
            relay.close();
        }
    }
}
