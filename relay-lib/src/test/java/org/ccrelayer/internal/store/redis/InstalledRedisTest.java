package org.ccrelayer.internal.store.redis;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.testkit.CountedMoneyContract;
import org.ccrelayer.testkit.LimitStoreContract;
import org.ccrelayer.testkit.ObjectStoreContract;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.RelayStoreContract;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.testkit.SessionStoreContract;
import org.ccrelayer.testkit.TokenStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The contracts of all ports, on the {@code redis-server} that the machine has. */
@Tag("full")
class InstalledRedisTest {
    private static RedisPeer peer;

    @BeforeAll
    static void startRedis() throws IOException {
        peer = RedisPeer.startInstalled();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        peer.close();
    }

    private static RelayStore empty(InstantSource clock) {
        peer.clear();
        return RedisRelay.at(peer, clock);
    }

    @Nested
    class Everything extends RelayStoreContract {
        @Override
        protected RelayStore openEmpty() {
            return empty(InstantSource.fixed(Samples.START));
        }
    }

    @Nested
    class Limits extends LimitStoreContract {
        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return empty(time);
        }
    }

    @Nested
    class Money extends CountedMoneyContract {
        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return empty(time);
        }
    }

    @Nested
    class Sessions extends SessionStoreContract {
        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return empty(time);
        }
    }

    @Nested
    class Objects extends ObjectStoreContract {
        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return empty(time);
        }
    }

    @Nested
    class Tokens extends TokenStoreContract {
        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return empty(time);
        }

        /** The predecessor's locks end by the server's clock alone. */
        @Override
        protected void pass(Duration time) {
            peer.age(time);
        }
    }
}
