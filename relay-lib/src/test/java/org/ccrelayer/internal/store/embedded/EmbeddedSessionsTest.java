package org.ccrelayer.internal.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.testkit.SessionStoreContract;
import org.ccrelayer.testkit.Wait;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sessions of an embedded store: their contract, with a file and without, and what becomes of them in the file. */
class EmbeddedSessionsTest {
    private static final Duration TTL = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(5);

    private final MovedClock clock = new MovedClock(Samples.START);

    @TempDir
    Path directory;

    private static EmbeddedStore open(Path directory, InstantSource time) {
        return EmbeddedStore.open(
                directory, new CredentialCipher(Secret.of("a test's encryption key")), StoreTime.utc(time));
    }

    @Nested
    class WithAFile extends SessionStoreContract {
        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return open(directory, time);
        }
    }

    @Nested
    class InMemory extends SessionStoreContract {
        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return EmbeddedStore.inMemory(StoreTime.utc(time));
        }
    }

    @Test
    void sessionsSurviveARestartAsTheyWere() {
        try (EmbeddedStore store = open(directory, clock)) {
            store.sessions().keep("k", "kept", "a", TTL);
            store.sessions().keep("k", "renewed", "b", TTL);
            store.sessions().keep("k", "forgotten", "c", TTL);
            store.sessions().bind("k", "bound", "d", TTL.multipliedBy(24));
        }
        try (EmbeddedStore store = open(directory, clock)) {
            clock.move(TTL.minusMillis(1));
            assertThat(store.sessions().account("k", "kept")).contains("a");
            store.sessions().renew("k", "renewed", TTL);
            store.sessions().forget("k", "forgotten");
        }
        clock.move(Duration.ofMillis(1));
        try (EmbeddedStore store = open(directory, clock)) {
            assertThat(store.sessions().account("k", "kept")).isEmpty();
            assertThat(store.sessions().account("k", "renewed")).contains("b");
            assertThat(store.sessions().account("k", "forgotten")).isEmpty();
            assertThat(store.sessions().bind("k", "bound", "e", TTL)).contains("d");
        }
    }

    @Test
    void theFileForgetsWhatIsOver() {
        try (EmbeddedStore store = open(directory, clock)) {
            store.sessions().keep("k", "s", "a", TTL);
        }
        clock.move(TTL);
        open(directory, clock).close();
        clock.move(TTL.negated());
        try (EmbeddedStore store = open(directory, clock)) {
            assertThat(store.sessions().account("k", "s")).isEmpty();
        }
    }

    @Test
    void changesAreCommittedByThemselvesAlsoAfterTheFileFailed() {
        StoreThread thread = new StoreThread();
        StoreFile file = thread.call(() -> StoreFile.in(directory));
        try {
            EmbeddedSessions sessions = new EmbeddedSessions(file, thread, clock, 10, SOON);
            sessions.keep("k", "s", "a", TTL);
            Wait.until(
                    "the session is committed",
                    () -> afterFailure(thread, file, 10).isPresent());
            sessions.keep("k", "s2", "b", TTL);
            sessions.forget("k", "s");
            Wait.until(
                    "the other one is committed in its place",
                    () -> afterFailure(thread, file, 10).filter("b"::equals).isPresent());
        } finally {
            thread.submit(file::close);
            thread.end();
        }
    }

    /** The account of one of the two sessions as a new process would find it. */
    private Optional<String> afterFailure(StoreThread thread, StoreFile file, int most) {
        return thread.call(() -> {
            MVStore broken = file.current();
            if (broken != null) {
                broken.closeImmediately();
            }
            EmbeddedSessions found = new EmbeddedSessions(file, thread, clock, most, TTL);
            found.load();
            return found.account("k", "s").or(() -> found.account("k", "s2"));
        });
    }

    @Test
    void theOnesUsedLongestAgoGoFirst() {
        TimedBook book = new TimedBook(3, clock);
        IntStream.range(0, 3).forEach(i -> book.keep("s" + i, "a", TTL));
        book.text("s0");
        book.renew("s1", TTL);
        book.keep("s3", "a", TTL);
        assertThat(book.text("s2")).isEmpty();
        book.bind("s4", "a", TTL);
        assertThat(book.text("s0")).isEmpty();
        assertThat(book.text("s1")).contains("a");
        assertThat(book.size()).isEqualTo(3);
        assertThat(book.changes().get("s2")).isEmpty();
        assertThat(book.changed()).isFalse();
    }

    @Test
    void aSmallerStoreKeepsTheLatestOfAGreaterOne() {
        StoreThread thread = new StoreThread();
        StoreFile file = thread.call(() -> StoreFile.in(directory));
        try {
            EmbeddedSessions sessions = new EmbeddedSessions(file, thread, clock, 100, TTL);
            for (int i = 0; i < 100; i++) {
                sessions.keep("k", "s" + i, "a", TTL.plusSeconds(i));
            }
            thread.submit(sessions::writeLast);
            EmbeddedSessions fewer = new EmbeddedSessions(file, thread, clock, 10, TTL);
            thread.submit(fewer::load);
            thread.submit(fewer::writeLast);
            assertThat(thread.<Integer>call(
                            () -> file.use(maps -> maps.ofBytes("sessions").size())))
                    .isEqualTo(10);
            assertThat(fewer.account("k", "s90")).isPresent();
            assertThat(fewer.account("k", "s89")).isEmpty();
        } finally {
            thread.submit(file::close);
            thread.end();
        }
    }

    @Test
    void whatIsOverIsDroppedThoughNobodyAsks() {
        TimedBook book = new TimedBook(10, clock);
        book.keep("bound", "a", TTL.multipliedBy(2));
        book.keep("s", "a", TTL);
        clock.move(TTL);
        assertThat(book.dropOver()).isTrue();
        assertThat(book.size()).isEqualTo(1);
        assertThat(book.dropOver()).isFalse();
    }

    @Test
    void changesThatTheFileDidNotTakeYieldToLaterOnes() {
        TimedBook book = new TimedBook(10, clock);
        book.keep("s", "a", TTL);
        book.keep("t", "a", TTL);
        var lost = book.changes();
        book.forget("s");
        book.notSaved(lost);
        assertThat(book.changes()).containsEntry("s", Optional.empty()).containsEntry("t", lost.get("t"));
    }

    @Test
    void aSmallHeapKeepsFewerSessions() {
        assertThat(EmbeddedSessions.most(1L << 20)).isEqualTo(10_000);
        assertThat(EmbeddedSessions.most(256L << 20)).isEqualTo(131_072);
        assertThat(EmbeddedSessions.most(64L << 30)).isEqualTo(1_000_000);
    }
}
