package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SplitBodyTest {
    private static final String BODY = """
            {"system":[{"type":"text","text":"héllo 🚀 \\ud83d\\ude00 \\"model\\":\\"no\\"","cache_control":{"type":"ephemeral","ttl":"1h"}}],
             "m\\u0061x_tokens" : 10.24e2, "tools":[{"name":"t","input_schema":{"properties":{"model":{"type":"string"}}}}],
             "messages":[{"role":"assistant","content":[{"type":"redacted_thinking","d":"x"},{"type":"image","source":{"file_id":"f\\u00e9"}}]}],
             "metadata":{"user_id":"u\\n1"},"thread":{"previous_message_id":"t"},"container":{"id":"c"},"model":"claude-\\u0078","stream":true}
            """;

    private final Bench bench = new Bench();

    private RequestFacts facts(byte[]... pieces) {
        Envelope envelope = bench.read(Bench.request().body(pieces)).envelope();
        assertThat(Bench.drain(envelope.body().open())).isEqualTo(Bench.utf8(BODY));
        envelope.body().release();
        return envelope.facts();
    }

    private static RequestFacts expected() {
        RequestFacts facts = new Bench().facts(BODY);
        assertThat(facts.model()).isEqualTo("claude-x");
        assertThat(facts.maxTokens()).hasValue(1024);
        assertThat(facts.pinned().fileIds()).containsExactly("fé");
        assertThat(facts.hasThinking()).isTrue();
        return facts;
    }

    @Test
    void says_the_same_when_it_arrives_byte_by_byte() {
        assertThat(facts(Bench.pieces(Bench.utf8(BODY), 1))).isEqualTo(expected());
    }

    @Test
    void says_the_same_wherever_it_is_cut_in_two() {
        byte[] bytes = Bench.utf8(BODY);
        RequestFacts expected = expected();
        for (int cut = 0; cut <= bytes.length; cut++) {
            RequestFacts facts = facts(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
            assertThat(facts).as("cut at %d", cut).isEqualTo(expected);
        }
        bench.assertIdle();
    }

    @Test
    void says_the_same_across_the_borders_of_pooled_arrays() {
        byte[] bytes = Bench.utf8(BODY);
        RequestFacts expected = expected();
        for (int shift = 0; shift < bytes.length; shift++) {
            int lead = 2 * ChunkPool.CHUNK_BYTES - bytes.length + shift;
            byte[] whole = Bench.utf8(" ".repeat(lead) + BODY);
            Envelope envelope = bench.read(Bench.request().body(whole)).envelope();
            assertThat(envelope.facts().modelStart()).isEqualTo(expected.modelStart() + lead);
            assertThat(envelope.facts().pinned()).isEqualTo(expected.pinned());
            assertThat(Bench.drain(envelope.body().open())).isEqualTo(whole);
            envelope.body().release();
        }
        bench.assertIdle();
    }
}
