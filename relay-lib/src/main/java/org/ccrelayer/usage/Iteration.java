package org.ccrelayer.usage;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One entry of an answer's {@code usage.iterations}: a step that is billed at its own model's rate. Immutable.
 *
 * @param type what kind of step, such as {@code message}, {@code compaction} or {@code advisor_message}
 * @param model the model of the step; null where it is the message's own
 * @param tokens what the step used
 */
public record Iteration(String type, @Nullable String model, Tokens tokens) {
    public Iteration {
        requireNonNull(type, "type");
        requireNonNull(tokens, "tokens");
    }
}
