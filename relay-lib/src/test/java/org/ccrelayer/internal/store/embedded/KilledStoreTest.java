package org.ccrelayer.internal.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed with SIGKILL while it writes loses nothing that it was told is done. Twenty processes write to
 * one file, one after the other, each until it is killed at a random moment.
 */
class KilledStoreTest {
    private static final int KILLS = 20;
    private static final long SEED = 20261122;

    @TempDir
    Path directory;

    private final List<String> acknowledged = new ArrayList<>();
    private UsageTotals rowsSoFar = UsageTotals.NONE;

    @Test
    @Timeout(120)
    void nothingAcknowledgedIsLostByKilling() throws Exception {
        Random random = new Random(SEED);
        for (int run = 0; run < KILLS; run++) {
            int before = acknowledged.size();
            writeUntilKilled(run, 5 + random.nextInt(60), random.nextInt(3_000_000));
            assertThat(acknowledged.size()).as("run %s wrote something", run).isGreaterThan(before + 4);
            assertNothingIsMissing(run);
        }
    }

    private void writeUntilKilled(int run, int acknowledgements, int nanosAfter) throws Exception {
        Process child = ChildJvm.start(Writer.class, directory.toString(), String.valueOf(run));
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (int number = 0; number < acknowledgements; number++) {
                acknowledge(lines.readLine());
            }
            // Not a wait for something: it moves the kill to an arbitrary point of the next write.
            LockSupport.parkNanos(nanosAfter);
            // By its handle, since Process.destroyForcibly would also throw away what it said last.
            child.toHandle().destroyForcibly();
            readTheRest(lines);
        }
        assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).as("ended by SIGKILL").isEqualTo(128 + 9);
    }

    private void readTheRest(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            acknowledge(line);
        }
    }

    private void acknowledge(String line) {
        // The last line may have been cut by the kill; only what ends with the mark counts.
        if (line != null && line.endsWith(";")) {
            acknowledged.add(line.substring(0, line.length() - 1));
        }
    }

    private void assertNothingIsMissing(int run) {
        try (EmbeddedStore store = Writer.open(directory)) {
            for (String done : acknowledged) {
                String[] words = done.split(" ");
                assertIsThere(store, words[0], words[1], Integer.parseInt(words[2]));
            }
            assertTotalsAreTheRows(store, run);
        }
    }

    private static void assertIsThere(EmbeddedStore store, String kind, String id, int number) {
        switch (kind) {
            case "account" -> assertThat(store.accounts().find(id)).contains(Samples.account(id, number));
            case "key" -> {
                assertThat(store.apiKeys().find(id)).contains(Samples.key(id, number));
                assertThat(store.apiKeys().findByHash(Samples.hash(id))).contains(Samples.key(id, number));
            }
            case "row" -> assertThat(store.usage().find(id)).contains(Writer.row(id, number));
            case "gone" -> assertThat(store.accounts().find(id)).isEmpty();
            default -> throw new AssertionError("unknown acknowledgement " + kind);
        }
    }

    /**
     * Rows are written in order, so those of a run that are there are its first ones. The last one may have been opened and
     * not settled when the process was killed.
     */
    private void assertTotalsAreTheRows(EmbeddedStore store, int run) {
        Optional<UsageRecord> last = Optional.empty();
        for (int number = 0; ; number++) {
            UsageRecord row = Writer.row("row-" + run + "-" + number, number);
            Optional<UsageRecord> stored = store.usage().find(row.id());
            if (stored.isEmpty()) {
                break;
            }
            assertThat(last).as("a row before the last one is lost").isEmpty();
            last = stored.filter(found -> !found.equals(row));
            last.ifPresent(lost -> assertThat(lost).isEqualTo(row.lost(Samples.START)));
            rowsSoFar = rowsSoFar.plus(stored.get());
        }
        assertThat(store.usage().totals()).as("totals after run %s", run).isEqualTo(rowsSoFar);
        assertThat(store.usage().totalsOfKey("k")).isEqualTo(rowsSoFar);
    }

    /** The process to be killed: writes without end and says what is done, after it is done. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            try (EmbeddedStore store = open(Path.of(arguments[0]))) {
                for (int number = 0; ; number++) {
                    write(store, arguments[1] + "-" + number, number);
                }
            }
        }

        private static void write(EmbeddedStore store, String suffix, int number) {
            Samples.book(store.usage(), row("row-" + suffix, number));
            say("row", "row-" + suffix, number);
            store.accounts().create(Samples.account("account-" + suffix, number));
            say("account", "account-" + suffix, number);
            store.apiKeys().create(Samples.key("key-" + suffix, number));
            say("key", "key-" + suffix, number);
            if (number % 5 == 4) {
                store.usage().flush();
                store.accounts().create(Samples.account("gone-" + suffix, number));
                store.accounts().delete("gone-" + suffix);
                say("gone", "gone-" + suffix, number);
            }
        }

        private static void say(String kind, String id, int number) {
            System.out.println(kind + " " + id + " " + number + ";");
            System.out.flush();
        }

        static UsageRecord row(String id, int number) {
            return Samples.row(id, "x", "k", number);
        }

        static EmbeddedStore open(Path directory) {
            return EmbeddedStore.open(
                    directory,
                    new CredentialCipher(Secret.of("a test's encryption key")),
                    StoreTime.utc(InstantSource.fixed(Samples.START)));
        }
    }
}
