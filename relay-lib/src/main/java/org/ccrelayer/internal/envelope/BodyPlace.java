package org.ccrelayer.internal.envelope;

import org.ccrelayer.internal.envelope.CacheBreakpoint.Section;
import org.jspecify.annotations.Nullable;

/**
 * Where in a body of {@code POST /v1/messages} a scan is. Depth 1 is the body itself, depth 2 the value of a top-level
 * member, depth 3 an element of {@code tools}, {@code system} or {@code messages}; content blocks of a message are at
 * depth 5 and those in their {@code content}, as tool results have them, at depth 7. The skills of a {@code container} are at
 * depth 4. Not safe for concurrent use.
 */
final class BodyPlace {
    private static final int BODY = 1;
    private static final int SECTION = 2;
    private static final int ELEMENT = 3;
    private static final int SKILL = 4;
    private static final int BLOCK = 5;
    private static final int INNER_BLOCK = 7;

    // One bit for each depth, set where a list is open at it.
    private static final int LISTS_AROUND_ELEMENT = 1 << SECTION;
    private static final int LISTS_AROUND_SKILL = 1 << ELEMENT;
    private static final int LISTS_AROUND_BLOCK = LISTS_AROUND_ELEMENT | 1 << ELEMENT + 1;
    private static final int LISTS_AROUND_INNER_BLOCK = LISTS_AROUND_BLOCK | 1 << BLOCK + 1;

    private final long[] starts = new long[INNER_BLOCK + 1];
    private int lists;
    private int depth;
    private int index;
    private @Nullable Member section;
    private boolean inContentOfElement;
    private boolean inContentOfBlock;
    private boolean inSkills;
    private int asideDepth;

    /** How many objects and lists are open. */
    int depth() {
        return depth;
    }

    /** An object or a list begins. */
    void open(long offset, boolean list) {
        depth++;
        if (depth < starts.length) {
            starts[depth] = offset;
            int bit = 1 << depth;
            lists = list ? lists | bit : lists & ~bit;
        }
        if (depth == SECTION) {
            index = -1;
        }
    }

    /** The innermost object or list ends. */
    void close() {
        if (depth == asideDepth) {
            asideDepth = 0;
        }
        depth--;
    }

    /** What stands in the object or list that has just begun is only told of. */
    void aside() {
        asideDepth = depth;
    }

    /** Whether what is named here is only told of, and not used. */
    boolean isAside() {
        return asideDepth > 0 || section == Member.TOOLS;
    }

    /** Whether the innermost object is a skill of the container. */
    boolean inSkill() {
        return depth == SKILL && section == Member.CONTAINER && inSkills && around() == LISTS_AROUND_SKILL;
    }

    /** The lists around the innermost object, without the body. */
    private int around() {
        return lists & (1 << depth) - 1 & ~1;
    }

    /** A value begins, which may be an element of a section. */
    void element() {
        if (depth == SECTION) {
            index++;
        }
    }

    /** Takes a member's name; which member that is, if its place gives it a meaning. */
    @Nullable
    Member member(byte[] name, int length) {
        return switch (depth) {
            case BODY -> {
                section = Member.topLevel(name, length);
                yield section;
            }
            case SECTION -> ofSection(name, length);
            case ELEMENT -> {
                inContentOfElement = Member.CONTENT.is(name, length);
                yield ofCarrier(name, length);
            }
            case SKILL -> inSkill() ? Member.nested(Member.SKILLS, name, length) : null;
            case BLOCK -> {
                inContentOfBlock = Member.CONTENT.is(name, length);
                yield ofCarrier(name, length);
            }
            case INNER_BLOCK -> ofCarrier(name, length);
            default -> null;
        };
    }

    private @Nullable Member ofSection(byte[] name, int length) {
        Member member = section == null ? null : Member.nested(section, name, length);
        inSkills = member == Member.SKILLS;
        return member;
    }

    /** Whether a member with a meaning may stand here only once. */
    boolean onlyOnce() {
        return depth <= SECTION;
    }

    private @Nullable Member ofCarrier(byte[] name, int length) {
        if (Member.CACHE_CONTROL.is(name, length) && inCarrier()) {
            return Member.CACHE_CONTROL;
        }
        if (depth == BLOCK && Member.BLOCK_TYPE.is(name, length) && inCarrier()) {
            return Member.BLOCK_TYPE;
        }
        boolean aside = Member.INPUT.is(name, length) || Member.CITATIONS.is(name, length);
        return aside && depth >= BLOCK && inCarrier() ? Member.INPUT : null;
    }

    /** Whether the innermost object is one that a {@code cache_control} can stand in. */
    private boolean inCarrier() {
        int around = around();
        return switch (depth) {
            case ELEMENT -> (section == Member.TOOLS || section == Member.SYSTEM) && around == LISTS_AROUND_ELEMENT;
            case BLOCK -> section == Member.MESSAGES && inContentOfElement && around == LISTS_AROUND_BLOCK;
            default ->
                section == Member.MESSAGES
                        && inContentOfElement
                        && inContentOfBlock
                        && around == LISTS_AROUND_INNER_BLOCK;
        };
    }

    /** The section that a {@code cache_control} stands in whose members are read now. */
    Section section() {
        if (depth == SECTION) {
            return Section.TOP_LEVEL;
        }
        return section == Member.TOOLS ? Section.TOOLS : section == Member.SYSTEM ? Section.SYSTEM : Section.MESSAGES;
    }

    /** The index of the element that this {@code cache_control} belongs to. */
    int index() {
        return depth == SECTION ? 0 : index;
    }

    /** Where the object begins that carries this {@code cache_control}. */
    long carrierStart() {
        return starts[depth - 1];
    }
}
