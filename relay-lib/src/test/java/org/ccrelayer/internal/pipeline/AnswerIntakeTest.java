package org.ccrelayer.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.internal.metering.UsageMeter;
import org.ccrelayer.testkit.ManualScheduler;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.content.AsyncContent;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An answer that comes in gives back every piece and every buffer, however it ends. */
class AnswerIntakeTest {
    private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    private final ManualScheduler scheduler = new ManualScheduler();
    private final AsyncContent source = new AsyncContent();
    private final AtomicInteger held = new AtomicInteger();
    private final AnswerIntake intake = new AnswerIntake(
            source,
            UsageMeter.forAnswer("application/octet-stream", null),
            SilenceWatch.of(scheduler, Duration.ofSeconds(10), () -> {}),
            pool);

    private void arrives(int bytes, boolean last) {
        held.incrementAndGet();
        source.write(last, ByteBuffer.allocate(bytes), Callback.from(held::decrementAndGet));
    }

    @AfterEach
    void nothingIsHeld() {
        assertThat(held).hasValue(0);
        assertThat(pool.getLeaks()).isEmpty();
        assertThat(scheduler.pending()).isZero();
    }

    @Test
    void anAnswerThatIsReadToItsEnd() {
        arrives(20_000, false);
        arrives(10_000, false);
        arrives(20_000, true);
        assertThat(intake.read().remaining()).isEqualTo(30_000);
        intake.release();
        assertThat(intake.ended()).isFalse();
        assertThat(intake.read().remaining()).isEqualTo(20_000);
        assertThat(intake.ended()).isTrue();
        assertThat(intake.failure()).isEmpty();
        intake.close();
    }

    @Test
    void anAnswerThatIsLetGoOfInTheMiddle() {
        arrives(20_000, false);
        arrives(20_000, false);
        arrives(20_000, true);
        assertThat(intake.read().remaining()).isEqualTo(20_000);
        intake.closeCancelled();
    }

    @Test
    void anAnswerThatBreaksWhileMoreIsAwaited() {
        arrives(100, false);
        intake.read();
        intake.release();
        AtomicInteger woken = new AtomicInteger();
        assertThat(intake.read().remaining()).isZero();
        intake.await(woken::incrementAndGet);
        assertThat(scheduler.pending()).isEqualTo(1);
        source.fail(new IOException("broken"));
        assertThat(woken).hasValue(1);
        assertThat(intake.read().remaining()).isZero();
        assertThat(intake.failure()).isPresent();
        intake.close();
    }
}
