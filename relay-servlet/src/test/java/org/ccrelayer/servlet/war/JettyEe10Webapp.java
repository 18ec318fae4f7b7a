package org.ccrelayer.servlet.war;

import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.handler.ContextHandler;

/** A webapp of Jetty's EE 10 environment. */
final class JettyEe10Webapp {
    private JettyEe10Webapp() {}

    static ContextHandler of(String war) {
        WebAppContext webapp = new WebAppContext();
        webapp.setWar(war);
        return webapp;
    }
}
