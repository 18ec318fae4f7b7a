package org.ccrelayer.standalone;

import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord.State;

/** A point of one streamed answer, and what the ledger must say where nothing is known of what came behind it. */
enum AnswerPoint {
    BEFORE_HEADERS,
    MESSAGE_START,
    MID_DELTA,
    MESSAGE_DELTA,
    MESSAGE_STOP;

    /** A model whose price is the same at all times: 5, 25, 6.25, 10 and 0.50 dollars a million. */
    static final String MODEL = "claude-opus-4-5";

    /** What the whole answer reports. */
    static final Tokens USED = new Tokens(1_000, 200, 300, 40, 5_000);

    private static final String START =
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\","
                    + "\"type\":\"message\",\"role\":\"assistant\",\"model\":\"" + MODEL
                    + "\",\"content\":[],\"usage\":"
                    + "{\"input_tokens\":1000,\"output_tokens\":1,\"cache_creation_input_tokens\":340,\"cache_creation\":"
                    + "{\"ephemeral_5m_input_tokens\":300,\"ephemeral_1h_input_tokens\":40},\"cache_read_input_tokens\":5000}}}\n\n";
    private static final String BLOCK_START = "event: content_block_start\ndata: {\"type\":\"content_block_start\","
            + "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
    private static final String DELTA =
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                    + "\"delta\":{\"type\":\"text_delta\",\"text\":\"1234567\"}}\n\n";
    private static final String BLOCK_STOP =
            "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n";
    private static final String END = "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":"
            + "{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":200}}\n\n";
    private static final String STOP = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    private static final int IN_THE_TEXT = DELTA.indexOf("4567");

    /** Two whole deltas of seven characters, a token per four of them; half a delta counts for nothing. */
    private static final long OUTPUT_SEEN = 4;

    /** What an answer with that usage costs, in billionths of a dollar. */
    static long price(Tokens tokens) {
        return tokens.input() * 5_000
                + tokens.output() * 25_000
                + tokens.cacheWrite5m() * 6_250
                + tokens.cacheWrite1h() * 10_000
                + tokens.cacheRead() * 500;
    }

    /** The answer up to this point. */
    String before() {
        return switch (this) {
            case BEFORE_HEADERS -> "";
            case MESSAGE_START -> START;
            case MID_DELTA -> START + BLOCK_START + DELTA + DELTA + DELTA.substring(0, IN_THE_TEXT);
            case MESSAGE_DELTA -> START + BLOCK_START + DELTA + DELTA + DELTA + BLOCK_STOP + END;
            case MESSAGE_STOP -> MESSAGE_DELTA.before() + STOP;
        };
    }

    /** The answer from this point on. */
    String behind() {
        return MESSAGE_STOP.before().substring(before().length());
    }

    /** Bytes that may follow this point any number of times and tell nothing new. */
    String noise() {
        return this == MID_DELTA ? "x" : ":\n\n";
    }

    /** The state of a row whose answer ended here. */
    State state() {
        return switch (this) {
            case BEFORE_HEADERS -> State.UNKNOWN;
            case MESSAGE_START, MID_DELTA, MESSAGE_DELTA -> State.ESTIMATED;
            case MESSAGE_STOP -> State.FINAL;
        };
    }

    /** What a row is billed whose answer ended here. */
    Tokens tokens() {
        return switch (this) {
            case BEFORE_HEADERS -> Tokens.NONE;
            case MESSAGE_START -> USED.withOutput(1);
            case MID_DELTA -> USED.withOutput(OUTPUT_SEEN);
            case MESSAGE_DELTA, MESSAGE_STOP -> USED;
        };
    }
}
