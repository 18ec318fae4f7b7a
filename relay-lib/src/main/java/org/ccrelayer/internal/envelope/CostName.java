package org.ccrelayer.internal.envelope;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The members of a request body that say what the request can cost. Unlike {@link Member}, each may be repeated. */
enum CostName {
    TOOLS("tools"),
    MESSAGES("messages"),
    SYSTEM("system"),
    THREAD("thread"),
    CONTAINER("container"),
    MCP_SERVERS("mcp_servers"),
    FALLBACKS("fallbacks"),
    COMPACTION("compaction"),
    CONTEXT_MANAGEMENT("context_management"),
    OUTPUT_CONFIG("output_config"),
    OUTPUT_FORMAT("output_format"),
    /** At the top level, and in any other object. */
    CACHE_CONTROL("cache_control"),

    TTL("ttl"),
    TYPE("type"),
    CONTENT("content"),
    SOURCE("source"),
    DATA("data"),
    INPUT("input"),
    CITATIONS("citations"),
    ENABLED("enabled"),
    MAX_USES("max_uses"),
    FORMAT("format");

    // By length, since names are looked up for every member of a body and most have none of these lengths.
    private static final CostName[][] TOP_LEVEL = byLength(0, TTL.ordinal());
    private static final CostName[][] NESTED = byLength(CACHE_CONTROL.ordinal(), values().length);

    private final String label;
    private final byte[] ascii;

    CostName(String name) {
        this.label = name;
        this.ascii = name.getBytes(StandardCharsets.US_ASCII);
    }

    private static CostName[][] byLength(int from, int to) {
        List<CostName> names = List.of(values()).subList(from, to);
        int longest = names.stream().mapToInt(name -> name.ascii.length).max().orElse(0);
        return IntStream.rangeClosed(0, longest)
                .mapToObj(length -> names.stream()
                        .filter(name -> name.ascii.length == length)
                        .toArray(CostName[]::new))
                .toArray(CostName[][]::new);
    }

    /** The top-level member of that name; a length of -1 is that of a name too long to be known. */
    static @Nullable CostName topLevel(byte[] name, int length) {
        return among(TOP_LEVEL, name, length);
    }

    /** The member of that name in any other object. */
    static @Nullable CostName nested(byte[] name, int length) {
        return among(NESTED, name, length);
    }

    private static @Nullable CostName among(CostName[][] byLength, byte[] name, int length) {
        if (length < 0 || length >= byLength.length) {
            return null;
        }
        for (CostName each : byLength[length]) {
            if (each.ascii[0] == name[0] && Arrays.equals(each.ascii, 0, length, name, 0, length)) {
                return each;
            }
        }
        return null;
    }

    /** The name as it stands in a body. */
    String label() {
        return label;
    }

    /** Whether the upstream calls models as often as it likes where this top-level member is there and not empty. */
    boolean isEndless() {
        return this == MCP_SERVERS || this == FALLBACKS || this == COMPACTION;
    }
}
