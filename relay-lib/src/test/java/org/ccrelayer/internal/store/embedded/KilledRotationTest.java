package org.ccrelayer.internal.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.KeyRotation;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.crypto.KeyHash;
import org.ccrelayer.store.Resealed;
import org.ccrelayer.testkit.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that seals secrets with a new key is killed with SIGKILL again and again. What it said is done stays done, every
 * secret can be opened at any time, and in the end all of them with the new key.
 */
class KilledRotationTest {
    private static final String OLD = "the-old-key-0123456789-abcdefghijklmnop";
    private static final String NEW = "the-new-key-0123456789-abcdefghijklmnop";
    private static final StoreTime TIME = StoreTime.utc(InstantSource.fixed(Samples.START));
    private static final int ACCOUNTS = 120;
    private static final int KILLS = 3;
    private static final long SEED = 20261123;

    @TempDir
    Path directory;

    @Test
    @Timeout(120)
    void everySecretIsReadableHoweverOftenItIsKilled() throws Exception {
        fill();
        Random random = new Random(SEED);
        int done = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            done += rotateUntilKilled(1 + random.nextInt(25), random.nextInt(2_000_000));
            Resealed left = rotation().dryRun();
            assertThat(left.undecryptable()).isEmpty();
            assertThat(left.current()).as("after kill %s", kill).isGreaterThanOrEqualTo(done);
            assertThat(left.current() + left.changed()).isEqualTo(ACCOUNTS);
            assertThat(left.changed()).as("the kill came in time").isPositive();
            done = left.current();
        }
        assertThat(rotation().run(name -> {}).changed()).isEqualTo(ACCOUNTS - done);
        try (EmbeddedStore store = open(NEW)) {
            for (int number = 0; number < ACCOUNTS; number++) {
                assertThat(store.accounts().find("a" + number)).contains(Samples.account("a" + number, number));
            }
            String hash = new KeyHash(Secret.of(OLD)).of("cr_issued");
            assertThat(store.apiKeys().findByHash(hash)).isPresent();
        }
    }

    private void fill() {
        try (EmbeddedStore store = open(OLD)) {
            for (int number = 0; number < ACCOUNTS; number++) {
                store.accounts().create(Samples.account("a" + number, number));
            }
            String hash = new KeyHash(Secret.of(OLD)).of("cr_issued");
            store.apiKeys()
                    .create(new ApiKey("k", "k", hash, true, KeyLimits.NONE, Samples.START, null, Activation.NONE));
        }
    }

    private EmbeddedStore open(String key) {
        return EmbeddedStore.open(
                directory, new CredentialCipher(Secret.of(key)), new KeyHash(Secret.of(OLD)).mark(), TIME);
    }

    private KeyRotation rotation() {
        return Rotating.rotation(directory);
    }

    /** How many records the process said are done, from the moment on when it had said so of some. */
    private int rotateUntilKilled(int acknowledgements, int nanosAfter) throws Exception {
        Process child = ChildJvm.start(Rotating.class, directory.toString());
        int done = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            while (done < acknowledgements) {
                done += whole(lines.readLine());
            }
            // Not a wait for something: it moves the kill to an arbitrary point of the next record.
            LockSupport.parkNanos(nanosAfter);
            child.toHandle().destroyForcibly();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                done += whole(line);
            }
        }
        assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).as("ended by SIGKILL").isEqualTo(128 + 9);
        return done;
    }

    /** The last line may have been cut by the kill; only what ends with the mark counts. */
    private static int whole(String line) {
        assertThat(line).as("the process goes on").isNotNull();
        return line.endsWith(";") ? 1 : 0;
    }

    /** The process to be killed: says of each record that it is done, after it is done. */
    static final class Rotating {
        private Rotating() {}

        public static void main(String[] arguments) {
            rotation(Path.of(arguments[0])).run(name -> {
                System.out.println(name + ";");
                System.out.flush();
            });
        }

        static KeyRotation rotation(Path directory) {
            return KeyRotation.of(RelayConfig.builder()
                    .set(ConfigKey.DATA_DIR, directory.toString())
                    .set(ConfigKey.OLD_ENCRYPTION_KEY, OLD)
                    .set(ConfigKey.ENCRYPTION_KEY, NEW)
                    .set(ConfigKey.API_KEY_PEPPER, OLD)
                    .build());
        }
    }
}
