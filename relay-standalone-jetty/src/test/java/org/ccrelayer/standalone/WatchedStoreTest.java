package org.ccrelayer.standalone;

import java.util.Map;
import org.ccrelayer.Relay;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.WatchedStoreContract;

class WatchedStoreTest extends WatchedStoreContract {
    @Override
    protected Served serve(Relay relay) {
        RelayServer server = RelayServer.start(RelayFixture.config(Map.of()), relay);
        return new Served(server.port(), server);
    }

    @Override
    protected int lostBuffers() {
        return 3;
    }
}
