package org.ccrelayer.internal.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.store.SecretCipher;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an embedded store promises beyond the contract: the file, its protection and its owner. */
@Timeout(60)
class EmbeddedStoreTest {
    private static final StoreTime TIME = StoreTime.utc(InstantSource.fixed(Samples.START));
    private static final String CANARY = "sk-test-a1-1";

    private final SecretCipher cipher = new CredentialCipher(Secret.of("a test's encryption key"));

    @TempDir
    Path directory;

    @Test
    void everythingIsThereAfterReopening() {
        try (EmbeddedStore store = open()) {
            for (int number = 0; number < 20; number++) {
                store.accounts().create(Samples.account("a" + number, number));
                store.apiKeys().create(Samples.key("k" + number, number));
                Samples.book(store.usage(), Samples.row("x-" + number, "x", "k" + number % 2, number));
            }
            store.accounts().delete("a7");
            store.apiKeys().delete("k7");
        }
        try (EmbeddedStore store = open()) {
            assertThat(store.accounts().list()).hasSize(19).contains(Samples.account("a3", 3));
            assertThat(store.accounts().find("a7")).isEmpty();
            assertThat(store.apiKeys().list()).hasSize(19);
            assertThat(store.apiKeys().findByHash(Samples.hash("k4"))).contains(Samples.key("k4", 4));
            assertThat(store.apiKeys().findByHash(Samples.hash("k7"))).isEmpty();
            assertThat(store.usage().ofExchange("x")).hasSize(20);
        }
    }

    @Test
    void totalsAreTheSumOfTheRowsAfterReopening() {
        UsageTotals expected = UsageTotals.NONE;
        for (int round = 0; round < 4; round++) {
            try (EmbeddedStore store = open()) {
                assertThat(store.usage().totals()).isEqualTo(expected);
                for (int number = 0; number < 30; number++) {
                    UsageRecord row = Samples.row("u" + round + "-" + number, "x", "k", number);
                    Samples.book(store.usage(), row);
                    Samples.book(store.usage(), row);
                    expected = expected.plus(row);
                }
            }
        }
        try (EmbeddedStore store = open()) {
            assertThat(store.usage().totals()).isEqualTo(expected);
            assertThat(store.usage().totalsOfKey("k")).isEqualTo(expected);
        }
    }

    @Test
    void aRowIsSeenAtOnce() {
        try (EmbeddedStore store = open()) {
            Samples.book(store.usage(), Samples.row("u", "x", "k", 4));
            assertThat(store.usage().find("u")).isPresent();
            assertThat(store.usage().totals().attempts()).isEqualTo(1);
        }
    }

    @Test
    void aWindowGoesOnAfterACrash(@TempDir Path copies) throws IOException {
        KeyLimits limits = KeyLimits.NONE.withRate(new RateLimit(60, 5, 0, 0));
        UsageRecord row = Samples.row("x1-1", "x1", "k", 4);
        LimitUse before;
        Path left = copies.resolve("left");
        try (EmbeddedStore store = open()) {
            for (String exchangeId : new String[] {"x1", "x2", "x3"}) {
                store.limits()
                        .claim(new Claim(
                                new Lease("k", exchangeId), limits, ZoneOffset.UTC, "", 0, Duration.ofMinutes(5)));
            }
            Samples.book(store.usage(), row);
            store.limits().release(new Lease("k", "x1"), false);
            store.limits().release(new Lease("k", "x2"), true);
            store.limits().release(new Lease("k", "x3"), false);
            before = store.limits().use("k", limits, ZoneOffset.UTC);
            copy(directory, left);
        }
        assertThat(before.windowRequests()).isEqualTo(2);
        assertThat(before.windowCostNanoUsd()).isEqualTo(row.countedNanoUsd());
        try (EmbeddedStore store = EmbeddedStore.open(left, cipher, TIME)) {
            assertThat(store.limits().use("k", limits, ZoneOffset.UTC)).isEqualTo(before);
        }
    }

