package org.ccrelayer.internal.store.redis;

import java.io.IOException;
import org.ccrelayer.testkit.RedisPeer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Tests on what the predecessor wrote: one server for all of a class, loaded anew for each. */
abstract class OnTheDump {
    private static RedisPeer peer;

    final DumpFixture dump = new DumpFixture(peer);

    @BeforeAll
    static void startRedis() throws IOException {
        peer = RedisPeer.start();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        peer.close();
    }

    @AfterEach
    void close() throws IOException {
        dump.close();
    }
}
