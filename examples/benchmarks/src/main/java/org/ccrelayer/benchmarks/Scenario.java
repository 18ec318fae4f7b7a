package org.ccrelayer.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * What a client does over and over.
 *
 * @param name for people
 * @param accept which of the two answers it wants
 * @param body what it sends
 * @param answerBytes how long the answer's body must be; another length fails the measurement
 * @param count how often in one measurement
 */
record Scenario(String name, String accept, String body, long answerBytes, int count) {
    private static final int SMALL_BYTES = 1024;

    /** A request of 1 KiB that is answered with a short message. */
    static Scenario smallRequest(CannedAnswer answer, int count) {
        return new Scenario("1 KiB request", "application/json", body(false), answer.length(), count);
    }

    /** The same request, answered with many events that arrive as fast as they can be written. */
    static Scenario fastStream(CannedAnswer answer, int count) {
        return new Scenario(
                CannedAnswer.DELTAS + "-event stream", "text/event-stream", body(true), answer.length(), count);
    }

    /** The same request, answered with events that arrive one at a time, so that each is read, metered and written alone. */
    static Scenario pacedStream(CannedAnswer answer, int count) {
        return new Scenario(
                CannedAnswer.DELTAS + "-event stream, an event every " + CannedUpstream.PAUSE_MILLIS + " ms",
                CannedUpstream.PACED,
                body(true),
                answer.length(),
                count);
    }

    private static String body(boolean stream) {
        String begin = "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":4096,\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"";
        String end = "\"}]}";
        return begin + "word ".repeat(SMALL_BYTES).substring(0, SMALL_BYTES - begin.length() - end.length()) + end;
    }

    /** The bytes of one request, with header fields as an SDK sends them. */
    byte[] request(Target target) {
        String head = "POST /v1/messages HTTP/1.1\r\n"
                + "Host: 127.0.0.1:" + target.port() + "\r\n"
                + "x-api-key: " + target.key() + "\r\n"
                + "anthropic-version: 2023-06-01\r\n"
                + "Accept: " + accept + "\r\n"
                + "User-Agent: benchmark/1.0\r\n"
                + "X-Stainless-Lang: java\r\n"
                + "X-Stainless-Retry-Count: 0\r\n"
                + "X-Stainless-Timeout: 600\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n";
        return (head + body).getBytes(US_ASCII);
    }
}
