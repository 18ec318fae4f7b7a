package org.ccrelayer.internal.envelope;

import java.nio.charset.StandardCharsets;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonScanner;
import org.ccrelayer.internal.json.JsonVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a body of {@code POST /v1/messages} what the relay decides by. Only the place of a member decides what it
 * means: a {@code model} inside a message is some text. The place is known from the depth, the top-level member, and a
 * few bits; memory does not grow with the body. One scanner reads one body. Not safe for concurrent use.
 */
final class EnvelopeScanner implements BodyScan, JsonVisitor {
    /** How deep a body may nest. */
    static final int MAX_DEPTH = 256;

    private static final byte[] ONE_HOUR = CacheBreakpoint.ONE_HOUR.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CUSTOM = "custom".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] THINKING = "thinking".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REDACTED = "redacted_thinking".getBytes(StandardCharsets.US_ASCII);

    private enum Kind {
        OBJECT,
        ARRAY,
        TEXT,
        NUMBER,
        BOOL,
        NULL
    }

    private final JsonScanner json = new JsonScanner(this, MAX_DEPTH);
    private final BodyPlace place = new BodyPlace();
    private final ValueText text = new ValueText();
    private final CostScan cost = new CostScan();
    private final ContentHash content = new ContentHash();
    private final FactsBuilder facts;
    private final String subject;
    private @Nullable Member expected;
    private @Nullable Member textOf;
    private long textStart;
    private int cacheControlDepth;
    private boolean oneHour;

    /** @param plain whether the bytes are those of the request itself, and not decoded from it */
    EnvelopeScanner(boolean plain) {
        facts = new FactsBuilder(plain);
        subject = plain ? "The request body is " : "The decoded request body is ";
    }

    @Override
    public void accept(byte[] bytes, int from, int to) {
        try {
            json.feed(bytes, from, to);
        } catch (JsonException e) {
            throw malformed(e);
        }
    }

    @Override
    public RequestFacts end() {
        try {
            json.end();
        } catch (JsonException e) {
            throw malformed(e);
        }
        return facts.build(cost.facts(json.offset()), content.hash());
    }

    @Override
    public void close() {}

    @Override
    public void name(byte[] utf8, int length) {
        Member member = place.member(utf8, length);
        if (member != null && place.onlyOnce()) {
            facts.once(member);
        }
        expected = member == null ? anywhere(utf8, length) : member;
        cost.name(utf8, length);
        content.name(utf8, length);
    }

    private @Nullable Member anywhere(byte[] name, int length) {
        if (place.depth() == cacheControlDepth && Member.TTL.is(name, length)) {
            return Member.TTL;
        }
        return Member.FILE_ID.is(name, length) && !place.isAside() ? Member.FILE_ID : null;
    }

    @Override
    public void startObject(long offset) {
        Member member = value(Kind.OBJECT);
        place.open(offset, false);
        cost.open(offset, false);
        content.open(false);
        if (member == Member.CACHE_CONTROL) {
            cacheControlDepth = place.depth();
            oneHour = false;
        } else if (member == Member.INPUT) {
            place.aside();
        }
    }

    @Override
    public void endObject(long offset) {
        if (place.depth() == cacheControlDepth) {
            cacheControlDepth = 0;
            facts.breakpoint(place.section(), place.index(), place.carrierStart(), oneHour);
        }
        if (place.inSkill()) {
            facts.skillEnds();
        }
        place.close();
        cost.close(offset);
        content.close();
    }

    @Override
    public void startArray(long offset) {
        Member member = value(Kind.ARRAY);
        place.open(offset, true);
        if (member == Member.INPUT) {
            place.aside();
        }
        cost.open(offset, true);
        content.open(true);
    }

    @Override
    public void endArray(long offset) {
        place.close();
        cost.close(offset);
        content.close();
    }

    @Override
    public boolean startString(long offset) {
        Member member = value(Kind.TEXT);
        boolean costText = cost.startText(offset);
        boolean wanted = content.startText() || costText;
        if (member == null || !member.isText()) {
            if (wanted) {
                text.begin(CostScan.MAX_TEXT_BYTES);
            }
            return wanted;
        }
        textOf = member;
        textStart = offset;
        text.begin(member.maxBytes());
        return true;
    }

    @Override
    public void stringPart(byte[] utf8, int length) {
        if (content.hashing()) {
            content.textPart(utf8, length);
            return;
        }
        text.append(utf8, length);
        if (text.tooLong() && textOf != null) {
            facts.tooLong(textOf);
        }
    }

    @Override
    public void endString(long offset, long characters) {
        cost.endText(offset, characters, text);
        content.endText(text);
        Member member = textOf;
        if (member == null) {
            return;
        }
        textOf = null;
        text(member, offset);
    }

    /** The text of a member ended before that byte. */
    private void text(Member member, long offset) {
        switch (member) {
            case TTL -> oneHour = text.is(ONE_HOUR);
            case BLOCK_TYPE -> {
                if (text.is(THINKING) || text.is(REDACTED)) {
                    facts.thinking();
                }
            }
            case SKILL_TYPE -> {
                if (text.is(CUSTOM)) {
                    facts.customSkill();
                }
            }
            case MODEL -> {
                facts.modelSpan(textStart, offset);
                facts.text(member, text);
            }
            default -> facts.text(member, text);
        }
    }

    @Override
    public void number(byte[] ascii, int length) {
        if (value(Kind.NUMBER) == Member.MAX_TOKENS) {
            facts.maxTokens(ascii, length);
        }
        cost.number(ascii, length);
        content.scalar();
    }

    @Override
    public void bool(boolean value) {
        if (value(Kind.BOOL) == Member.STREAM) {
            facts.stream(value);
        }
        cost.bool(value);
        content.scalar();
    }

    @Override
    public void nullValue() {
        value(Kind.NULL);
        cost.nullValue();
        content.scalar();
    }

    /** A value of that kind begins; what it is the value of, where that means something. */
    private @Nullable Member value(Kind kind) {
        if (place.depth() == 0 && kind != Kind.OBJECT) {
            throw new RelayException(Outcome.INVALID_REQUEST, subject + "not a JSON object.");
        }
        place.element();
        Member member = expected;
        expected = null;
        if (member != null) {
            requireKind(member, kind);
        }
        return member;
    }

    private void requireKind(Member member, Kind kind) {
        boolean right =
                switch (member) {
                    case MODEL -> kind == Kind.TEXT;
                    case STREAM -> kind == Kind.BOOL || kind == Kind.NULL;
                    case MAX_TOKENS -> kind == Kind.NUMBER || kind == Kind.NULL;
                    default -> true;
                };
        if (!right) {
            throw FactsBuilder.wrongKind(member);
        }
        if (member == Member.FALLBACK_CREDIT_TOKEN && kind != Kind.NULL) {
            facts.credit();
        }
    }

    private RelayException malformed(JsonException e) {
        return new RelayException(Outcome.INVALID_REQUEST, subject + e.getMessage(), e);
    }
}
