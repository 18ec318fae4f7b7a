package org.ccrelayer.internal.store.redis;

import java.time.Instant;
import java.util.Map;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;

/**
 * A ledger row as text: a letter for its state, by which scripts know whether it is open, and JSON with short names, in which
 * zeros are left out. Stateless.
 */
final class RowText {
    private static final int VERSION = 1;
    private static final long NANOS = 1_000_000_000;

    private static final Map<State, Character> LETTERS = Map.of(
            State.RESERVED, 'R',
            State.STREAMING, 'S',
            State.FINAL, 'F',
            State.ESTIMATED, 'E',
            State.UNKNOWN, 'U',
            State.VOID, 'V');

    private RowText() {}

    /** The row as text. */
    static String of(UsageRecord row) {
        JsonObject.Builder json = JsonObject.build()
                .with("v", VERSION)
                .with("x", row.exchangeId())
                .with("k", row.keyId())
                .with("a", row.accountId())
                .with("m", row.model());
        if (!row.family().isEmpty()) {
            json.with("f", row.family());
        }
        Tokens tokens = row.tokens();
        number(json, "i", tokens.input());
        number(json, "o", tokens.output());
        number(json, "w", tokens.cacheWrite5m());
        number(json, "W", tokens.cacheWrite1h());
        number(json, "r", tokens.cacheRead());
        number(json, "s", row.webSearchRequests());
        number(json, "c", row.costNanoUsd());
        other(json, "C", row.countedNanoUsd(), row.costNanoUsd());
        number(json, "R", row.reservedNanoUsd());
        other(json, "p", row.worstNanoUsd(), row.reservedNanoUsd());
        number(json, "u", row.unknownModel() ? 1 : 0);
        number(json, "0", nanos(row.admittedAt()));
        number(json, "1", nanos(row.startedAt()));
        number(json, "2", nanos(row.endedAt()));
        return LETTERS.get(row.state()) + json.end().toString();
    }

    private static void number(JsonObject.Builder json, String name, long value) {
        if (value != 0) {
            json.with(name, value);
        }
    }

    /** Most rows count at their price, and need not say so. */
    private static void other(JsonObject.Builder json, String name, long value, long usual) {
        if (value != usual) {
            json.with(name, value);
        }
    }

    /** The row of an attempt that was written. */
    static UsageRecord row(String id, String text) {
        JsonObject json = JsonObject.parse(text.substring(1));
        if (json.integer("v").orElse(0L) != VERSION) {
            throw new IllegalStateException(
                    "The ledger holds a row of another version; use the relay that wrote it, or a newer one.");
        }
        return new UsageRecord(
                id,
                json.string("x").orElse(""),
                json.string("k").orElse(""),
                json.string("a").orElse(""),
                json.string("m").orElse(""),
                json.string("f").orElse(""),
                state(text.charAt(0)),
                new Tokens(
                        number(json, "i"), number(json, "o"), number(json, "w"), number(json, "W"), number(json, "r")),
                number(json, "s"),
                number(json, "c"),
                json.integer("C").orElseGet(() -> number(json, "c")),
                json.integer("p").orElseGet(() -> number(json, "R")),
                number(json, "R"),
                number(json, "u") != 0,
                moment(number(json, "0")),
                moment(number(json, "1")),
                moment(number(json, "2")));
    }

    private static long number(JsonObject json, String name) {
        return json.integer(name).orElse(0L);
    }

    private static State state(char letter) {
        return LETTERS.entrySet().stream()
                .filter(entry -> entry.getValue() == letter)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The ledger holds a row in an unknown state."))
                .getKey();
    }

    private static long nanos(Instant moment) {
        return Math.addExact(Math.multiplyExact(moment.getEpochSecond(), NANOS), moment.getNano());
    }

    private static Instant moment(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }
}
