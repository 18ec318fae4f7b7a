package org.ccrelayer.internal.pricing;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.ccrelayer.usage.Iteration;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.TokenUsage;
import org.ccrelayer.usage.Tokens;

/**
 * A part of an answer that is charged at one model's rates. Immutable.
 *
 * @param model the model whose rates hold
 * @param tokens what is charged
 * @param bandPrompt the prompt length, in tokens, that chooses among a model's prompt bands
 */
record BilledStep(String model, Tokens tokens, long bandPrompt) {
    private static final String REFUSAL = "refusal";
    private static final String MESSAGE = "message";
    private static final String FALLBACK_MESSAGE = "fallback_message";

    BilledStep {
        requireNonNull(model, "model");
        requireNonNull(tokens, "tokens");
    }

    /**
     * What is charged of an answer: its iterations where there are any, since the top level leaves some of them out; else
     * the top level. Free are a refusal before any output and an attempt that a chain of fallbacks passed by.
     */
    static List<BilledStep> of(MeteredAnswer answer, String messageModel) {
        TokenUsage usage = answer.usage();
        if (usage.iterations().isEmpty()) {
            return refusedBeforeOutput(answer)
                    ? List.of()
                    : List.of(new BilledStep(
                            messageModel, usage.totals(), usage.totals().prompt()));
        }
        return ofIterations(answer, messageModel);
    }

    private static List<BilledStep> ofIterations(MeteredAnswer answer, String messageModel) {
        List<Iteration> iterations = answer.usage().iterations();
        boolean chain = isFallbackChain(iterations, messageModel);
        int lastAttempt = lastAttempt(iterations);
        List<BilledStep> steps = new ArrayList<>();
        for (int i = 0; i < iterations.size(); i++) {
            Iteration iteration = iterations.get(i);
            boolean declined = chain && isAttempt(iteration) && (i < lastAttempt || isRefused(answer));
            boolean free = iteration.tokens().output() == 0 && (declined || refusedBeforeOutput(answer));
            if (!free) {
                steps.add(of(iteration, answer.usage().totals(), messageModel));
            }
        }
        return steps;
    }

    private static BilledStep of(Iteration iteration, Tokens totals, String messageModel) {
        // Whether the request or each iteration is banded is not documented; the longer prompt is never too cheap.
        long bandPrompt = Math.max(totals.prompt(), iteration.tokens().prompt());
        return new BilledStep(model(iteration, messageModel), iteration.tokens(), bandPrompt);
    }

    private static String model(Iteration iteration, String messageModel) {
        String own = iteration.model();
        return own == null ? messageModel : own;
    }

    private static boolean refusedBeforeOutput(MeteredAnswer answer) {
        return isRefused(answer)
                && !answer.contentStarted()
                && answer.usage().totals().output() == 0;
    }

    private static boolean isRefused(MeteredAnswer answer) {
        return REFUSAL.equals(answer.stopReason());
    }

    private static boolean isAttempt(Iteration iteration) {
        return iteration.type().equals(MESSAGE) || iteration.type().equals(FALLBACK_MESSAGE);
    }

    /** Several messages of one model are the turns of a server-side tool loop, of which each is charged. */
    private static boolean isFallbackChain(List<Iteration> iterations, String messageModel) {
        return iterations.stream().anyMatch(iteration -> iteration.type().equals(FALLBACK_MESSAGE))
                || iterations.stream()
                                .filter(BilledStep::isAttempt)
                                .map(iteration -> model(iteration, messageModel))
                                .distinct()
                                .count()
                        > 1;
    }

    /** The index of the attempt that made the message; -1 where there is none. */
    private static int lastAttempt(List<Iteration> iterations) {
        int index = iterations.size() - 1;
        while (index >= 0 && !isAttempt(iterations.get(index))) {
            index--;
        }
        return index;
    }
}
