package org.ccrelayer.internal.store.embedded;

import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageTotals;

/** Ledger rows and their sums as bytes; the first one is the version. Stateless. */
final class UsageFormat {
    private static final int VERSION = 1;
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
                .number(row.reservedNanoUsd())
                .octet(row.unknownModel() ? 1 : 0)
                .moment(row.admittedAt())
                .moment(row.startedAt())
                .moment(row.endedAt());
    }

    static UsageRecord row(RecordReader reader) {
        version(reader);
        return new UsageRecord(
                reader.text(),
                reader.text(),
                reader.text(),
                reader.text(),
                reader.text(),
                reader.text(),
                STATES[reader.octet()],
                tokens(reader),
                reader.number(),
                reader.number(),
                reader.number(),
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
                .octet(row.unknownModel() ? 1 : 0)
                .moment(row.endedAt());
    }

    /** The row that was opened as {@code row}, with what was written when it was settled. */
    static UsageRecord settled(UsageRecord row, RecordReader reader) {
        version(reader);
        return new UsageRecord(
                row.id(),
                row.exchangeId(),
                row.keyId(),
                row.accountId(),
                reader.text(),
                reader.text(),
                STATES[reader.octet()],
                tokens(reader),
                reader.number(),
                reader.number(),
                row.reservedNanoUsd(),
                reader.octet() != 0,
                row.admittedAt(),
                row.startedAt(),
                reader.moment());
    }

    static byte[] totals(UsageTotals totals) {
        RecordWriter writer = new RecordWriter().octet(VERSION).number(totals.attempts());
        tokens(writer, totals.tokens());
        return writer.number(totals.costNanoUsd()).toBytes();
    }

    static UsageTotals totals(byte[] bytes) {
        RecordReader reader = new RecordReader(bytes);
        version(reader);
        return new UsageTotals(reader.number(), tokens(reader), reader.number());
    }

    private static void version(RecordReader reader) {
        if (reader.octet() != VERSION) {
            throw new IllegalStateException(
                    "The ledger holds a record of another version; use the relay that wrote it, or a newer one.");
        }
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
