package org.ccrelayer.simulated;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * What the simulator reads from a message request.
 *
 * @param stream whether to stream
 * @param maxTokens the bound on the output
 * @param members all top-level members, each as its JSON text
 */
record MessageRequest(String model, boolean stream, long maxTokens, Map<String, String> members) {
    private static final String UNNAMED_MODEL = "claude-simulated";
    private static final int MAX_DECODED_BYTES = 64 << 20;

    /** @throws IllegalArgumentException when the body is not a JSON object */
    static MessageRequest of(ReceivedRequest request) {
        Map<String, String> members = Json.members(decoded(request));
        String model = members.get("model");
        return new MessageRequest(
                model == null ? UNNAMED_MODEL : Json.unquote(model),
                "true".equals(members.get("stream")),
                wholeNumber(members.getOrDefault("max_tokens", "")),
                members);
    }

    private static long wholeNumber(String value) {
        return value.matches("\\d{1,18}") ? Long.parseLong(value) : Long.MAX_VALUE;
    }

    private static byte[] decoded(ReceivedRequest request) {
        String coding = request.header("content-encoding");
        if (coding == null || coding.equals("identity")) {
            return request.body();
        }
        if (!coding.equals("gzip")) {
            throw new IllegalArgumentException("content-encoding " + coding + " is not supported");
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(request.body()))) {
            return in.readNBytes(MAX_DECODED_BYTES);
        } catch (IOException e) {
            throw new IllegalArgumentException("the body is not valid gzip", e);
        }
    }
}
