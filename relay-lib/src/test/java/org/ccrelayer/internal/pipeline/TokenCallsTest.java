package org.ccrelayer.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.ccrelayer.account.Account;
import org.ccrelayer.internal.credential.TokenEndpoint;
import org.ccrelayer.internal.credential.TokenEndpoint.Answer;
import org.ccrelayer.internal.credential.TokenEndpoint.Unanswered;
import org.ccrelayer.internal.credential.TokenRequest;
import org.ccrelayer.internal.upstream.UpstreamClient;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.testkit.Samples;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A token call is bounded in time and length and goes nowhere but where it was sent. */
@Timeout(60)
class TokenCallsTest {
    private static final Account ACCOUNT = Samples.account("a", 3);

    private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("test", true);
    private UpstreamClient upstreams;

    @BeforeEach
    void start() throws Exception {
        scheduler.start();
        upstreams = UpstreamClient.start(PipelineFixture.terms(), scheduler, new ArrayByteBufferPool());
    }

    @AfterEach
    void stop() throws Exception {
        upstreams.close();
        scheduler.stop();
    }

    private Answer call(URI uri) throws Exception {
        TokenEndpoint calls = new TokenCalls(upstreams, scheduler, Duration.ofMillis(700));
        TokenRequest request = new TokenRequest(
                uri, HttpFields.build().put("content-type", "text/x"), RawUpstream.bytes("the body"), List.of());
        return calls.post(ACCOUNT, request).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Unanswered failing(RawUpstream.Script script) throws Exception {
        try (RawUpstream endpoint = RawUpstream.answering(script)) {
            Throwable failure = catchThrowable(() -> call(endpoint.uri()));
            assertThat(failure.getCause()).isInstanceOf(Unanswered.class);
            return (Unanswered) failure.getCause();
        }
    }

    private static void stall(OutputStream out, String beginning) throws java.io.IOException {
        out.write(RawUpstream.bytes(beginning));
        out.flush();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void aCallIsAnswered() throws Exception {
        StringBuilder seen = new StringBuilder();
        try (RawUpstream endpoint = RawUpstream.answering((head, out) -> {
            seen.append(head);
            out.write(RawUpstream.bytes("HTTP/1.1 400 Bad\r\ncontent-length: 2\r\n\r\nno"));
        })) {
            Answer answer = call(URI.create(endpoint.uri() + "/o/token/"));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo(RawUpstream.bytes("no"));
        }
        assertThat(seen.toString())
                .startsWith("POST /o/token/ HTTP/1.1\r\n")
                .containsIgnoringCase("content-type: text/x\r\n")
                .containsIgnoringCase("content-length: 8\r\n")
                .doesNotContainIgnoringCase("user-agent");
    }

    @Test
    void anEndpointThatStallsIsGivenUp() throws Exception {
        Unanswered failure = failing((head, out) -> stall(out, ""));
        assertThat(failure.heard()).isTrue();
        assertThat(failure.words()).isEqualTo("timed out");
    }

    @Test
    void anAnswerThatStallsIsGivenUp() throws Exception {
        Unanswered failure = failing((head, out) -> stall(out, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"));
        assertThat(failure.heard()).isTrue();
        assertThat(failure.words()).isEqualTo("the answer took too long");
    }

    @Test
    void anAnswerIsAMebibyteAtMost() throws Exception {
        Unanswered failure = failing((head, out) -> {
            out.write(RawUpstream.bytes("HTTP/1.1 200 OK\r\ncontent-length: 2097152\r\n\r\n"));
            out.write(new byte[2_097_152]);
        });
        assertThat(failure.heard()).isTrue();
        assertThat(failure.words()).contains("longer than 1 MiB");
    }

    @Test
    void aRedirectIsAnAnswer() throws Exception {
        try (RawUpstream elsewhere = RawUpstream.answering((head, out) -> {});
                RawUpstream endpoint = RawUpstream.answering((head, out) -> out.write(RawUpstream.bytes(
                        "HTTP/1.1 307 Go\r\nlocation: " + elsewhere.uri() + "\r\ncontent-length: 0\r\n\r\n")))) {
            assertThat(call(endpoint.uri()).status()).isEqualTo(307);
            assertThat(elsewhere.connections()).isZero();
        }
    }

    @Test
    void anEndpointThatIsNotThereHeardNothing() throws Exception {
        URI nowhere;
        try (RawUpstream closed = RawUpstream.answering((head, out) -> {})) {
            nowhere = closed.uri();
        }
        Throwable failure = catchThrowable(() -> call(nowhere));
        assertThat(failure.getCause())
                .isInstanceOfSatisfying(
                        Unanswered.class, call -> assertThat(call.heard()).isFalse());
        assertThat(failure).isNotInstanceOf(CompletionException.class);
    }
}
