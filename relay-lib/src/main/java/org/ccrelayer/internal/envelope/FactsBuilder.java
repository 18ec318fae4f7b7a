package org.ccrelayer.internal.envelope;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.jspecify.annotations.Nullable;

/** What was found in a body so far, and the rules for its values. Not safe for concurrent use. */
final class FactsBuilder {
    private static final int MAX_FILE_IDS = 1000;
    private static final int MAX_SKILL_IDS = 100;
    private static final long MAX_TOKENS = 1_000_000_000L;
    private static final int MEMBERS = Member.values().length;

    private final boolean positions;
    private final List<CacheBreakpoint> breakpoints = new ArrayList<>(4);
    private final Set<String> fileIds = new LinkedHashSet<>(4);
    private final Set<String> skillIds = new LinkedHashSet<>(4);
    private final List<String> idsOfSkill = new ArrayList<>(1);
    private final @Nullable String[] texts = new @Nullable String[MEMBERS];
    private int seen;
    private long modelStart = -1;
    private long modelEnd = -1;
    private boolean stream;
    private OptionalLong maxTokens = OptionalLong.empty();
    private boolean credit;
    private boolean thinking;
    private boolean customSkill;

    /** @param positions whether byte positions mean anything to whoever gets the facts */
    FactsBuilder(boolean positions) {
        this.positions = positions;
    }

    /** A member that may stand once is there. */
    void once(Member member) {
        int bit = 1 << member.ordinal();
        if ((seen & bit) != 0) {
            throw invalid(member, "must not be repeated");
        }
        seen |= bit;
    }

    /** Its text must not grow further. */
    void tooLong(Member member) {
        if (member.bounded()) {
            throw invalid(member, "must be at most " + member.maxBytes() + " bytes");
        }
    }

    /** A text; an empty one is as good as none. */
    void text(Member member, ValueText value) {
        if (value.isEmpty()) {
            return;
        }
        String text = value.text();
        switch (member) {
            case FILE_ID -> fileId(text);
            case SKILL_ID -> idsOfSkill.add(text);
            default -> texts[member.ordinal()] = text;
        }
    }

    /** The skill that is read is of the client's own organization. */
    void customSkill() {
        customSkill = true;
    }

    /** A skill is read. Where it says an id or its type twice, it is all that it says. */
    void skillEnds() {
        if (customSkill) {
            skillIds.addAll(idsOfSkill);
        }
        if (skillIds.size() > MAX_SKILL_IDS) {
            throw invalid(Member.SKILL_ID, "must not name more than " + MAX_SKILL_IDS + " skills");
        }
        customSkill = false;
        idsOfSkill.clear();
    }

    private void fileId(String id) {
        if (fileIds.add(id) && fileIds.size() > MAX_FILE_IDS) {
            throw invalid(Member.FILE_ID, "must not name more than " + MAX_FILE_IDS + " files");
        }
    }

    /** Where the model's value stands. */
    void modelSpan(long start, long end) {
        if (positions) {
            modelStart = start;
            modelEnd = end;
        }
    }

    void stream(boolean value) {
        stream = value;
    }

    /** {@code max_tokens} as it is spelled; a length of -1 is that of a spelling too long to be known. */
    void maxTokens(byte[] ascii, int length) {
        try {
            // Unscaled digits are bounded by the spelling's length, and the exact conversion looks at magnitudes first.
            String spelling = new String(ascii, 0, Math.max(0, length), StandardCharsets.US_ASCII);
            long value = new BigDecimal(spelling).longValueExact();
            if (value >= 0 && value <= MAX_TOKENS) {
                maxTokens = OptionalLong.of(value);
                return;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // Not a whole number, which is said below.
        }
        throw wrongKind(Member.MAX_TOKENS);
    }

    void credit() {
        credit = true;
    }

    void thinking() {
        thinking = true;
    }

    void breakpoint(CacheBreakpoint.Section section, int index, long offset, boolean oneHour) {
        if (breakpoints.size() < RequestFacts.MAX_BREAKPOINTS) {
            String ttl = oneHour ? CacheBreakpoint.ONE_HOUR : CacheBreakpoint.FIVE_MINUTES;
            breakpoints.add(new CacheBreakpoint(section, index, positions ? offset : -1, ttl));
        }
    }

    /** The facts of a body that is complete. */
    RequestFacts build(CostFacts cost, @Nullable String contentHash) {
        return new RequestFacts(
                model(),
                modelStart,
                modelEnd,
                stream,
                maxTokens,
                texts[Member.USER_ID.ordinal()],
                texts[Member.SPEED.ordinal()],
                texts[Member.INFERENCE_GEO.ordinal()],
                texts[Member.SERVICE_TIER.ordinal()],
                breakpoints,
                pinned(),
                thinking,
                cost,
                contentHash);
    }

    private String model() {
        String model = texts[Member.MODEL.ordinal()];
        if (model == null) {
            throw wrongKind(Member.MODEL);
        }
        if (model.chars().anyMatch(Character::isISOControl)) {
            throw invalid(Member.MODEL, "must not have control characters");
        }
        return model;
    }

    private PinnedIds pinned() {
        return new PinnedIds(
                texts[Member.THREAD_MESSAGE.ordinal()],
                texts[Member.DIAGNOSTICS_MESSAGE.ordinal()],
                either(Member.CONTAINER, Member.CONTAINER_ID),
                fileIds,
                skillIds,
                credit,
                either(Member.FALLBACK_CREDIT_TOKEN, Member.CREDIT_TOKEN));
    }

    private @Nullable String either(Member asText, Member inObject) {
        String text = texts[asText.ordinal()];
        return text == null ? texts[inObject.ordinal()] : text;
    }

    /** A value is not of the kind that the relay must know. */
    static RelayException wrongKind(Member member) {
        return invalid(
                member,
                switch (member) {
                    case STREAM -> "must be true or false";
                    case MAX_TOKENS -> "must be a whole number from 0 to " + MAX_TOKENS;
                    default -> "must be a text that is not empty";
                });
    }

    private static RelayException invalid(Member member, String problem) {
        return new RelayException(Outcome.INVALID_REQUEST, member.label() + ": " + problem);
    }
}
