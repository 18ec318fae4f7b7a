package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Planted leaks: a test during which a canary is logged fails, and only that. */
class CanaryWatchTest {
    /** Loggers of their own, so that what is planted does not fail the test that plants it. */
    private static final LoggerContext APART = new LoggerContext();

    static {
        APART.setMDCAdapter(new LogbackMDCAdapter());
    }

    private static final Logger RELAY = APART.getLogger("org.ccrelayer.internal.sample");

    /** One test per way in which a log can hold a secret. */
    static class Leaking {
        @RegisterExtension
        static final CanaryWatch WATCH = new CanaryWatch(APART);

        @Test
        void inAMessage() {
            RELAY.debug("the key is " + Canary.UPSTREAM_KEY.text());
        }

        @Test
        void inAnArgument() {
            RELAY.info("{} was refused", Canary.BEARER_TOKEN.text());
        }

        @Test
        void inAnException() {
            RELAY.warn("it failed", new IOException(Canary.PROMPT.text()));
        }

        @Test
        void inTheCauseOfAnException() {
            RELAY.debug("it failed", new IOException("no", new IllegalStateException(Canary.JWT_SECRET.text())));
        }

        @Test
        void inASuppressedException() {
            IOException thrown = new IOException("no");
            thrown.addSuppressed(new IOException(Canary.ENCRYPTION_KEY.text()));
            RELAY.error("it failed", thrown);
        }

        @Test
        void inAPair() {
            RELAY.atDebug().addKeyValue("token", Canary.ACCESS_TOKEN.text()).log("renewed");
        }

        @Test
        void inBase64() {
            byte[] login = ("user:" + Canary.PROXY_PASSWORD.text()).getBytes(StandardCharsets.UTF_8);
            RELAY.debug("proxy-authorization: Basic {}", Base64.getEncoder().encodeToString(login));
        }

        @Test
        void ofALibrary() {
            APART.getLogger("org.eclipse.jetty.client").info("x-api-key: {}", Canary.UPSTREAM_KEY.text());
        }

        @Test
        void inTheNameOfAThread() throws InterruptedException {
            Thread thread = new Thread(() -> RELAY.debug("hello"), Canary.CLIENT_SECRET.text());
            thread.start();
            thread.join();
        }

        @Test
        void ofAnIssuedKey() {
            RELAY.debug(
                    "{}...",
                    Canaries.remember("cr_" + "9c0d41e27b5a8f36".repeat(4)).substring(0, 15));
        }

        @Test
        void ofAnAnswer() {
            RELAY.debug("{}", Canary.ANSWER.text(3));
        }
    }

    /** What is logged at the end of a test belongs to it. */
    static class LeakingWhenItStops {
        @RegisterExtension
        static final CanaryWatch WATCH = new CanaryWatch(APART);

        @AfterEach
        void stop() {
            RELAY.debug(Canary.UPSTREAM_KEY.text());
        }

        @Test
        void itself() {}
    }

    /** Behind the last test the class fails. */
    static class LeakingWhenAllIsOver {
        @RegisterExtension
        static final CanaryWatch WATCH = new CanaryWatch(APART);

        @AfterAll
        static void stop() {
            RELAY.debug(Canary.UPSTREAM_KEY.text());
        }

        @Test
        void itself() {}
    }

    /** Logs nothing that it must not log. */
    static class Clean {
        @RegisterExtension
        static final CanaryWatch WATCH = new CanaryWatch(APART);

        @Test
        void aLine() {
            RELAY.debug("relay_1 status={}", 200, new IOException("the upstream hung up"));
        }

        @Test
        void aLibraryBelowItsLevel() {
            APART.getLogger("org.eclipse.jetty").setLevel(ch.qos.logback.classic.Level.INFO);
            APART.getLogger("org.eclipse.jetty.client").debug("x-api-key: {}", Canary.UPSTREAM_KEY.text());
        }
    }

    private static TestExecutionSummary run(DiscoverySelector tests) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(tests)
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "false")
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inAMessage",
                "inAnArgument",
                "inAnException",
                "inTheCauseOfAnException",
                "inASuppressedException",
                "inAPair",
                "inBase64",
                "ofALibrary",
                "inTheNameOfAThread",
                "ofAnIssuedKey",
                "ofAnAnswer"
            })
    void aTestThatLeaksFails(String name) {
        TestExecutionSummary summary = run(selectMethod(Leaking.class, name));
        assertThat(summary.getTestsFailedCount()).isEqualTo(1);
        assertThat(summary.getFailures().get(0).getException())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("canaries in the log");
    }

    @Test
    void everyWayToLeakIsTried() {
        assertThat(run(selectClass(Leaking.class)).getTestsFailedCount()).isEqualTo(11);
    }

    @Test
    void aTestThatLeaksWhenItStopsFails() {
        assertThat(run(selectClass(LeakingWhenItStops.class)).getTestsFailedCount())
                .isEqualTo(1);
    }

    @Test
    void aClassThatLeaksWhenItsTestsAreOverFails() {
        TestExecutionSummary summary = run(selectClass(LeakingWhenAllIsOver.class));
        assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
        assertThat(summary.getContainersFailedCount()).isEqualTo(1);
    }

    @Test
    void aTestThatLeaksNothingPasses() {
        TestExecutionSummary summary = run(selectClass(Clean.class));
        assertThat(summary.getTestsSucceededCount()).isEqualTo(2);
        assertThat(summary.getTotalFailureCount()).isZero();
    }

    @Test
    void everyTestOfThisBuildIsWatched() {
        assertThat(CanaryWatch.watches())
                .as("run with -Djunit.jupiter.extensions.autodetection.enabled=true")
                .isTrue();
    }
}
