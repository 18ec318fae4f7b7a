package org.ccrelayer.servlet.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.apache.tomcat.util.descriptor.web.ErrorPage;

/** Tomcat of whichever version is on the class path. */
final class EmbeddedTomcat implements TestContainer {
    private final Tomcat tomcat = new Tomcat();
    private final Path directory;
    private final Context context;
    private final AtomicBoolean closed = new AtomicBoolean();

    EmbeddedTomcat(String contextPath, Terms terms, Setup setup) throws Exception {
        directory = Files.createTempDirectory("tomcat");
        tomcat.setBaseDir(directory.toString());
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty(
                "connectionTimeout", Long.toString(terms.patience().toMillis()));
        if (terms.compressing()) {
            connector.setProperty("compression", "on");
            connector.setProperty("compressibleMimeType", "text/event-stream");
        }
        if (TestContainer.virtualThreads() && connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol) {
            protocol.setExecutor(VirtualThreads.perTask());
        }
        tomcat.setConnector(connector);
        context = tomcat.addContext(contextPath, directory.toString());
        context.addServletContainerInitializer(setup.initializer(), Set.of());
        if (!terms.errorPage().isEmpty()) {
            context.addErrorPage(errorPage(terms.errorPage(), "java.lang.Throwable"));
            context.addErrorPage(errorPage(terms.errorPage(), ""));
        }
        if (context instanceof StandardContext standard) {
            // Tests end what they begin.
            standard.setUnloadDelay(
                    terms.farewell().isZero() ? 100 : terms.farewell().toMillis());
        }
        tomcat.start();
    }

    private static ErrorPage errorPage(String path, String exception) {
        ErrorPage page = new ErrorPage();
        page.setLocation(path);
        if (!exception.isEmpty()) {
            page.setExceptionType(exception);
        }
        return page;
    }

    @Override
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void undeploy() {
        tomcat.getHost().removeChild(context);
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IOException("the container did not stop", e);
        }
        delete(directory);
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
