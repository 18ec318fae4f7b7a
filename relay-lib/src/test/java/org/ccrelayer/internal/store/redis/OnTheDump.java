package org.ccrelayer.internal.store.redis;

import java.io.IOException;
import org.ccrelayer.testkit.OnRedis;
import org.junit.jupiter.api.AfterEach;

/** Tests on what the predecessor wrote: one server for all of a class, loaded anew for each. */
abstract class OnTheDump extends OnRedis {

    final DumpFixture dump = new DumpFixture(peer);

    @AfterEach
    void close() throws IOException {
        dump.close();
    }
}
