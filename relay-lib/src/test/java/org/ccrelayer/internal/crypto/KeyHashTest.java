package org.ccrelayer.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.ccrelayer.account.Secret;
import org.junit.jupiter.api.Test;

/** Hashes that the predecessor's software made. */
class KeyHashTest {
    // The pepper under which the recorded vectors were made.
    private final KeyHash hash = new KeyHash(Secret.of("compat-primary-key-0123456789ABC"));

    @Test
    void hashesAsThePredecessor() {
        assertThat(hash.of("cr_" + "ab".repeat(32)))
                .isEqualTo("f3b822570e182068b21af9f5efb511a6830a57036b2a67125aff8f76f53d17d3");
        assertThat(hash.of("cr_0123456789"))
                .isEqualTo("675e81718c6f4ff3867f84891704bc2d4fe6993e6573736b7499424b05ac42f3");
        assertThat(hash.of("cr_ünïcode-鍵"))
                .isEqualTo("bc54ede368c90999a334b62ea5928339ad97bd678bb8ac006fe6dbaa22f0116f");
    }

    @Test
    void anotherPepperGivesAnotherHash() {
        assertThat(new KeyHash(Secret.of("other")).of("cr_0123456789")).isNotEqualTo(hash.of("cr_0123456789"));
    }

    @Test
    void theMarkTellsPeppersApartAndIsNoHashOfThem() {
        assertThat(hash.mark()).matches("[0-9a-f]{32}").isNotEqualTo(hash.of("").substring(0, 32));
        assertThat(new KeyHash(Secret.of("compat-primary-key-0123456789ABC")).mark())
                .isEqualTo(hash.mark());
        assertThat(new KeyHash(Secret.of("other")).mark()).isNotEqualTo(hash.mark());
    }
}
