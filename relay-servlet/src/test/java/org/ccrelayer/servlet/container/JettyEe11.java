package org.ccrelayer.servlet.container;

import java.io.IOException;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;

/** Jetty with the servlets of its EE 11 environment. */
final class JettyEe11 implements TestContainer {
    private final JettyServer server;

    JettyEe11(String contextPath, Terms terms, Setup setup) throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath(contextPath.isEmpty() ? "/" : contextPath);
        context.addServletContainerInitializer(setup.initializer());
        if (!terms.errorPage().isEmpty()) {
            ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
            errors.addErrorPage(Throwable.class, terms.errorPage());
            errors.addErrorPage(ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, terms.errorPage());
            context.setErrorHandler(errors);
        }
        server = JettyServer.start(context, terms);
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void undeploy() throws IOException {
        server.undeploy();
    }

    @Override
    public void close() {
        server.close();
    }
}
