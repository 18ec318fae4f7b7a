package org.ccrelayer.simulated;

/** Token counts of one message; the two kinds of cache write are separate, none of the counts includes another. */
record Usage(long input, long output, long cacheWrite5m, long cacheWrite1h, long cacheRead) {

    /** The API counts before it answers, so the first event of a stream knows all of the input but one token out. */
    Usage atStart() {
        return new Usage(input, Math.min(1, output), cacheWrite5m, cacheWrite1h, cacheRead);
    }

    /** The complete object, as in a JSON answer and in the first event of a stream. */
    String toJson() {
        return "{" + totals() + ",\"cache_creation\":{\"ephemeral_5m_input_tokens\":" + cacheWrite5m
                + ",\"ephemeral_1h_input_tokens\":" + cacheWrite1h
                + "},\"service_tier\":\"standard\",\"inference_geo\":\"global\"}";
    }

    /** The cumulative totals at the end of a stream, which lack the cache split, tier and geography. */
    String toDeltaJson() {
        return "{" + totals() + "}";
    }

    private String totals() {
        return "\"input_tokens\":" + input + ",\"output_tokens\":" + output + ",\"cache_creation_input_tokens\":"
                + (cacheWrite5m + cacheWrite1h) + ",\"cache_read_input_tokens\":" + cacheRead;
    }
}
