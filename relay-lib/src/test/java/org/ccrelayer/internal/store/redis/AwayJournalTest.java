package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits for Redis survives the end of the process. */
class AwayJournalTest {
    @TempDir
    private Path folder;

    private static UsageRecord row(int number) {
        return Samples.row("x" + number + "-1", "x" + number, "k", 4 * number);
    }

    private AwayJournal open() {
        return AwayJournal.open(folder, Samples.START);
    }

    private static List<UsageRecord> rows(AwayJournal journal) {
        return journal.first(1_000, Set.of());
    }

    private Path file() {
        return folder.resolve("relay-away.journal");
    }

    @Test
    void what_waits_is_there_again_and_what_was_open_is_lost() {
        try (AwayJournal journal = open()) {
            journal.keep(row(1).in(State.RESERVED));
            journal.keep(row(2).in(State.RESERVED));
            journal.keep(row(1));
        }
        try (AwayJournal journal = open()) {
            assertThat(rows(journal))
                    .containsExactly(row(1), row(2).in(State.RESERVED).lost(Samples.START));
        }
    }

    @Test
    void the_first_end_of_a_row_is_its_last() {
        try (AwayJournal journal = open()) {
            journal.keep(row(1));
            journal.keep(row(1).lost(Samples.START));
            journal.keep(row(1).in(State.RESERVED));
            assertThat(rows(journal)).containsExactly(row(1));
        }
        try (AwayJournal journal = open()) {
            assertThat(rows(journal)).containsExactly(row(1));
        }
    }

    @Test
    void what_redis_has_is_dropped_and_the_file_is_empty_then() throws IOException {
        try (AwayJournal journal = open()) {
            UsageRecord first = row(1);
            UsageRecord opened = row(2).in(State.RESERVED);
            journal.keep(first);
            journal.keep(opened);
            journal.done(first);
            journal.keep(row(2));
            journal.done(opened);
            assertThat(rows(journal)).as("it was settled meanwhile").containsExactly(row(2));
            assertThat(Files.size(file())).isPositive();
            journal.done(rows(journal).get(0));
            assertThat(journal.size()).isZero();
            assertThat(Files.size(file())).isZero();
            journal.keep(row(3));
        }
        try (AwayJournal journal = open()) {
            assertThat(rows(journal)).containsExactly(row(3));
        }
    }

    @Test
    void a_torn_tail_costs_nothing_that_precedes_it_wherever_it_is_torn() throws IOException {
        try (AwayJournal journal = open()) {
            journal.keep(row(1));
            journal.keep(row(2));
        }
        byte[] whole = Files.readAllBytes(file());
        int first = new String(whole, StandardCharsets.UTF_8).indexOf('\n') + 1;
        for (int length = first; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            try (AwayJournal journal = open()) {
                assertThat(rows(journal)).containsExactly(row(1));
                journal.keep(row(3));
            }
            try (AwayJournal journal = open()) {
                assertThat(rows(journal)).containsExactly(row(1), row(3));
            }
        }
    }

    @Test
    void a_damaged_record_costs_that_one_alone() throws IOException {
        try (AwayJournal journal = open()) {
            journal.keep(row(1));
            journal.keep(row(2));
            journal.keep(row(3));
        }
        List<String> lines = Files.readAllLines(file());
        lines.set(1, lines.get(1).replace("account-8", "account-9"));
        Files.write(file(), lines);
        try (AwayJournal journal = open()) {
            assertThat(rows(journal)).containsExactly(row(1), row(3));
        }
    }

    @Test
    void two_relays_do_not_share_a_folder() throws Exception {
        try (AwayJournal journal = open()) {
            journal.keep(row(1));
            assertThatThrownBy(this::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("data-dir (DATA_DIR): another running relay keeps its journal in " + folder
                            + "; give each relay a folder of its own");
            journal.keep(row(2));
        }
        try (AwayJournal journal = open()) {
            assertThat(rows(journal)).containsExactly(row(1), row(2));
        }
    }

    @Test
    void a_folder_that_cannot_be_written_is_told() throws IOException {
        Path notAFolder = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> AwayJournal.open(notAFolder, Samples.START))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("data-dir (DATA_DIR): the journal for outages of Redis cannot be kept in");
    }

    @Test
    void it_is_its_owners_alone() throws IOException {
        Path own = folder.resolve("own");
        AwayJournal.open(own, Samples.START).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.resolve("relay-away.journal"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_full_one_still_takes_rows() {
        try (AwayJournal journal = AwayJournal.open(null, 2, Samples.START)) {
            journal.keep(row(1));
            assertThat(journal.full()).isFalse();
            journal.keep(row(2));
            assertThat(journal.full()).isTrue();
            journal.keep(row(3));
            assertThat(rows(journal)).hasSize(3);
            rows(journal).forEach(journal::done);
            assertThat(journal.full()).isFalse();
        }
    }

    @Test
    void a_row_that_is_never_taken_does_not_make_the_file_grow() throws IOException {
        try (AwayJournal journal = open()) {
            journal.keep(row(0));
            long one = Files.size(file());
            for (int number = 1; number <= 3_000; number++) {
                UsageRecord row = row(number);
                journal.keep(row);
                journal.done(row);
            }
            assertThat(Files.size(file())).isLessThan(1_100 * one);
            assertThat(journal.size()).isEqualTo(1);
            journal.keep(row(7));
        }
        try (AwayJournal journal = open()) {
            assertThat(rows(journal)).contains(row(0), row(7)).hasSizeLessThan(1_100);
            rows(journal).forEach(journal::done);
            assertThat(Files.size(file())).isZero();
        }
    }

    @Test
    void garbage_is_passed_over() throws IOException {
        Files.write(file(), "garbage\n\n12345678{}\n".getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE);
        try (AwayJournal journal = open()) {
            assertThat(journal.size()).isZero();
        }
    }
}
