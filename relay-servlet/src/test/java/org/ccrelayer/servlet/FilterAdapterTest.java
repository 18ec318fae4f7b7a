package org.ccrelayer.servlet;

import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.ccrelayer.Relay;
import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.testkit.AdapterContract;

class FilterAdapterTest extends AdapterContract {
    @Override
    protected Served serve(Relay relay) throws Exception {
        TestContainer container = TestContainer.start("", context -> {
            var filter = context.addFilter("relay", new RelayFilter(relay));
            filter.setAsyncSupported(true);
            context.addServlet("host", new HostServlet()).addMapping("/");
            filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, "/*");
        });
        return new Served(container.port(), container);
    }
}
