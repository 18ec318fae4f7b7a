package org.ccrelayer.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.envelope.PinnedIds;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.ccrelayer.testkit.Samples;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where requests must go for what they name. */
class ObjectPinsTest {
    private static final String KEY = "key";

    private EmbeddedStore store;
    private ObjectPins pins;

    @BeforeEach
    void open() {
        store = EmbeddedStore.inMemory(StoreTime.utc(InstantSource.fixed(Samples.START)));
        pins = new ObjectPins(store.objects(), store.accounts());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Account account(String id, @Nullable String workspace) {
        Account account = new Account(
                id,
                id,
                new ApiKeyCredential(Secret.of("secret")),
                URI.create("https://upstream.test"),
                50,
                true,
                Set.of(),
                Instant.EPOCH,
                AccountRouting.DEFAULT.withWorkspace(workspace));
        store.accounts().create(account);
        return account;
    }

    private void made(Account account, ObjectKind kind, String... ids) {
        for (String id : ids) {
            pins.made(KEY, List.of(new ObjectId(kind, id)), account);
        }
    }

    private static PinnedIds files(String... ids) {
        return new PinnedIds(null, null, null, Set.of(ids), Set.of(), false, null);
    }

    private static PinnedIds container(String id, String... files) {
        return new PinnedIds(null, null, id, Set.of(files), Set.of(), false, null);
    }

    private static PinnedIds naming(PinField field, String id) {
        Set<String> none = Set.of();
        return switch (field) {
            case THREAD -> new PinnedIds(id, null, null, none, none, false, null);
            case DIAGNOSTICS -> new PinnedIds(null, id, null, none, none, false, null);
            case CONTAINER -> container(id);
            case FILE -> files(id);
            case SKILL -> new PinnedIds(null, null, null, none, Set.of(id), false, null);
            case FALLBACK_CREDIT -> new PinnedIds(null, null, null, none, none, true, id);
        };
    }

    private static ObjectKind kind(PinField field) {
        return switch (field) {
            case THREAD, DIAGNOSTICS -> ObjectKind.MESSAGE;
            case CONTAINER -> ObjectKind.CONTAINER;
            case FILE -> ObjectKind.FILE;
            case SKILL -> ObjectKind.SKILL;
            case FALLBACK_CREDIT -> ObjectKind.FALLBACK_CREDIT;
        };
    }

    private RelayException refused(String key, PinnedIds named) {
        try {
            pin(key, named);
        } catch (RelayException e) {
            return e;
        }
        throw new AssertionError("not refused");
    }

    private Pin pin(String key, PinnedIds named) {
        return pins.pin(Lookup.awaited(pins.ask(key, named)));
    }

    @Test
    void whatNamesNothingMayGoAnywhere() {
        assertThat(pin(KEY, PinnedIds.NONE)).isSameAs(Pin.NONE);
        PinnedIds creditThatIsNoText = new PinnedIds(null, null, null, Set.of(), Set.of(), true, null);
        assertThat(pin(KEY, creditThatIsNoText)).isSameAs(Pin.NONE);
        assertThat(Pin.NONE.allows("any")).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whatAnAnswerMadeIsOnItsAccountAndUnknownToOtherKeys(PinField field) {
        account("other", null);
        made(account("maker", null), kind(field), "made-1");
        Pin pin = pin(KEY, naming(field, "made-1"));
        assertThat(pin.cause()).isEqualTo(Pin.Cause.OBJECTS);
        assertThat(pin.accounts()).containsExactly("maker");
        assertThat(pin.gone()).startsWith(field.label() + ": ").endsWith(field.remedy());
        assertThat(pin.code()).isEqualTo(field == PinField.THREAD ? "thread_not_found" : "");

        for (RelayException refusal :
                List.of(refused("another key", naming(field, "made-1")), refused(KEY, naming(field, "made-2")))) {
            assertThat(refusal.outcome()).isEqualTo(Outcome.UNKNOWN_OBJECT);
            assertThat(refusal.safeMessage()).startsWith(field.label() + ": ").doesNotContain("made-");
            assertThat(refusal.code()).isEqualTo(field == PinField.THREAD ? "thread_not_found" : "");
        }
    }

    @Test
    void oneUnknownFileAmongKnownOnesIsRefused() {
        made(account("maker", null), ObjectKind.FILE, "f1", "f2");
        assertThat(pin(KEY, files("f1", "f2")).accounts()).containsExactly("maker");
        assertThat(refused(KEY, files("f1", "f2", "f3")).outcome()).isEqualTo(Outcome.UNKNOWN_OBJECT);
    }

    @Test
    void accountsOfTheSameWorkspaceWillDoAlsoWhenTheMakerIsGone() {
        Account maker = account("maker", "w");
        account("sibling", "w");
        account("stranger", "v");
        account("alone", null);
        made(maker, ObjectKind.CONTAINER, "c");
        assertThat(pin(KEY, container("c")).accounts()).containsExactlyInAnyOrder("maker", "sibling");
        store.accounts().delete("maker");
        assertThat(pin(KEY, container("c")).accounts()).containsExactly("sibling");
        store.accounts().delete("sibling");
        Pin gone = pin(KEY, container("c"));
        assertThat(gone.accounts()).isEmpty();
        assertThat(gone.allows("stranger")).isFalse();
    }

    @Test
    void accountsWithoutAWorkspaceShareNothing() {
        made(account("maker", null), ObjectKind.CONTAINER, "c");
        account("other", null);
        store.accounts().delete("maker");
        assertThat(pin(KEY, container("c")).accounts()).isEmpty();
    }

    @Test
    void anAccountThatIsStillThereSaysItselfWhereItIs() {
        made(account("maker", "wrong"), ObjectKind.CONTAINER, "c");
        account("old", "wrong");
        account("new", "right");
        store.accounts().delete("maker");
        account("maker", "right");
        assertThat(pin(KEY, container("c")).accounts()).containsExactlyInAnyOrder("maker", "new");
    }

    @Test
    void whatWasMadeApartIsRefusedNamingBothFields() {
        made(account("a", null), ObjectKind.CONTAINER, "c");
        made(account("b", "w"), ObjectKind.FILE, "f");
        made(account("b2", "w"), ObjectKind.FILE, "f2");
        RelayException refusal = refused(KEY, container("c", "f", "f2"));
        assertThat(refusal.outcome()).isEqualTo(Outcome.INVALID_REQUEST);
        assertThat(refusal.safeMessage()).startsWith("container and file_id: ");
        assertThat(pin(KEY, files("f", "f2")).accounts()).containsExactlyInAnyOrder("b", "b2");
        made(account("d", null), ObjectKind.FILE, "g");
        assertThat(refused(KEY, files("f", "g")).safeMessage()).startsWith("file_id: ");
    }

    @Test
    void whatIsGoneIsToldBeforeWhatIsApart() {
        made(account("a", null), ObjectKind.CONTAINER, "c");
        made(account("b", null), ObjectKind.FILE, "f");
        store.accounts().delete("b");
        assertThat(pin(KEY, container("c", "f")).gone()).startsWith("file_id: ");
    }

    @Test
    void aSessionThatIsBoundElsewhereCannotUseWhatWasMade() {
        made(account("a", "w"), ObjectKind.CONTAINER, "c");
        account("a2", "w");
        Pin pin = pin(KEY, container("c"));
        assertThat(pin.withSession("a2")).isEqualTo(new Pin(Pin.Cause.SESSION, Set.of("a2"), "", ""));
        Pin nowhere = pin.withSession("elsewhere");
        assertThat(nowhere.cause()).isEqualTo(Pin.Cause.OBJECTS);
        assertThat(nowhere.accounts()).isEmpty();
        assertThat(Pin.NONE.withSession("a").accounts()).containsExactly("a");
    }

    @Test
    void aStoreThatFailsHoldsUpNoAnswerButEveryRequestThatNamesSomething() {
        Account account = account("a", null);
        store.close();
        made(account, ObjectKind.FILE, "f");
        assertThatThrownBy(() -> pin(KEY, files("f")))
                .isInstanceOfSatisfying(
                        RelayException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.STORE_UNAVAILABLE));
        assertThat(pin(KEY, PinnedIds.NONE)).isSameAs(Pin.NONE);
    }
}
