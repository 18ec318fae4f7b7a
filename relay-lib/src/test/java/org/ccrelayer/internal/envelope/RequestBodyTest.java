package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.ccrelayer.http.ReplayableBody;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.Test;

class RequestBodyTest {
    private final Bench bench = new Bench();

    private RequestBody bodyOf(byte[] bytes, int piece) {
        return bench.read(Bench.request().body(Bench.pieces(bytes, piece)))
                .envelope()
                .body();
    }

    private static byte[] large() {
        byte[] bytes = Bench.bodyOf(2 * Bench.MIB + 17);
        Random random = new Random(3);
        for (int i = 100; i < bytes.length - 100; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(26));
        }
        return bytes;
    }

    @Test
    void delivers_the_same_bytes_as_often_as_it_is_opened() {
        byte[] bytes = large();
        RequestBody body = bodyOf(bytes, 7001);
        assertThat(body.length()).isEqualTo(bytes.length);
        assertThat(Bench.drain(body.open())).isEqualTo(bytes);
        assertThat(Bench.drain(body.open())).isEqualTo(bytes);
        body.release();
        bench.assertIdle();
    }

    @Test
    void keeps_small_bodies_of_known_length_in_arrays_of_their_size() {
        byte[] bytes = Bench.bodyOf(300);
        RequestBody body = bench.read(
                        Bench.request().header("Content-Length", "300").body(Bench.pieces(bytes, 11)))
                .envelope()
                .body();
        assertThat(bench.budget.inUse()).isEqualTo(300);
        assertThat(Bench.drain(body.open())).isEqualTo(bytes);
        body.release();
        bench.assertIdle();
        assertThat(bench.pool.free()).isZero();
    }

    @Test
    void can_be_rewound_and_demanded() {
        byte[] bytes = Bench.bodyOf(40_000);
        Content.Source source = bodyOf(bytes, 40_000).open();
        source.read().release();
        assertThat(source.rewind()).isTrue();
        boolean[] called = {false};
        source.demand(() -> called[0] = true);
        assertThat(called[0]).isTrue();
        assertThat(Bench.drain(source)).isEqualTo(bytes);
        assertThat(source.read()).isSameAs(Content.Chunk.EOF);
        assertThat(source.read()).isSameAs(Content.Chunk.EOF);
    }

    @Test
    void fails_a_source_that_was_failed_and_no_other() {
        byte[] bytes = Bench.bodyOf(40_000);
        RequestBody body = bodyOf(bytes, 40_000);
        Content.Source failed = body.open();
        Content.Source other = body.open();
        failed.fail(new IllegalStateException("told to"));
        assertThat(failed.read().getFailure()).hasMessage("told to");
        assertThat(Bench.drain(other)).isEqualTo(bytes);
        other.fail(new IllegalStateException("too late"));
        assertThat(other.read()).isSameAs(Content.Chunk.EOF);
    }

    @Test
    void lets_nobody_write_to_it() {
        Content.Chunk chunk = bodyOf(Bench.bodyOf(100), 100).open().read();
        assertThat(chunk.getByteBuffer().isReadOnly()).isTrue();
        assertThat(chunk.getByteBuffer().hasArray()).isFalse();
    }

    @Test
    void serves_several_sources_at_once() throws Exception {
        byte[] bytes = large();
        RequestBody body = bodyOf(bytes, 5000);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<byte[]> result : threads.invokeAll(IntStream.range(0, 8)
                    .<java.util.concurrent.Callable<byte[]>>mapToObj(i -> () -> Bench.drain(body.open()))
                    .toList())) {
                assertThat(result.get()).isEqualTo(bytes);
            }
        } finally {
            threads.shutdown();
        }
        body.release();
        bench.assertIdle();
        assertThat(bench.pool.free()).isEqualTo((bytes.length + 16383) / 16384);
    }

    @Test
    void gives_everything_back_once() {
        RequestBody first = bodyOf(Bench.bodyOf(40_000), 40_000);
        RequestBody second = bodyOf(Bench.bodyOf(40_000), 40_000);
        first.release();
        first.release();
        assertThat(bench.budget.inUse()).isEqualTo(3 * 16_384);
        assertThat(bench.pool.free()).isEqualTo(3);
        second.release();
        bench.assertIdle();
    }

    @Test
    void fails_its_sources_after_its_release() {
        RequestBody body = bodyOf(Bench.bodyOf(40_000), 40_000);
        Content.Source begun = body.open();
        begun.read().release();
        body.release();
        assertThat(Content.Chunk.isFailure(begun.read(), true)).isTrue();
        assertThat(Content.Chunk.isFailure(body.open().read(), true)).isTrue();
        assertThat(bench.pool.free()).isEqualTo(3);
    }

    @Test
    void never_lends_memory_that_an_upstream_write_still_looks_at() {
        byte[] bytes = Bench.bodyOf(40_000);
        RequestBody body = bodyOf(bytes, 40_000);
        Content.Chunk inUse = body.open().read();
        body.release();
        bench.assertIdle();
        byte[] other = new byte[200_000];
        Arrays.fill(other, (byte) ' ');
        byte[] valid = Bench.bodyOf(100);
        System.arraycopy(valid, 0, other, 0, valid.length);
        RequestBody later = bodyOf(other, 1000);

        byte[] seen = new byte[inUse.remaining()];
        inUse.getByteBuffer().get(seen);
        assertThat(seen).isEqualTo(Arrays.copyOf(bytes, seen.length));
        inUse.release();
        assertThat(bench.pool.free()).isZero();
        later.release();
        assertThat(bench.pool.free()).isEqualTo(13);
    }

    @Test
    void delivers_another_value_in_a_place() {
        byte[] bytes = large();
        RequestBody body = bodyOf(bytes, 9000);
        int[][] spans = {
            {0, 0}, {0, 10}, {9, 12}, {16_380, 16_390}, {16_384, 32_768}, {100, bytes.length}, {0, bytes.length}
        };
        for (int[] span : spans) {
            for (String value : new String[] {"", "\"another-model\""}) {
                ReplayableBody replaced = body.withReplaced(span[0], span[1], Bench.utf8(value));
                byte[] expected = ByteBuffer.allocate(bytes.length - (span[1] - span[0]) + value.length())
                        .put(bytes, 0, span[0])
                        .put(Bench.utf8(value))
                        .put(bytes, span[1], bytes.length - span[1])
                        .array();
                assertThat(replaced.length()).isEqualTo(expected.length);
                assertThat(Bench.drain(replaced.open())).isEqualTo(expected);
                assertThat(Bench.drain(replaced.open())).isEqualTo(expected);
            }
        }
        assertThat(Bench.drain(body.open())).isEqualTo(bytes);
        ReplayableBody replaced = body.withReplaced(9, 12, Bench.utf8("\"x\""));
        body.release();
        assertThat(Content.Chunk.isFailure(replaced.open().read(), true)).isTrue();
        bench.assertIdle();
    }

    @Test
    void refuses_to_replace_what_it_does_not_have() {
        RequestBody body = bodyOf(Bench.bodyOf(100), 100);
        for (long[] span : new long[][] {{-1, 5}, {6, 5}, {0, 101}}) {
            assertThatThrownBy(() -> body.withReplaced(span[0], span[1], new byte[0]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void tells_nothing_of_its_content() {
        assertThat(bodyOf(Bench.bodyOf(100), 100)).hasToString("RequestBody[100 bytes]");
    }
}
