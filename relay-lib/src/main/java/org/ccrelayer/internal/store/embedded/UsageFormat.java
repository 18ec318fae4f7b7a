package org.ccrelayer.internal.store.embedded;

import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageTotals;

/** Ledger rows and their sums as bytes; the first one is the version. What the first version wrote counts at its price. Stateless. */
final class UsageFormat {
    private static final int WITHOUT_RATES = 1;
    private static final int VERSION = 2;
    private static final UsageRecord.State[] STATES = UsageRecord.State.values();

    private UsageFormat() {}

    static byte[] row(UsageRecord row) {
        RecordWriter writer = new RecordWriter();
        write(writer, row);
        return writer.toBytes();
    }

    static UsageRecord row(byte[] bytes) {
        return row(new RecordReader(bytes));
    }

    static void write(RecordWriter writer, UsageRecord row) {
        writer.octet(VERSION)
                .text(row.id())
                .text(row.exchangeId())
                .text(row.keyId())
                .text(row.accountId())
                .text(row.model())
                .text(row.family())
                .octet(row.state().ordinal());
        tokens(writer, row.tokens());
        writer.number(row.webSearchRequests())
                .number(row.costNanoUsd())
                .number(row.countedNanoUsd())
                .number(row.worstNanoUsd())
                .number(row.reservedNanoUsd())
                .octet(row.unknownModel() ? 1 : 0)
                .moment(row.admittedAt())
                .moment(row.startedAt())
                .moment(row.endedAt());
    }

    static UsageRecord row(RecordReader reader) {
        boolean rated = rated(reader);
        String id = reader.text();
        String exchangeId = reader.text();
        String keyId = reader.text();
        String accountId = reader.text();
        String model = reader.text();
        String family = reader.text();
        UsageRecord.State state = STATES[reader.octet()];
        Tokens tokens = tokens(reader);
        long webSearchRequests = reader.number();
        long cost = reader.number();
        long counted = rated ? reader.number() : cost;
        long worst = reader.number();
        return new UsageRecord(
                id,
                exchangeId,
                keyId,
                accountId,
                model,
                family,
                state,
                tokens,
                webSearchRequests,
                cost,
                counted,
                worst,
                rated ? reader.number() : worst,
                reader.octet() != 0,
                reader.moment(),
                reader.moment(),
                reader.moment());
    }

    /** Writes what a row did not say when it was opened. */
    static void writeSettled(RecordWriter writer, UsageRecord row) {
        writer.octet(VERSION)
                .text(row.model())
                .text(row.family())
                .octet(row.state().ordinal());
        tokens(writer, row.tokens());
        writer.number(row.webSearchRequests())
                .number(row.costNanoUsd())
                .number(row.countedNanoUsd())
                .octet(row.unknownModel() ? 1 : 0)
                .moment(row.endedAt());
    }

    /** The row that was opened as {@code row}, with what was written when it was settled. */
    static UsageRecord settled(UsageRecord row, RecordReader reader) {
        boolean rated = rated(reader);
        String model = reader.text();
        String family = reader.text();
        UsageRecord.State state = STATES[reader.octet()];
        Tokens tokens = tokens(reader);
        long webSearchRequests = reader.number();
        long cost = reader.number();
        return new UsageRecord(
                row.id(),
                row.exchangeId(),
                row.keyId(),
                row.accountId(),
                model,
                family,
                state,
                tokens,
                webSearchRequests,
                cost,
                rated ? reader.number() : cost,
                row.worstNanoUsd(),
                row.reservedNanoUsd(),
                reader.octet() != 0,
                row.admittedAt(),
                row.startedAt(),
                reader.moment());
    }

    static byte[] totals(UsageTotals totals) {
        RecordWriter writer = new RecordWriter().octet(VERSION).number(totals.attempts());
        tokens(writer, totals.tokens());
        return writer.number(totals.costNanoUsd())
                .number(totals.countedNanoUsd())
                .toBytes();
    }

    static UsageTotals totals(byte[] bytes) {
        RecordReader reader = new RecordReader(bytes);
        boolean rated = rated(reader);
        long attempts = reader.number();
        Tokens tokens = tokens(reader);
        long cost = reader.number();
        return new UsageTotals(attempts, tokens, cost, rated ? reader.number() : cost);
    }

    /** Whether a record tells what limits count beside what something cost. */
    private static boolean rated(RecordReader reader) {
        int version = reader.octet();
        if (version != VERSION && version != WITHOUT_RATES) {
            throw new IllegalStateException(
                    "The ledger holds a record of another version; use the relay that wrote it, or a newer one.");
        }
        return version == VERSION;
    }

    private static void tokens(RecordWriter writer, Tokens tokens) {
        writer.number(tokens.input())
                .number(tokens.output())
                .number(tokens.cacheWrite5m())
                .number(tokens.cacheWrite1h())
                .number(tokens.cacheRead());
    }

    private static Tokens tokens(RecordReader reader) {
        return new Tokens(reader.number(), reader.number(), reader.number(), reader.number(), reader.number());
    }
}
