package org.ccrelayer.servlet;

import org.ccrelayer.Relay;
import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.testkit.WatchedStoreContract;

class WatchedStoreServletTest extends WatchedStoreContract {
    @Override
    protected Served serve(Relay relay) throws Exception {
        TestContainer.Terms terms = TestContainer.Terms.USUAL.withErrorPage("/error-page");
        TestContainer container = TestContainer.start("", terms, context -> {
            var servlet = context.addServlet("relay", new RelayServlet(relay));
            servlet.setAsyncSupported(true);
            servlet.addMapping("/*");
            context.addServlet("host", new HostServlet()).addMapping("/error-page");
        });
        return new Served(container.port(), container);
    }

    @Override
    protected int lostBuffers() {
        return TestContainer.name().startsWith("jetty") ? 3 : 0;
    }
}
