package org.ccrelayer.internal.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.ccrelayer.account.Secret;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageTotals;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A file that fails under the store, as a full disk makes it, and works again later. */
@Timeout(60)
class RecoveredStoreTest {
    @TempDir
    Path parent;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Path directory;
    private EmbeddedStore store;

    @BeforeEach
    void open() {
        directory = parent.resolve("store");
        store = EmbeddedStore.open(
                directory,
                new CredentialCipher(Secret.of("a test's encryption key")),
                StoreTime.utc(InstantSource.fixed(Samples.START)));
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void close() {
        logger().detachAppender(log);
        store.close();
    }

    @Test
    void rowsAreKeptAndWrittenWhenTheFileWorksAgain() throws IOException {
        UsageTotals expected = record(0, 50);
        store.usage().flush();
        takeTheFileAway();
        expected = record(50, 150, expected);
        Wait.until("the failure is noticed", () -> !store.healthy());
        assertThatThrownBy(() -> store.usage().flush()).isInstanceOf(RelayException.class);
        giveTheFileBack();
        Wait.until("the store works again", () -> store.healthy());
        assertThat(store.usage().totals()).isEqualTo(expected);
        assertThat(store.usage().totalsOfKey("k")).isEqualTo(expected);
        assertThat(log.list.stream().filter(e -> e.getLevel().levelStr.equals("ERROR")))
                .as("the outage is told once")
                .hasSize(1);
    }

    @Test
    void itWorksAgainThoughNobodyUsesIt() throws IOException {
        takeTheFileAway();
        assertThatThrownBy(() -> store.apiKeys().delete("nobody's")).isInstanceOf(RelayException.class);
        assertThat(store.healthy()).isFalse();
        giveTheFileBack();
        Wait.until("the store works again", () -> store.healthy());
    }

    @Test
    void rowsThatWereWrittenButNotCommittedAreWrittenAgain() {
        UsageTotals expected = record(0, 20);
        assertThat(store.usage().totals()).isEqualTo(expected);
        panic();
        assertThat(catchThrowable(() -> store.usage().flush()))
                .satisfiesAnyOf(
                        failure -> assertThat(failure).isNull(),
                        failure -> assertThat(failure).isInstanceOf(RelayException.class));
        Wait.until("the store works again", () -> store.healthy());
        assertThat(store.usage().totals()).isEqualTo(expected);
        store.usage().flush();
        store.close();
        open();
        assertThat(store.usage().totals()).isEqualTo(expected);
    }

    @Test
    void accountsAreReadableWhileTheFileFailsAndChangeableAfterwards() throws IOException {
        store.accounts().create(Samples.account("a", 1));
        takeTheFileAway();
        assertThatThrownBy(() -> store.accounts().create(Samples.account("b", 2)))
                .isInstanceOfSatisfying(
                        RelayException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.STORE_UNAVAILABLE));
        assertThat(store.healthy()).isFalse();
        assertThat(store.accounts().find("a")).contains(Samples.account("a", 1));
        assertThat(store.accounts().find("b")).isEmpty();
        giveTheFileBack();
        store.accounts().create(Samples.account("b", 2));
        assertThat(store.healthy()).isTrue();
        assertThat(store.accounts().list()).hasSize(2);
    }

    @Test
    void rowsAreRefusedRatherThanKeptWithoutBound() throws IOException {
        takeTheFileAway();
        record(0, 1);
        Wait.until("the failure is noticed", () -> !store.healthy());
        Throwable refusal = catchThrowable(() -> record(1, Book.MOST_WAITING + 2_000));
        assertThat(refusal).isInstanceOf(RelayException.class);
        giveTheFileBack();
        store.usage().flush();
        assertThat(store.usage().totals().attempts()).isBetween(37_000L, 40_000L);
    }

    @Test
    void anIdleJournalThatFailedOnceIsWrittenAgainByItself() {
        store.journal().broken();
        assertThatThrownBy(
                        () -> store.usage().open(Samples.row("x-1", "x", "k", 0).in(UsageRecord.State.RESERVED)))
                .isInstanceOf(RelayException.class);
        assertThat(store.healthy()).isFalse();
        Wait.until("the journal works again", () -> store.healthy());
        assertThat(Samples.book(store.usage(), Samples.row("x-2", "x", "k", 0))).isTrue();
    }

    private UsageTotals record(int from, int to) {
        return record(from, to, UsageTotals.NONE);
    }

    private UsageTotals record(int from, int to, UsageTotals before) {
        UsageTotals totals = before;
        for (int number = from; number < to; number++) {
            UsageRecord row = Samples.row("u" + number, "x", "k", number % 1000);
            Samples.book(store.usage(), row);
            totals = totals.plus(row);
        }
        return totals;
    }

    private void takeTheFileAway() throws IOException {
        Files.move(directory, parent.resolve("away"));
        panic();
    }

    private void giveTheFileBack() throws IOException {
        Files.move(parent.resolve("away"), directory);
    }

    /** What MVStore itself does when a write fails. */
    private void panic() {
        MVStore open = store.file().current();
        if (open != null) {
            open.closeImmediately();
        }
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(StoreFile.class);
    }
}
