package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.InstantSource;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.testkit.CountedMoneyContract;
import org.ccrelayer.testkit.LimitStoreContract;
import org.ccrelayer.testkit.ObjectStoreContract;
import org.ccrelayer.testkit.OnRedis;
import org.ccrelayer.testkit.RelayStoreContract;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.testkit.SessionStoreContract;
import org.ccrelayer.testkit.TokenStoreContract;
import org.junit.jupiter.api.Nested;

/** The contracts of all ports, on a real Redis. */
class RedisStoreContractTest extends OnRedis {
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

    /** With what a relay in use keeps of it, as it is assembled. */
    @Nested
    class EverythingKept extends RelayStoreContract {
        @Override
        protected RelayStore openEmpty() {
            peer.clear();
            return RedisRelay.keepingAt(peer, InstantSource.fixed(Samples.START));
        }
    }

    @Nested
    class TokensKept extends TokenStoreContract {
        @Override
        protected RelayStore openEmpty(InstantSource time) {
            peer.clear();
            return RedisRelay.keepingAt(peer, time);
        }

        @Override
        protected void pass(Duration time) {
            peer.age(time);
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
