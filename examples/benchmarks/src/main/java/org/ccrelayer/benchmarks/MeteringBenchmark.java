package org.ccrelayer.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.internal.metering.EventKind;
import org.ccrelayer.internal.metering.SseListener;
import org.ccrelayer.internal.metering.SseScanner;
import org.ccrelayer.internal.metering.UsageMeter;
import org.ccrelayer.usage.MeteredAnswer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** How fast a stream is read along, and what that allocates. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class MeteringBenchmark {
    private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";

    /** What a read of an upstream connection delivers at most. */
    private static final int READ_BYTES = 16 * 1024;

    private final byte[] answer;
    private final ByteBuffer[] deltas;
    private final UsageMeter running = UsageMeter.forAnswer(EVENT_STREAM, null);
    private final SseScanner scanner = new SseScanner(new Unheard());
    private int next;

    /** A meter and a scanner in the middle of an answer. */
    public MeteringBenchmark() {
        Quiet.libraries();
        List<byte[]> events;
        try {
            events = CannedAnswer.stream().parts();
        } catch (IOException e) {
            throw new IllegalStateException("the stream was not recorded", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the stream was not recorded", e);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        events.forEach(all::writeBytes);
        answer = all.toByteArray();
        deltas = events.stream()
                .filter(event -> new String(event, java.nio.charset.StandardCharsets.UTF_8).contains("text_delta"))
                .map(ByteBuffer::wrap)
                .toArray(ByteBuffer[]::new);
        running.see(ByteBuffer.wrap(events.get(0)));
    }

    /** One delta event, metered as it arrives: the step that is repeated for every few words of every answer. */
    @Benchmark
    public void deltaEvent(Speed speed) {
        ByteBuffer delta = deltas[next];
        next = next + 1 == deltas.length ? 0 : next + 1;
        running.see(delta);
        speed.read(delta.remaining());
    }

    /** A whole answer, from the meter that is made for it to what it used. */
    @Benchmark
    public MeteredAnswer wholeStream(Speed speed) {
        try (UsageMeter meter = UsageMeter.forAnswer(EVENT_STREAM, null)) {
            for (int from = 0; from < answer.length; from += READ_BYTES) {
                meter.see(ByteBuffer.wrap(answer, from, Math.min(READ_BYTES, answer.length - from)));
            }
            meter.end();
            speed.read(answer.length);
            return meter.result();
        }
    }

    /** The framing alone. */
    @Benchmark
    public long framing(Speed speed) {
        scanner.feed(answer, 0, answer.length);
        speed.read(answer.length);
        return scanner.events();
    }

    private static final class Unheard implements SseListener {
        @Override
        public void dataBegins(EventKind kind) {}

        @Override
        public void data(byte[] bytes, int from, int to) {}

        @Override
        public void event(EventKind kind, byte[] data, int length) {}
    }
}
