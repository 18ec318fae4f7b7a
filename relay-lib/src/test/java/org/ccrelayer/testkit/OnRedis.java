package org.ccrelayer.testkit;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests with one Redis for all of a class, which those empty that want it empty. Classes run one after the other. */
public abstract class OnRedis {
    protected static RedisPeer peer;

    @BeforeAll
    protected static void startRedis() throws IOException {
        peer = RedisPeer.start();
    }

    @AfterAll
    protected static void stopRedis() throws IOException {
        peer.close();
    }
}
