package org.ccrelayer.internal.envelope;

import org.jspecify.annotations.Nullable;

/** What was found so far of what a request can cost. Nothing found is ever taken back. Not safe for concurrent use. */
final class CostTally {
    private int imageCount;
    private long imageBytes;
    private boolean unboundedInput;
    private boolean cached;
    private boolean oneHour;
    private int serverTools;
    private long serverToolUses;
    private int typedClientTools;
    private boolean hasTools;
    private boolean hasOutputFormat;
    private long longestTool;
    private long toolReferences;
    private @Nullable String unboundedField;

    void image() {
        imageCount++;
    }

    /** So many bytes are certainly data of images. */
    void imageBytes(long bytes) {
        imageBytes += bytes;
    }

    void unboundedInput() {
        unboundedInput = true;
    }

    void cached() {
        cached = true;
    }

    void oneHour() {
        oneHour = true;
    }

    void outputFormat() {
        hasOutputFormat = true;
    }

    void toolReference() {
        toolReferences++;
    }

    /** A tool whose definition has that many bytes. */
    void tool(long bytes) {
        hasTools = true;
        longestTool = Math.max(longestTool, bytes);
    }

    void typedClientTool() {
        typedClientTools++;
    }

    /** A tool that the upstream runs, at most that often. */
    void serverTool(long uses) {
        serverTools++;
        serverToolUses += uses;
    }

    /** Whether no field without a bound was found yet. */
    boolean isBounded() {
        return unboundedField == null;
    }

    /** The field has no bound; only the first one is kept. */
    void unbounded(String field) {
        if (unboundedField == null) {
            unboundedField = field;
        }
    }

    /** The facts of a body that is complete and has that many bytes. */
    CostFacts facts(long bodyBytes) {
        return new CostFacts(
                bodyBytes,
                imageCount,
                imageBytes,
                unboundedInput,
                cached,
                oneHour,
                serverTools,
                serverToolUses,
                typedClientTools,
                hasTools,
                hasOutputFormat,
                toolReferences * longestTool,
                unboundedField);
    }
}
