package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ChunkPoolTest {
    @Test
    void hands_out_again_what_it_got_back() {
        ChunkPool pool = new ChunkPool(2);
        byte[] chunk = pool.take();
        assertThat(chunk).hasSize(ChunkPool.CHUNK_BYTES);
        pool.giveBack(chunk);
        assertThat(pool.take()).isSameAs(chunk);
        assertThat(pool.take()).isNotSameAs(chunk);
    }

    @Test
    void keeps_no_more_than_its_bound() {
        ChunkPool pool = new ChunkPool(2);
        for (int i = 0; i < 5; i++) {
            pool.giveBack(new byte[ChunkPool.CHUNK_BYTES]);
        }
        assertThat(pool.free()).isEqualTo(2);
    }

    @Test
    void keeps_no_array_of_another_size() {
        ChunkPool pool = new ChunkPool(2);
        pool.giveBack(new byte[100]);
        assertThat(pool.free()).isZero();
    }

    @Test
    void needs_a_bound_that_makes_sense() {
        assertThatThrownBy(() -> new ChunkPool(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
