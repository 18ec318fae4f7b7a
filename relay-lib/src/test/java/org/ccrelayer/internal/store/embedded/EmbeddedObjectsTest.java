package org.ccrelayer.internal.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.ownership.Maker;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.ObjectStoreContract;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.testkit.Wait;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The objects of an embedded store: their contract, with a file and without, and what becomes of them in the file. */
class EmbeddedObjectsTest {
    private static final Maker MAKER = new Maker("a", "w");
    private static final Duration NEVER = Duration.ofHours(1);

    private final MovedClock clock = new MovedClock(Samples.START);

    @TempDir
    Path directory;

    private static EmbeddedStore open(Path directory, InstantSource time) {
        return EmbeddedStore.open(
                directory, new CredentialCipher(Secret.of("a test's encryption key")), StoreTime.utc(time));
    }

    private static ObjectId id(ObjectKind kind, String id) {
        return new ObjectId(kind, id);
    }

    @Nested
    class WithAFile extends ObjectStoreContract {
        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return open(directory, time);
        }
    }

    @Nested
    class InMemory extends ObjectStoreContract {
        @Override
        protected RelayStore openEmpty(InstantSource time) {
            return EmbeddedStore.inMemory(StoreTime.utc(time));
        }
    }

    @Test
    void objectsSurviveARestartAsTheyWere() {
        try (EmbeddedStore store = open(directory, clock)) {
            for (ObjectKind kind : ObjectKind.values()) {
                store.objects().made("k", List.of(id(kind, "with"), id(kind, "gone")), MAKER);
                store.objects().made("k", List.of(id(kind, "without")), new Maker("b", null));
                store.objects().remove("k", id(kind, "gone"));
            }
        }
        try (EmbeddedStore store = open(directory, clock)) {
            for (ObjectKind kind : ObjectKind.values()) {
                assertThat(store.objects().maker("k", id(kind, "with"))).contains(MAKER);
                assertThat(store.objects().maker("k", id(kind, "without"))).contains(new Maker("b", null));
                assertThat(store.objects().maker("k", id(kind, "gone"))).isEmpty();
            }
        }
    }

    @Test
    void lastingObjectsAreOnDiskAtOnceAndOthersSoon() {
        StoreThread thread = new StoreThread();
        StoreFile file = thread.call(() -> StoreFile.in(directory));
        try {
            EmbeddedObjects objects = new EmbeddedObjects(file, thread, clock, 10, NEVER);
            objects.made("k", List.of(id(ObjectKind.FILE, "f"), id(ObjectKind.MESSAGE, "m")), MAKER);
            assertThat(afterFailure(thread, file, id(ObjectKind.FILE, "f"))).contains(MAKER);
            assertThat(afterFailure(thread, file, id(ObjectKind.MESSAGE, "m"))).isEmpty();
            objects.remove("k", id(ObjectKind.FILE, "f"));
            assertThat(afterFailure(thread, file, id(ObjectKind.FILE, "f"))).isEmpty();

            EmbeddedObjects quick = new EmbeddedObjects(file, thread, clock, 10, Duration.ofMillis(5));
            quick.made("k", List.of(id(ObjectKind.CONTAINER, "c")), MAKER);
            Wait.until(
                    "the container is committed",
                    () -> afterFailure(thread, file, id(ObjectKind.CONTAINER, "c"))
                            .isPresent());
        } finally {
            thread.submit(file::close);
            thread.end();
        }
    }

    /** Who made it, as a new process would find it. */
    private Optional<Maker> afterFailure(StoreThread thread, StoreFile file, ObjectId object) {
        EmbeddedObjects found = new EmbeddedObjects(file, thread, clock, 10, NEVER);
        thread.call(() -> {
            MVStore broken = file.current();
            if (broken != null) {
                broken.closeImmediately();
            }
            found.load();
            return true;
        });
        return found.maker("k", object);
    }

    @Test
    void manyOfAKindDriveOutTheOldestOfThatKindOnly() {
        StoreThread thread = new StoreThread();
        StoreFile file = thread.call(StoreFile::inMemory);
        try {
            EmbeddedObjects objects = new EmbeddedObjects(file, thread, clock, 3, NEVER);
            objects.made("k", List.of(id(ObjectKind.CONTAINER, "c"), id(ObjectKind.FILE, "f")), MAKER);
            IntStream.range(0, 4).forEach(i -> objects.made("k", List.of(id(ObjectKind.MESSAGE, "m" + i)), MAKER));
            assertThat(objects.maker("k", id(ObjectKind.MESSAGE, "m0"))).isEmpty();
            assertThat(objects.maker("k", id(ObjectKind.MESSAGE, "m1"))).isPresent();
            assertThat(objects.maker("k", id(ObjectKind.CONTAINER, "c"))).isPresent();
            IntStream.range(0, 9).forEach(i -> objects.made("k", List.of(id(ObjectKind.FILE, "f" + i)), MAKER));
            assertThat(objects.maker("k", id(ObjectKind.FILE, "f"))).isPresent();
        } finally {
            thread.submit(file::close);
            thread.end();
        }
    }

    @Test
    void noIdIsReadableInTheFile() throws Exception {
        try (EmbeddedStore store = open(directory, clock)) {
            for (ObjectKind kind : ObjectKind.values()) {
                store.objects().made("k", List.of(id(kind, "canary-" + kind)), MAKER);
            }
        }
        byte[] file = Files.readAllBytes(directory.resolve("relay.mv"));
        assertThat(new String(file, StandardCharsets.ISO_8859_1)).doesNotContain("canary");
    }

    @Test
    void aSmallHeapKeepsFewerObjects() {
        assertThat(EmbeddedObjects.most(1L << 20)).isEqualTo(10_000);
        assertThat(EmbeddedObjects.most(256L << 20)).isEqualTo(32_768);
        assertThat(EmbeddedObjects.most(64L << 30)).isEqualTo(200_000);
    }
}
