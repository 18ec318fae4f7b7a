package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ccrelayer.ownership.Maker;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.ccrelayer.ownership.ObjectStore;
import org.ccrelayer.store.RelayStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every promise of {@link ObjectStore}, on a clock that the test moves. */
public abstract class ObjectStoreContract {
    private static final Maker MAKER = new Maker("account", "workspace");
    private static final Maker ALONE = new Maker("account", null);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final MovedClock clock = new MovedClock(Samples.START);
    private RelayStore store;

    /** A store of this kind without any record, by that clock; it is closed after the test. */
    protected abstract RelayStore openEmpty(InstantSource time) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = openEmpty(clock);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private ObjectStore objects() {
        return store.objects();
    }

    private static ObjectId id(ObjectKind kind, String id) {
        return new ObjectId(kind, id);
    }

    @ParameterizedTest
    @EnumSource
    void anObjectIsItsKeysAlone(ObjectKind kind) {
        ObjectId object = id(kind, "o");
        assertThat(objects().maker("k", object)).isEmpty();
        objects().made("k", List.of(object), MAKER);
        assertThat(objects().maker("k", object)).contains(MAKER);
        assertThat(objects().maker("k2", object)).isEmpty();
        assertThat(objects().remove("k2", object)).isFalse();
        assertThat(objects().maker("k", object)).contains(MAKER);
    }

    @ParameterizedTest
    @EnumSource
    void anObjectIsKnownForItsTime(ObjectKind kind) {
        Duration time = kind.retention().orElse(Duration.ofDays(3_000));
        ObjectId object = id(kind, "o");
        objects().made("k", List.of(object), MAKER);
        clock.move(time.minus(MOMENT));
        assertThat(objects().maker("k", object)).contains(MAKER);
        clock.move(MOMENT);
        assertThat(objects().maker("k", object).isPresent()).isEqualTo(kind.lasting());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNamedAnewBeginsAnewAndIsTheLatestMakers(ObjectKind kind) {
        Duration almost = kind.retention().orElse(Duration.ofDays(3_000)).minus(MOMENT);
        ObjectId object = id(kind, "o");
        objects().made("k", List.of(object), MAKER);
        clock.move(almost);
        objects().made("k", List.of(object), ALONE);
        clock.move(almost);
        assertThat(objects().maker("k", object)).contains(ALONE);
    }

    @ParameterizedTest
    @EnumSource
    void aRemovedObjectIsUnknown(ObjectKind kind) {
        ObjectId object = id(kind, "o");
        assertThat(objects().remove("k", object)).isFalse();
        objects().made("k", List.of(object, id(kind, "other")), MAKER);
        assertThat(objects().remove("k", object)).isTrue();
        assertThat(objects().remove("k", object)).isFalse();
        assertThat(objects().maker("k", object)).isEmpty();
        assertThat(objects().maker("k", id(kind, "other"))).contains(MAKER);
    }

    @Test
    void whatIsOverIsNotRemovedAgain() {
        ObjectId object = id(ObjectKind.MESSAGE, "o");
        objects().made("k", List.of(object), MAKER);
        clock.move(ObjectKind.MESSAGE.retention().orElseThrow());
        assertThat(objects().remove("k", object)).isFalse();
    }

    @Test
    void manyAreAskedForAtOnceAndTheUnknownAreMissing() {
        List<ObjectId> all = new ArrayList<>();
        for (ObjectKind kind : ObjectKind.values()) {
            all.add(id(kind, "known"));
        }
        objects().made("k", all, MAKER);
        objects().made("k", List.of(id(ObjectKind.FILE, "alone")), ALONE);
        for (ObjectKind kind : ObjectKind.values()) {
            Set<ObjectId> asked =
                    Set.of(id(kind, "known"), id(kind, "unknown"), id(ObjectKind.FILE, "alone"), id(kind, "x"));
            assertThat(objects().makers("k", asked))
                    .isEqualTo(Map.of(id(kind, "known"), MAKER, id(ObjectKind.FILE, "alone"), ALONE));
        }
        assertThat(objects().makers("k", Set.of())).isEmpty();
        objects().made("k", List.of(), MAKER);
    }

    @Test
    void noTwoObjectsLookAlike() {
        String[] names = {"a", "b", "a:b", "b:a", "a-b", "a|", "*", "{a}", "a b", "ä", "A", "x".repeat(4096)};
        for (ObjectKind kind : ObjectKind.values()) {
            for (String name : names) {
                Maker maker = new Maker("account " + kind + name.length() + name.charAt(0), name.substring(0, 1));
                objects().made(name.substring(0, 1), List.of(id(kind, name)), maker);
                assertThat(objects().maker(name.substring(0, 1), id(kind, name)))
                        .contains(maker);
                assertThat(objects().maker("other", id(kind, name))).isEmpty();
                assertThat(objects().maker(name.substring(0, 1), id(kind, name + "!")))
                        .isEmpty();
            }
        }
    }

    @Test
    void aDeletedKeyHasNothingLeftAndOthersKeepTheirs() {
        for (ObjectKind kind : ObjectKind.values()) {
            for (String key : new String[] {"j", "k", "k2", "l"}) {
                objects().made(key, List.of(id(kind, "1"), id(kind, "2")), MAKER);
            }
        }
        objects().removeAll("k");
        objects().removeAll("none");
        for (ObjectKind kind : ObjectKind.values()) {
            Set<ObjectId> both = Set.of(id(kind, "1"), id(kind, "2"));
            assertThat(objects().makers("k", both)).isEmpty();
            for (String key : new String[] {"j", "k2", "l"}) {
                assertThat(objects().makers(key, both)).hasSize(2);
            }
        }
    }

    @Test
    void whatCannotBeANameIsRefused() {
        ObjectId object = id(ObjectKind.FILE, "o");
        for (String text : new String[] {"", "a\u0000b", "a\nb", "x".repeat(ObjectStore.MAX_LENGTH + 1)}) {
            refused("keyId", () -> objects().made(text, List.of(object), MAKER));
            refused("keyId", () -> objects().makers(text, Set.of(object)));
            refused("keyId", () -> objects().remove(text, object));
            refused("keyId", () -> objects().removeAll(text));
            refused("accountId", () -> objects().made("k", List.of(object), new Maker(text, null)));
        }
        String longest = "x".repeat(ObjectStore.MAX_LENGTH);
        Maker maker = new Maker(longest, longest);
        objects().made(longest, List.of(object), maker);
        assertThat(objects().maker(longest, object)).contains(maker);
    }

    private static void refused(String what, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(what + ": must be");
    }
}
