package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeoutException;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.testkit.InMemoryRequest;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.Test;

class BodyArrivalTest {
    private final Bench bench = new Bench();

    @Test
    void reads_in_the_callers_thread_what_is_there_already() {
        Ending ending = bench.read(Bench.request().body(Bench.pieces(Bench.bodyOf(1000), 10)));
        assertThat(ending.thread()).isSameAs(Thread.currentThread());
        assertThat(Bench.drain(ending.envelope().body().open())).isEqualTo(Bench.bodyOf(1000));
        assertThat(bench.scheduler.pending()).isZero();
    }

    @Test
    void waits_without_a_thread_and_ends_in_the_thread_of_the_last_piece() throws InterruptedException {
        InMemoryRequest request = Bench.request();
        Ending ending = bench.read(request);
        byte[][] pieces = Bench.pieces(Bench.bodyOf(1000), 100);
        Thread last = Thread.currentThread();
        for (byte[] piece : pieces) {
            assertThat(ending.calls()).isZero();
            last = new Thread(() -> request.feed(piece));
            last.start();
            last.join();
            assertThat(request.pendingPieces()).isZero();
        }
        last = new Thread(request::end);
        last.start();
        last.join();
        assertThat(Bench.drain(ending.envelope().body().open())).isEqualTo(Bench.bodyOf(1000));
        assertThat(ending.thread()).isSameAs(last);
    }

    @Test
    void releases_every_piece_it_was_given() {
        InMemoryRequest request = Bench.request().body(Bench.pieces(Bench.bodyOf(1000), 7));
        bench.read(request).envelope();
        assertThat(request.pendingPieces()).isZero();
        InMemoryRequest refused = Bench.request().body(Bench.utf8("x"));
        bench.read(refused).failure();
        assertThat(refused.pendingPieces()).isZero();
    }

    @Test
    void tells_a_client_that_went_away() {
        InMemoryRequest request = Bench.request();
        Ending ending = bench.read(request);
        request.feed(Bench.utf8("{\"model\":"));
        IOException reset = new IOException("reset");
        request.breakOff(reset);
        assertThat(ending.failure().outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(ending.failure()).hasCause(reset);
        bench.assertIdle();
        assertThat(bench.pool.free()).isEqualTo(1);
    }

    @Test
    void takes_a_passing_failure_for_the_end_too() {
        InMemoryRequest request = Bench.request();
        Ending ending = bench.read(request);
        request.body().fail(new TimeoutException("the container's own bound"), false);
        assertThat(ending.failure().outcome()).isEqualTo(Outcome.BODY_TIMEOUT);
        bench.assertIdle();
    }

    @Test
    void gives_up_after_30_seconds_without_a_byte() {
        InMemoryRequest request = Bench.request();
        Ending ending = bench.read(request);
        request.feed(Bench.utf8("{\"model\":"));
        bench.scheduler.advance(Duration.ofMillis(29_999));
        assertThat(ending.calls()).isZero();
        bench.scheduler.advance(Duration.ofMillis(1));
        assertThat(ending.failure().outcome()).isEqualTo(Outcome.BODY_TIMEOUT);
        assertThat(request.bodyFailure()).isInstanceOf(TimeoutException.class);
        bench.assertIdle();
        assertThat(bench.pool.free()).isEqualTo(1);
        request.feed(Bench.utf8("\"m\"}"));
        request.end();
        assertThat(ending.calls()).isEqualTo(1);
    }

    @Test
    void gives_an_announced_body_up_that_never_begins() {
        Ending ending = bench.read(Bench.request().header("Content-Length", "90000"));
        bench.scheduler.advance(Duration.ofSeconds(30));
        assertThat(ending.failure().outcome()).isEqualTo(Outcome.BODY_TIMEOUT);
        bench.assertIdle();
    }

    @Test
    void has_patience_as_long_as_bytes_arrive() {
        InMemoryRequest request = Bench.request();
        Ending ending = bench.read(request);
        for (byte[] piece : Bench.pieces(Bench.bodyOf(100), 1)) {
            bench.scheduler.advance(Duration.ofSeconds(29));
            request.feed(piece);
            assertThat(bench.scheduler.pending()).isEqualTo(1);
        }
        request.end();
        assertThat(ending.envelope().body().length()).isEqualTo(100);
        assertThat(bench.scheduler.pending()).isZero();
    }

    @Test
    void does_not_grow_the_stack_with_a_source_that_answers_at_once() {
        byte[] bytes = Bench.bodyOf(200_000);
        Ending ending = bench.read(Bench.request().source(new AtOnce(bytes)));
        assertThat(ending.envelope().body().length()).isEqualTo(200_000);
        assertThat(bench.scheduler.pending()).isZero();
    }

    @Test
    void tells_a_defect_of_the_source_as_one() {
        Ending ending = bench.read(Bench.request().source(new AtOnce(new byte[0])));
        assertThat(ending.failure().outcome()).isEqualTo(Outcome.INTERNAL_ERROR);
        assertThat(ending.failure().getCause()).isInstanceOf(ArrayIndexOutOfBoundsException.class);
        bench.assertIdle();
    }

    @Test
    void ends_once_when_the_last_piece_and_the_bound_come_together() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        for (int round = 0; round < 500; round++) {
            InMemoryRequest request = Bench.request();
            Ending ending = bench.read(request);
            Thread feeder = new Thread(() -> {
                meet(together);
                request.body(Bench.utf8("{\"model\":\"m\"}"));
            });
            feeder.start();
            meet(together);
            bench.scheduler.advance(Duration.ofSeconds(30));
            feeder.join();
            assertThat(ending.calls()).isEqualTo(1);
            if (ending.isReceived()) {
                ending.envelope().body().release();
            } else {
                assertThat(ending.failure().outcome()).isEqualTo(Outcome.BODY_TIMEOUT);
            }
            bench.assertIdle();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Has one byte each time it is asked, and says so before the asking returns. Has a defect behind its end. */
    private static final class AtOnce implements Content.Source {
        private final byte[] bytes;
        private int at;
        private boolean asked;

        AtOnce(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public Content.@org.jspecify.annotations.Nullable Chunk read() {
            if (!asked) {
                return null;
            }
            asked = false;
            java.nio.ByteBuffer one = java.nio.ByteBuffer.wrap(new byte[] {bytes[at++]});
            return Content.Chunk.from(one, at == bytes.length);
        }

        @Override
        public void demand(Runnable demandCallback) {
            asked = true;
            demandCallback.run();
        }

        @Override
        public void fail(Throwable failure) {}
    }
}
