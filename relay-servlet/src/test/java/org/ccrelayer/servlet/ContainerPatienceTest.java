package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.time.Duration;
import org.ccrelayer.Relay;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.servlet.container.TestContainer;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.Test;

/** A container's time-outs are for clients that neither send nor take what is waited for, not for answers that take long. */
class ContainerPatienceTest {
    private static final TestContainer.Terms SHORT = TestContainer.Terms.patience(Duration.ofSeconds(1));

    private static void blocking(ServletContext context, Relay relay) {
        var legacy = context.addFilter("legacy", new LegacyFilter());
        legacy.setAsyncSupported(false);
        legacy.addMappingForUrlPatterns(null, false, "/*");
        Webapp.servlet(context, relay);
    }

    private static void assertOutlastsSilence(Webapp webapp) throws Exception {
        webapp.upstream().enqueue(Script.answer().delay(Duration.ofMillis(2_500)));
        assertThat(webapp.stream()).contains("message_stop");
        webapp.upstream().enqueue(Script.answer().silence(Duration.ofMillis(2_500), Duration.ZERO));
        assertThat(webapp.stream()).contains("message_stop");
    }

    private static void assertDoesNotWaitForever(Webapp webapp) throws Exception {
        webapp.upstream().enqueue(Script.answer().events(100_000).deltaText("word ".repeat(200)));
        try (RawClient client = webapp.client()) {
            webapp.ask(client).readHead();
            assertThat(webapp.fixture().listener().await(1).outcome()).isEqualTo(Outcome.CLIENT_GONE);
            Wait.until("the upstream to be cancelled", () -> webapp.upstream().cancelledStreams() == 1);
        }
    }

    @Test
    void a_long_silence_ends_no_answer_that_holds_no_thread() throws Exception {
        try (Webapp webapp = new Webapp(SHORT, Webapp::servlet)) {
            assertOutlastsSilence(webapp);
        }
    }

    @Test
    void a_long_silence_ends_no_answer_that_holds_a_thread() throws Exception {
        try (Webapp webapp = new Webapp(SHORT, ContainerPatienceTest::blocking)) {
            assertOutlastsSilence(webapp);
        }
    }

    @Test
    void a_client_that_takes_nothing_holds_nothing_for_ever() throws Exception {
        try (Webapp webapp = new Webapp(SHORT, Webapp::servlet)) {
            assertDoesNotWaitForever(webapp);
        }
    }

    @Test
    void a_client_that_takes_nothing_holds_no_thread_for_ever() throws Exception {
        try (Webapp webapp = new Webapp(SHORT, ContainerPatienceTest::blocking)) {
            assertDoesNotWaitForever(webapp);
        }
    }
}
