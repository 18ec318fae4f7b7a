package org.ccrelayer.servlet;

import java.time.Duration;
import org.ccrelayer.Relay;
import org.ccrelayer.servlet.container.TestContainer;

/** A host's filter that lacks async support stands before the relay. */
class BlockingAdapterTest extends ContainerContract {
    @Override
    protected Served serve(Relay relay) throws Exception {
        // A thread that waits for the client's next bytes gets to nothing else before the container gives up.
        TestContainer.Terms terms =
                TestContainer.Terms.patience(Duration.ofSeconds(6)).withErrorPage("/error-page");
        TestContainer container = TestContainer.start("", terms, context -> {
            var legacy = context.addFilter("legacy", new LegacyFilter());
            legacy.setAsyncSupported(false);
            legacy.addMappingForUrlPatterns(null, false, "/*");
            var servlet = context.addServlet("relay", new RelayServlet(relay));
            servlet.setAsyncSupported(true);
            servlet.addMapping("/*");
            context.addServlet("host", new HostServlet()).addMapping("/error-page");
        });
        return new Served(container.port(), container);
    }

    /** Tomcat has its own answer for this case, and takes none from a servlet after it. */
    @Override
    protected boolean tellsStalledSenderItself() {
        return !TestContainer.name().equals("tomcat");
    }

    /** Fewer, since each holds a thread. */
    @Override
    protected int streams() {
        return 400;
    }
}
