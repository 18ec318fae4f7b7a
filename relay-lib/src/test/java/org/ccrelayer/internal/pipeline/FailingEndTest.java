package org.ccrelayer.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.Test;

/** Whatever fails at the end of an exchange, it ends, and nothing of it is left. */
class FailingEndTest {
    private static LimitStore failing(LimitStore limits) {
        return (LimitStore) Proxy.newProxyInstance(
                LimitStore.class.getClassLoader(), new Class<?>[] {LimitStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("release")) {
                        throw new IllegalStateException("a store that fails");
                    }
                    return method.invoke(limits, arguments);
                });
    }

    @Test
    void an_exchange_ends_though_its_lease_cannot_be_given_back() throws Exception {
        HeldResponse response = new HeldResponse();
        response.flow();
        try (SimulatedClaude upstream = SimulatedClaude.start()) {
            upstream.always(Script.text("hello").events(3));
            PipelineFixture fixture = new PipelineFixture(FailingEndTest::failing, upstream.uri());
            fixture.ask(response);
            assertThat(fixture.ended().outcome()).isEqualTo(Outcome.COMPLETED);
            Wait.until("nothing is left of it", () -> fixture.exchanges.count() == 0);
            assertThat(fixture.bodies.inUse()).isZero();
            fixture.close();
        }
    }
}
