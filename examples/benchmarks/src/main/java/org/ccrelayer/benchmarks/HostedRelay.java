package org.ccrelayer.benchmarks;

import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import org.ccrelayer.Relay;
import org.ccrelayer.servlet.RelayServlet;

/** The same relay as in {@link RelayProcess}, in a servlet container of this process. Stateless. */
final class HostedRelay {
    private HostedRelay() {}

    /** A container that is running. */
    interface Host extends AutoCloseable {
        int port();

        @Override
        void close() throws IOException;
    }

    /** Starts a container with a root webapp. */
    @FunctionalInterface
    interface Starter {
        Host start(ServletContainerInitializer webapp) throws Exception;
    }

    /** Serves until the parent has enough; arguments as in {@link RelayProcess}. */
    static void serve(String[] arguments, Starter container) throws Exception {
        Quiet.libraries();
        try (ParentLine parent = ParentLine.to(arguments[0]);
                Relay relay = Relay.start(RelayProcess.config(arguments[2]));
                Host host = container.start(webapp(relay))) {
            parent.serveUntilClosed(host.port(), RelayProcess.keyFor(relay, arguments[1]));
        }
    }

    private static ServletContainerInitializer webapp(Relay relay) {
        return (classes, context) -> {
            var servlet = context.addServlet("relay", new RelayServlet(relay));
            servlet.setAsyncSupported(true);
            servlet.addMapping("/*");
        };
    }
}
