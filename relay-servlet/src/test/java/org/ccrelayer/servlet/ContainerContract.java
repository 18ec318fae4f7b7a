package org.ccrelayer.servlet;

import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.testkit.AdapterContract;

/** {@link AdapterContract} with what differs between servlet containers. */
abstract class ContainerContract extends AdapterContract {
    @Override
    protected int lostBuffers() {
        return TestContainer.name().startsWith("jetty") ? 3 : 0;
    }
}
