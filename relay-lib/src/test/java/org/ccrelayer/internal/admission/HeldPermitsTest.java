package org.ccrelayer.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.internal.pricing.CurrentPrices;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.testkit.MovedClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Permits are kept alive as long as their relay lives, and no longer. */
class HeldPermitsTest {
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final ApiKey KEY = new ApiKey(
            "k", "key", "hash", true, KeyLimits.NONE.withConcurrency(1), Instant.EPOCH, null, Activation.NONE);

    private static final RequestFacts FACTS =
            Requests.facts("{'model':'claude-sonnet-5-5','max_tokens':10,'messages':[]}");

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-22T10:00:00Z"));
    private final EmbeddedStore store = EmbeddedStore.inMemory(StoreTime.utc(clock));
    private final AdmissionControl relay = relay();
    private final AdmissionControl other = relay();

    private AdmissionControl relay() {
        return relay(store.limits());
    }

    private AdmissionControl relay(LimitStore limits) {
        AdmissionControl.Terms terms = new AdmissionControl.Terms(TTL, ZoneOffset.UTC, 5_000);
        return new AdmissionControl(
                limits, CurrentPrices.bundled(), new GeneralRates(store::serviceRates), clock, terms);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aPermitThatIsKeptAliveKeepsItsPlace() {
        Permit permit = relay.admit(KEY, "x1", FACTS);
        for (int third = 0; third < 30; third++) {
            clock.move(TTL.dividedBy(3));
            relay.keepAlive();
            other.keepAlive();
            assertThatThrownBy(() -> other.admit(KEY, "x2", FACTS)).isInstanceOf(RelayException.class);
        }
        permit.release(false);
        assertThat(relay.held()).isZero();
        other.admit(KEY, "x3", FACTS).release(false);
    }

    @Test
    void aRelayThatIsGoneLeavesNothingBehind() {
        relay.admit(KEY, "x1", FACTS);
        clock.move(TTL);
        other.admit(KEY, "x2", FACTS).release(false);
        clock.move(TTL);
        other.keepAlive();
        assertThat(store.limits().use("k", KEY.limits(), ZoneOffset.UTC).leases())
                .isZero();
        assertThat(store.limits().reap()).as("it was done already").isZero();
    }

    @Test
    void oneThatCannotBeRenewedKeepsNoOtherFromIt() {
        LimitStore failing = (LimitStore) Proxy.newProxyInstance(
                LimitStore.class.getClassLoader(), new Class<?>[] {LimitStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("renewing")
                            && ((Lease) arguments[0]).exchangeId().equals("x1")) {
                        return CompletableFuture.failedFuture(new RelayException(Outcome.STORE_UNAVAILABLE));
                    }
                    return method.invoke(store.limits(), arguments);
                });
        AdmissionControl troubled = relay(failing);
        ApiKey three = new ApiKey(
                "k", "key", "hash", true, KeyLimits.NONE.withConcurrency(3), Instant.EPOCH, null, Activation.NONE);
        for (int number = 0; number < 3; number++) {
            troubled.admit(three, "x" + number, FACTS);
        }
        clock.move(TTL.minusSeconds(1));
        troubled.keepAlive();
        clock.move(TTL.minusSeconds(1));
        assertThat(store.limits().use("k", three.limits(), ZoneOffset.UTC).leases())
                .isEqualTo(2);
    }

    @Test
    void aPermitIsReleasedOnce() {
        Permit permit = relay.admit(KEY, "x1", FACTS);
        permit.release(false);
        Permit second = relay.admit(KEY, "x2", FACTS);
        permit.release(false);
        assertThat(relay.held()).isEqualTo(1);
        second.release(false);
    }
}
