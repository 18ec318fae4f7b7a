package org.ccrelayer.servlet;

import org.ccrelayer.Relay;
import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.testkit.AdapterContract;

class ServletAdapterTest extends AdapterContract {
    @Override
    protected Served serve(Relay relay) throws Exception {
        TestContainer container = TestContainer.start("", context -> {
            var servlet = context.addServlet("relay", new RelayServlet(relay));
            servlet.setAsyncSupported(true);
            servlet.addMapping("/*");
        });
        return new Served(container.port(), container);
    }
}
