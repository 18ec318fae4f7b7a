package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.testkit.InMemoryRequest;
import org.junit.jupiter.api.Test;

class BodyLimitTest {
    @Test
    void takes_a_body_that_is_just_as_long_as_allowed() {
        Bench bench = new Bench(Bench.MIB, 1000);
        for (InMemoryRequest request :
                new InMemoryRequest[] {Bench.request(), Bench.request().header("Content-Length", "1000")}) {
            bench.read(request.body(Bench.pieces(Bench.bodyOf(1000), 300)))
                    .envelope()
                    .body()
                    .release();
            bench.assertIdle();
        }
    }

    @Test
    void refuses_an_announced_body_before_reading_anything() {
        Bench bench = new Bench(Bench.MIB, 1000);
        InMemoryRequest request =
                Bench.request().header("Content-Length", "1001").body(Bench.bodyOf(500), Bench.bodyOf(501));
        RelayException failure = bench.read(request).failure();
        assertThat(failure.outcome()).isEqualTo(Outcome.BODY_TOO_LARGE);
        assertThat(failure).hasMessage("The request body is larger than 1000 bytes.");
        assertThat(request.pendingPieces()).isEqualTo(2);
        bench.assertIdle();
    }

    @Test
    void refuses_a_body_that_grows_too_long_and_leaves_the_rest_unread() {
        Bench bench = new Bench(Bench.MIB, 1000);
        byte[][] pieces = Bench.pieces(Bench.bodyOf(5000), 300);
        InMemoryRequest request = Bench.request().body(pieces);
        RelayException failure = bench.read(request).failure();
        assertThat(failure.outcome()).isEqualTo(Outcome.BODY_TOO_LARGE);
        assertThat(request.pendingPieces()).isEqualTo(pieces.length - 4);
        bench.assertIdle();
    }

    @Test
    void allows_32_mib_unless_told_otherwise() {
        assertThat(EnvelopeReader.Limits.DEFAULT.maxBytes()).isEqualTo(33_554_432);
        assertThat(EnvelopeReader.Limits.DEFAULT.idle()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void is_busy_when_an_announced_body_does_not_fit_into_the_budget() {
        Bench bench = new Bench(3 * 16_384, Bench.MIB);
        RequestBody first = bench.read(
                        Bench.request().header("Content-Length", "20000").body(Bench.pieces(Bench.bodyOf(20_000), 999)))
                .envelope()
                .body();
        assertThat(bench.budget.inUse()).isEqualTo(2 * 16_384);
        InMemoryRequest second = Bench.request().header("Content-Length", "20000");
        assertBusy(bench.read(second).failure());
        assertThat(bench.budget.inUse()).isEqualTo(2 * 16_384);
        first.release();
        bench.assertIdle();
    }

    @Test
    void is_busy_when_a_growing_body_does_not_fit_into_the_budget() {
        Bench bench = new Bench(3 * 16_384, Bench.MIB);
        assertBusy(bench.read(Bench.request().body(Bench.pieces(Bench.bodyOf(50_000), 999)))
                .failure());
        bench.assertIdle();
        assertThat(bench.pool.free()).isEqualTo(3);
        bench.read(Bench.request().body(Bench.bodyOf(3 * 16_384)))
                .envelope()
                .body()
                .release();
        bench.assertIdle();
    }

    @Test
    void reserves_an_announced_body_at_once() {
        Bench bench = new Bench();
        InMemoryRequest request = Bench.request().header("Content-Length", "100000");
        Ending ending = bench.read(request);
        assertThat(ending.calls()).isZero();
        assertThat(bench.budget.inUse()).isEqualTo(7 * 16_384);
        request.breakOff(new java.io.IOException("reset"));
        assertThat(ending.failure().outcome()).isEqualTo(Outcome.CLIENT_GONE);
        bench.assertIdle();
    }

    @Test
    void reserves_for_a_body_that_is_not_as_long_as_announced() {
        for (String length : new String[] {"0", "1", "100", "3000", "90000", "nonsense", "-5"}) {
            Bench bench = new Bench();
            byte[] bytes = Bench.bodyOf(50_000);
            RequestBody body = bench.read(
                            Bench.request().header("Content-Length", length).body(Bench.pieces(bytes, 777)))
                    .envelope()
                    .body();
            assertThat(bench.budget.inUse()).isGreaterThanOrEqualTo(50_000);
            assertThat(Bench.drain(body.open())).isEqualTo(bytes);
            body.release();
            bench.assertIdle();
        }
    }

    private static void assertBusy(RelayException failure) {
        assertThat(failure.outcome()).isEqualTo(Outcome.RELAY_BUSY);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(1));
    }
}
