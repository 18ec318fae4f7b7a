package org.ccrelayer.servlet.war;

import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.handler.ContextHandler;

/** A webapp of Jetty's EE 11 environment. */
final class JettyEe11Webapp {
    private JettyEe11Webapp() {}

    static ContextHandler of(String war) {
        WebAppContext webapp = new WebAppContext();
        webapp.setWar(war);
        return webapp;
    }
}
