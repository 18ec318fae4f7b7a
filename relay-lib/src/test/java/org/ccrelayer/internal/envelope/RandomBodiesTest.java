package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomBodiesTest {
    private static final int BODIES = 2000;

    private final Bench bench = new Bench();

    @Test
    void say_what_a_parser_says() {
        int breakpoints = 0;
        int thinking = 0;
        int files = 0;
        int skills = 0;
        int images = 0;
        int bounded = 0;
        int hashes = 0;
        Random random = new Random(11);
        for (int seed = 0; seed < BODIES; seed++) {
            RandomBody body = new RandomBody(seed);
            byte[][] pieces = Bench.pieces(body.bytes(), 1 + random.nextInt(200));
            Envelope envelope = bench.read(Bench.request().body(pieces)).envelope();
            RequestFacts facts = envelope.facts();
            assertThat(facts).as("seed %d", seed).isEqualTo(new ParsedFacts(body).facts());
            envelope.body().release();
            breakpoints += facts.cacheBreakpoints().size();
            thinking += facts.hasThinking() ? 1 : 0;
            files += facts.pinned().fileIds().size();
            skills += facts.pinned().skillIds().size();
            images += facts.cost().imageBytes() > 0 ? 1 : 0;
            bounded += facts.cost().unboundedField() == null ? 1 : 0;
            hashes += facts.contentHash() != null ? 1 : 0;
        }
        bench.assertIdle();
        // The bodies are worth something only if they hold what is looked for.
        assertThat(breakpoints).isGreaterThan(BODIES / 10);
        assertThat(thinking).isGreaterThan(BODIES / 20);
        assertThat(files).isGreaterThan(BODIES / 10);
        assertThat(skills).isGreaterThan(BODIES / 10);
        assertThat(images).isGreaterThan(BODIES / 20);
        assertThat(hashes).isBetween(BODIES / 4, BODIES * 9 / 10);
        assertThat(bounded).isBetween(BODIES / 4, BODIES * 3 / 4);
    }
}
