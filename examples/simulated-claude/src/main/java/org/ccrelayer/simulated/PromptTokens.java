package org.ccrelayer.simulated;

/**
 * The tokens of one prompt; none of the counts includes another.
 *
 * @param input neither read from the cache nor written to it
 * @param firstByte what happens when the answer begins
 */
record PromptTokens(long input, long cacheWrite5m, long cacheWrite1h, long cacheRead, Runnable firstByte) {

    /** A prompt that has nothing to do with a cache. */
    static PromptTokens uncached(long input) {
        return new PromptTokens(input, 0, 0, 0, () -> {});
    }

    /** To be told before the first byte of the answer can be seen by anybody. */
    void answerBegins() {
        firstByte.run();
    }

    Usage withOutput(long output) {
        return new Usage(input, output, cacheWrite5m, cacheWrite1h, cacheRead);
    }
}
