package org.ccrelayer.internal.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.testkit.LedgerFold;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.usage.UsageRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts of a price outlives the process, whether the file holds it or only the journal. */
class CountedMoneyIsKeptTest {
    @TempDir
    Path directory;

    private static EmbeddedStore open(Path where) {
        return EmbeddedStore.open(
                where,
                new CredentialCipher(Secret.of("a test's encryption key")),
                StoreTime.utc(InstantSource.fixed(Samples.START)));
    }

    private static List<UsageRecord> rows() {
        return Stream.iterate(1, number -> number + 1)
                .limit(12)
                .map(number -> Samples.row("x" + number + "-1", "x" + number, "k", number))
                .toList();
    }

    private static LedgerFold booked(EmbeddedStore store) {
        LedgerFold fold = new LedgerFold();
        for (UsageRecord row : rows()) {
            fold.opened(row);
            fold.settled(row);
            Samples.book(store.usage(), row);
        }
        return fold;
    }

    private static void assertKept(EmbeddedStore store, LedgerFold fold) {
        fold.assertIsWhatTheStoreSays(store.usage(), ZoneOffset.UTC);
        assertThat(store.limits().use("k", KeyLimits.NONE, ZoneOffset.UTC).totalNanoUsd())
                .isEqualTo(fold.spent());
        assertThat(store.limits().use("k", KeyLimits.NONE, ZoneOffset.UTC).dailyNanoUsd())
                .isEqualTo(fold.spent());
    }

    @Test
    void the_file_holds_both_amounts() {
        LedgerFold fold;
        try (EmbeddedStore store = open(directory)) {
            fold = booked(store);
        }
        try (EmbeddedStore store = open(directory)) {
            assertKept(store, fold);
        }
    }

    @Test
    void the_journal_holds_both_amounts() throws IOException {
        Path crashed = directory.resolve("crashed");
        LedgerFold fold;
        try (EmbeddedStore store = open(directory.resolve("running"))) {
            UsageRecord lost = Samples.row("lost-1", "lost", "k", 3).in(UsageRecord.State.RESERVED);
            store.usage().open(lost);
            fold = booked(store);
            copy(directory.resolve("running"), crashed);
            UsageRecord unknown = lost.lost(Samples.START);
            fold.opened(unknown);
            fold.settled(unknown);
        }
        try (EmbeddedStore store = open(crashed)) {
            assertKept(store, fold);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
