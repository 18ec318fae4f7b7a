package org.ccrelayer.internal.envelope;

import org.jspecify.annotations.Nullable;

/** What an object or a list of a request body is, as far as the request's cost goes. */
enum CostPlace {
    /** Around the body. */
    OUTSIDE,
    BODY,
    /** Where bytes are bytes: tool inputs, schemas, whatever is not known. */
    PLAIN,
    /** A top-level member that must be empty for the cost to have a bound. */
    ENDLESS,
    /** {@code context_management} and everything in it. */
    CONTEXT,
    OUTPUT_CONFIG,
    CACHE_CONTROL,
    CITATIONS,
    TOOLS,
    TOOL,
    MESSAGES,
    MESSAGE,
    /** The content blocks of a message. */
    CONTENT,
    BLOCK,
    /** The source of a block. */
    SOURCE,
    /** The content blocks of a block, as tool results have them. */
    RESULT,
    RESULT_BLOCK,
    RESULT_SOURCE,
    /** Anywhere else in {@code messages} and {@code system}: what stands here may be a block, but is not known to be. */
    LOOSE,
    LOOSE_SOURCE;

    /** What an object or a list is in this place, as the value of a member or, without a name, as an element. */
    CostPlace child(@Nullable CostName name, boolean list) {
        if (name == CostName.CACHE_CONTROL) {
            return list ? PLAIN : CACHE_CONTROL;
        }
        return switch (this) {
            case OUTSIDE -> BODY;
            case BODY -> ofBody(name, list);
            case CONTEXT -> CONTEXT;
            case TOOLS -> list ? PLAIN : TOOL;
            case MESSAGES -> list ? LOOSE : MESSAGE;
            case MESSAGE -> list && name == CostName.CONTENT ? CONTENT : LOOSE;
            case CONTENT -> list ? LOOSE : BLOCK;
            case RESULT -> list ? LOOSE : RESULT_BLOCK;
            case BLOCK, RESULT_BLOCK, LOOSE -> ofBlock(name, list);
            case SOURCE, RESULT_SOURCE, LOOSE_SOURCE -> LOOSE;
            default -> PLAIN;
        };
    }

    private static CostPlace ofBody(@Nullable CostName name, boolean list) {
        if (name == null) {
            return PLAIN;
        }
        return switch (name) {
            case TOOLS -> list ? TOOLS : PLAIN;
            case MESSAGES -> list ? MESSAGES : LOOSE;
            case SYSTEM -> LOOSE;
            case CONTEXT_MANAGEMENT -> CONTEXT;
            case OUTPUT_CONFIG -> list ? PLAIN : OUTPUT_CONFIG;
            default -> name.isEndless() ? ENDLESS : PLAIN;
        };
    }

    private CostPlace ofBlock(@Nullable CostName name, boolean list) {
        if (name == CostName.INPUT) {
            return PLAIN;
        }
        if (list) {
            return this == BLOCK && name == CostName.CONTENT ? RESULT : LOOSE;
        }
        if (name == CostName.SOURCE) {
            return this == BLOCK ? SOURCE : this == RESULT_BLOCK ? RESULT_SOURCE : LOOSE_SOURCE;
        }
        return name == CostName.CITATIONS ? CITATIONS : LOOSE;
    }

    /** Whether an object here is a content block, or might be one. */
    boolean isBlock() {
        return this == BLOCK || this == RESULT_BLOCK || this == LOOSE;
    }

    /** Whether this is the source of what is, or might be, a content block. */
    boolean isSource() {
        return this == SOURCE || this == RESULT_SOURCE || this == LOOSE_SOURCE;
    }

    /** Whether the text of a {@code type} says anything here. */
    boolean isTyped() {
        return isBlock() || isSource() || this == TOOL || this == CONTEXT;
    }
}