    /** What a crash would leave: the files as they are now. */
    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void onlyTheOwnerMayReadTheFile() throws IOException {
        Path fresh = directory.resolve("made/by/the/relay");
        EmbeddedStore.open(fresh, cipher, TIME).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)))
                .isEqualTo("rwx------");
        assertThat(mode(fresh.resolve("relay.mv"))).isEqualTo("rw-------");
    }

    @Test
    void anExistingFileIsClosedToOthers() throws IOException {
        open().close();
        Path file = directory.resolve("relay.mv");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        try (EmbeddedStore store = open()) {
            assertThat(mode(file)).isEqualTo("rw-------");
            store.accounts().create(Samples.account("a", 1));
        }
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @Test
    void aSecondRelayInThisProcessIsRefused() throws Exception {
        try (EmbeddedStore store = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(
                            directory.toRealPath().resolve("relay.mv").toString())
                    .hasMessageContaining("another process");
            // The refused opening must not have loosened the lock that keeps other processes out.
            assertThat(openInAnotherProcess()).contains("REFUSED").contains("another process");
            store.accounts().create(Samples.account("a", 1));
        }
        open().close();
    }

    @Test
    void aSecondProcessIsRefused() throws Exception {
        try (EmbeddedStore store = open()) {
            store.accounts().create(Samples.account("a1", 1));
            assertThat(openInAnotherProcess())
                    .contains("REFUSED")
                    .contains(directory.toRealPath().resolve("relay.mv").toString())
                    .contains("another process");
        }
        assertThat(openInAnotherProcess()).contains("OPENED 1");
    }

    @Test
    void anotherEncryptionKeyIsNoticedWhenOpening() {
        open().close();
        SecretCipher other = new CredentialCipher(Secret.of("another encryption key"));
        assertThatThrownBy(() -> EmbeddedStore.open(directory, other, TIME))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was written with another ENCRYPTION_KEY")
                .hasMessageNotContaining("another encryption key");
        open().close();
    }

    @Test
    void noSecretStandsInTheFile() throws IOException {
        Path file = directory.resolve("relay.mv");
        try (EmbeddedStore store = open()) {
            store.accounts().create(Samples.account("a1", 1));
            store.accounts().create(Samples.account("a2", 2));
            store.accounts().update("a1", old -> Samples.account("a1", 1));
            assertThat(text(file))
                    .contains("Account")
                    .doesNotContain(CANARY)
                    .doesNotContain("sk-test")
                    .doesNotContain("-secret-");
        }
        assertThat(text(file))
                .contains("upstream.example")
                .doesNotContain("sk-test")
                .doesNotContain("-secret-");
        try (EmbeddedStore store = open()) {
            assertThat(store.accounts().find("a1").orElseThrow().credential())
                    .isEqualTo(new ApiKeyCredential(Secret.of(CANARY)));
        }
    }

    @Test
    void anAccountThatWasWrittenBeforeThereWereKindsOpensUnchanged() {
        Account account = Samples.account("a1", 1);
        try (EmbeddedStore store = open()) {
            store.accounts().create(account);
            String json = store.file().use(maps -> maps.of("accounts").get("a1"));
            String older = json.replace(",\"authHeader\":\"x-api-key\"", "");
            assertThat(older).isNotEqualTo(json).contains("\"kind\":\"api-key\"", "\"apiKey\":\"v1.gcm:");
            store.file().use(maps -> maps.of("accounts").put("a1", older));
            store.file().commit();
        }
        try (EmbeddedStore store = open()) {
            assertThat(store.accounts().find("a1")).contains(account);
        }
    }

    @Test
    void tokensAreSealedAndThereAfterReopening() throws IOException {
        StoredToken token = new StoredToken(
                "a1",
                "origin-canary",
                new StoredToken.Access(Secret.of("access-canary"), Samples.START.plusSeconds(60), Samples.START),
                Secret.of("refresh-canary"),
                new StoredToken.Intent("me", Samples.START),
                new StoredToken.Failure("refresh failed: invalid_grant", 3, null));
        try (EmbeddedStore store = open()) {
            store.accounts().create(Samples.account("a1", 1));
            store.tokens().update("a1", none -> Optional.of(token));
            store.tokens().update("a1", old -> old.map(StoredToken::forgiven));
            store.tokens().update("a1", old -> Optional.of(token));
        }
        assertThat(text(directory.resolve("relay.mv")))
                .contains("invalid_grant")
                .doesNotContain("canary");
        try (EmbeddedStore store = open()) {
            assertThat(store.tokens().find("a1")).contains(token);
        }
    }

    @Test
    void tokensThatACrashLeftWithoutAnAccountAreRemoved() {
        try (EmbeddedStore store = open()) {
            store.tokens().update("gone", none -> Optional.of(StoredToken.none("gone", "origin")));
        }
        try (EmbeddedStore store = open()) {
            assertThat(store.tokens().find("gone")).isEmpty();
            assertThat(store.file().<Boolean>use(maps -> maps.of("tokens").isEmpty()))
                    .isTrue();
        }
    }

    @Test
    void aFileThatIsNoStoreIsRefusedAndLeftAlone() throws IOException {
        Path file = directory.resolve("relay.mv");
        Files.writeString(file, "something else entirely ".repeat(1000));
        assertThatThrownBy(this::open).isInstanceOf(IllegalStateException.class).hasMessageContaining("relay.mv");
        assertThat(file).content().startsWith("something else entirely ");
    }

    @Test
    void membersOfANewerRelayAreKept() {
        try (EmbeddedStore store = open()) {
            store.accounts().create(Samples.account("a1", 1));
            String json = store.file().use(maps -> maps.of("accounts").get("a1"));
            String newer = json.replaceFirst("\\{", "{\"addedLater\":{\"x\":1},");
            store.file().use(maps -> maps.of("accounts").put("a1", newer));
            store.accounts().update("a1", old -> Samples.account("a1", 1));
            assertThat(store.file().<String>use(maps -> maps.of("accounts").get("a1")))
                    .contains("\"addedLater\":{\"x\":1}");
        }
    }

    @Test
    void aClosedStoreTakesNoMore() {
        EmbeddedStore store = open();
        store.close();
        assertThat(store.healthy()).isFalse();
        assertUnavailable(() -> store.accounts().create(Samples.account("a", 1)));
        assertUnavailable(() -> Samples.book(store.usage(), Samples.row("u", "x", "k", 1)));
        assertUnavailable(() -> store.usage().flush());
    }

    @Test
    void aChangeThatCallsTheStoreIsRefused() {
        try (EmbeddedStore store = open()) {
            store.accounts().create(Samples.account("a", 1));
            assertThatThrownBy(() -> store.accounts().update("a", old -> {
                        store.accounts().delete("a");
                        return old;
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(store.accounts().find("a")).isPresent();
        }
    }

    @Test
    void manyChangesLeaveASmallFile() throws IOException {
        try (EmbeddedStore store = open()) {
            for (int number = 0; number < 1500; number++) {
                int current = number;
                if (number == 0) {
                    store.accounts().create(Samples.account("a", 0));
                }
                store.accounts().update("a", old -> Samples.account("a", current));
            }
        }
        assertThat(Files.size(directory.resolve("relay.mv"))).isLessThan(2_000_000);
        try (EmbeddedStore store = open()) {
            assertThat(store.accounts().find("a")).contains(Samples.account("a", 1499));
        }
    }

    private EmbeddedStore open() {
        return EmbeddedStore.open(directory, cipher, TIME);
    }

    private String openInAnotherProcess() throws Exception {
        Process child = ChildJvm.start(Opening.class, directory.toString());
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private static void assertUnavailable(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RelayException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.STORE_UNAVAILABLE));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    /** Another process that opens the store and says how that went. */
    static final class Opening {
        private Opening() {}

        public static void main(String[] arguments) {
            SecretCipher cipher = new CredentialCipher(Secret.of("a test's encryption key"));
            try (EmbeddedStore store = EmbeddedStore.open(Path.of(arguments[0]), cipher, TIME)) {
                System.out.println("OPENED " + store.accounts().list().size());
            } catch (IllegalStateException e) {
                System.out.println("REFUSED " + e.getMessage());
            }
        }
    }

    @Test
    void work_that_comes_after_the_end_does_not_open_the_file_again(@TempDir Path directory) {
        StoreFile file = StoreFile.in(directory);
        file.close();
        assertThatThrownBy(file::commit).isInstanceOf(RelayException.class);
        assertThatThrownBy(() -> file.use(maps -> maps.of("late"))).isInstanceOf(RelayException.class);
        StoreFile.in(directory).close();
    }
}
