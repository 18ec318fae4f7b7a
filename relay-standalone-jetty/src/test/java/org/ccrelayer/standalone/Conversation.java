package org.ccrelayer.standalone;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;

/**
 * A growing conversation of a client that marks its system prompt and its last block for the cache. Conversations of the same
 * number say the same; all share their system prompt. One in four each names itself in the header of Claude Code, in either
 * form of {@code metadata.user_id}, and not at all. Not safe for concurrent use.
 */
final class Conversation {
    /** What the upstream is expected to answer every time. */
    static final String ANSWER = "The parser drops the last field when a record ends without a line break, because the "
            + "buffer is flushed before it. I moved the flush behind the loop and added a test.";

    private static final String MODEL = "claude-sonnet-5-5";
    /** Few, as what all share is soon in every account's cache: the more of it, the less is lost by taking turns. */
    private static final int SYSTEM_LETTERS = 400;

    private static final int FIRST_LETTERS = 1_200;
    private static final int NEXT_LETTERS = 240;

    private final int number;
    private final Random random;
    private final String sessionId;
    private final StringBuilder said = new StringBuilder();

    Conversation(int number) {
        this.number = number;
        random = new Random(number);
        sessionId = new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** Whether its marks last an hour instead of five minutes. */
    boolean hourly() {
        return number / 4 % 2 == 1;
    }

    /** The headers of its requests. */
    String[] headers() {
        return number % 4 == 0 ? new String[] {"x-claude-code-session-id: " + sessionId} : new String[0];
    }

    /** The request of the next turn; half of the conversations ask for streams. */
    byte[] next() {
        String text = letters(random, said.length() == 0 ? FIRST_LETTERS : NEXT_LETTERS);
        String body = "{\"model\":\"" + MODEL + "\",\"max_tokens\":100,\"system\":["
                + marked(letters(new Random(0), SYSTEM_LETTERS)) + "],\"messages\":[" + said
                + "{\"role\":\"user\",\"content\":[" + marked(text) + "]}]" + metadata() + ",\"stream\":"
                + (number / 8 % 2 == 1) + "}";
        said.append("{\"role\":\"user\",\"content\":\"").append(text);
        said.append("\"},{\"role\":\"assistant\",\"content\":\"").append(ANSWER).append("\"},");
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private String marked(String text) {
        String ttl = hourly() ? ",\"ttl\":\"1h\"" : "";
        return "{\"type\":\"text\",\"text\":\"" + text + "\",\"cache_control\":{\"type\":\"ephemeral\"" + ttl + "}}";
    }

    private String metadata() {
        return switch (number % 4) {
            case 1 -> userId("{\\\"device_id\\\":\\\"d\\\",\\\"session_id\\\":\\\"" + sessionId + "\\\"}");
            case 2 -> userId("user_" + "a".repeat(64) + "_account__session_" + sessionId);
            default -> "";
        };
    }

    private static String userId(String escaped) {
        return ",\"metadata\":{\"user_id\":\"" + escaped + "\"}";
    }

    private static String letters(Random random, int count) {
        StringBuilder text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append(i % 7 == 6 ? ' ' : (char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
