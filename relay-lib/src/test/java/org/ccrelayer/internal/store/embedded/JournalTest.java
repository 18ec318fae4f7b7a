package org.ccrelayer.internal.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was appended comes back, in order and once, whatever became of the files. */
class JournalTest {
    private static final Journal.Position ALL = Journal.Position.START;

    @TempDir
    Path directory;

    @Test
    void recordsComeBackInOrderOverSeveralFiles() throws IOException {
        Journal.Position middle;
        try (Journal journal = opened()) {
            append(journal, "a", "b");
            journal.roll();
            append(journal, "c");
            middle = journal.position();
            append(journal, "d");
        }
        assertThat(replayed(ALL)).containsExactly("a", "b", "c", "d");
        assertThat(replayed(middle)).containsExactly("d");
    }

    @Test
    void aNewFileFollowsTheOldOnes() throws IOException {
        try (Journal journal = opened()) {
            append(journal, "a");
        }
        try (Journal journal = opened()) {
            append(journal, "b");
            assertThat(journal.position().segment()).isEqualTo(2);
        }
        assertThat(replayed(ALL)).containsExactly("a", "b");
    }

    @Test
    void aTornRecordAtTheEndIsPassedOver() throws IOException {
        try (Journal journal = opened()) {
            append(journal, "a", "b");
        }
        Path file = file(1);
        byte[] whole = Files.readAllBytes(file);
        for (int length = whole.length / 2; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThat(replayed(ALL)).as("cut to %s bytes", length).containsExactly("a");
        }
    }

    @Test
    void zeroesAtTheEndAreNoRecords() throws IOException {
        try (Journal journal = opened()) {
            append(journal, "a");
        }
        Files.write(file(1), new byte[4096], StandardOpenOption.APPEND);
        assertThat(replayed(ALL)).containsExactly("a");
    }

    @Test
    void oneFlippedBitCostsOneRecord() throws IOException {
        try (Journal journal = opened()) {
            append(journal, "first", "second", "third");
        }
        byte[] whole = Files.readAllBytes(file(1));
        int third = whole.length / 3;
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 4;
            Files.write(file(1), flipped);
            List<String> expected = new ArrayList<>(List.of("first", "second", "third"));
            expected.remove(at < 17 ? 0 : at < 35 ? 1 : 2);
            assertThat(replayed(ALL))
                    .as("bit flipped in byte %s of %s", at, third)
                    .isEqualTo(expected);
        }
    }

    @Test
    void filesThatAreNotNeededAreDeleted() throws IOException {
        try (Journal journal = opened()) {
            append(journal, "a");
            journal.roll();
            append(journal, "b");
            journal.forget(journal.position());
        }
        assertThat(file(1)).doesNotExist();
        assertThat(replayed(ALL)).containsExactly("b");
    }

    @Test
    void aBrokenJournalGoesOnInAnotherFile() throws IOException {
        try (Journal journal = opened()) {
            append(journal, "a");
            journal.broken();
            assertThat(journal.open()).isFalse();
            journal.roll();
            append(journal, "b");
        }
        assertThat(replayed(ALL)).containsExactly("a", "b");
    }

    private Journal opened() throws IOException {
        Journal journal = Journal.in(directory);
        journal.replay(ALL, record -> {});
        journal.roll();
        return journal;
    }

    private static void append(Journal journal, String... texts) throws IOException {
        RecordWriter writer = new RecordWriter();
        for (String text : texts) {
            journal.append(Journal.begin(writer).text(text));
        }
    }

    private List<String> replayed(Journal.Position from) throws IOException {
        List<String> texts = new ArrayList<>();
        Journal.in(directory).replay(from, record -> texts.add(record.text()));
        return texts;
    }

    private Path file(int number) {
        return directory.resolve("relay-ledger-" + number + ".journal");
    }
}
