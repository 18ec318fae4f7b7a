package org.ccrelayer.servlet;

import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.ccrelayer.Relay;
import org.ccrelayer.servlet.container.TestContainer;

/** A filter that is mapped to requests only, as filters are by default, above a host that would answer everything. */
class FilterAdapterTest extends ContainerContract {
    @Override
    protected Served serve(Relay relay) throws Exception {
        TestContainer.Terms terms = TestContainer.Terms.USUAL.withErrorPage("/error-page");
        TestContainer container = TestContainer.start("", terms, context -> {
            var filter = context.addFilter("relay", new RelayFilter(relay));
            filter.setAsyncSupported(true);
            filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
            context.addServlet("host", new HostServlet()).addMapping("/");
        });
        return new Served(container.port(), container);
    }
}
