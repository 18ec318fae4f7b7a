package org.ccrelayer.servlet;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.Map;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;

/** Where a servlet or filter gets its relay from. */
@FunctionalInterface
interface RelaySource {
    /**
     * The relay.
     *
     * @param parameters the init parameters that are left for the relay
     * @throws ServletException where there is none; it says how to give one
     */
    HostedRelay open(ServletContext context, Map<String, String> parameters) throws ServletException;

    static RelaySource of(Relay relay) {
        requireNonNull(relay, "relay");
        return (context, parameters) -> new HostedRelay(relay, false);
    }

    static RelaySource of(RelayConfig config) {
        requireNonNull(config, "config");
        return (context, parameters) -> new HostedRelay(Relay.start(config), true);
    }

    static RelaySource ofHost() {
        return (context, parameters) -> {
            if (context.getAttribute(RelayServlet.RELAY_ATTRIBUTE) instanceof Relay shared) {
                return new HostedRelay(shared, false);
            }
            throw new ServletException(
                    "no relay: put one into the servlet context's attribute " + RelayServlet.RELAY_ATTRIBUTE);
        };
    }
}
