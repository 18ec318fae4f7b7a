package org.ccrelayer.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Test cases 1 to 3 of RFC 5869, appendix A. */
class HkdfTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void derivesTheKeyOfTheRfcsFirstCase() {
        byte[] key = Hkdf.derive(
                HEX.parseHex("0b".repeat(22)),
                HEX.parseHex("000102030405060708090a0b0c"),
                HEX.parseHex("f0f1f2f3f4f5f6f7f8f9"),
                42);
        assertThat(HEX.formatHex(key))
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    }

    @Test
    void derivesTheKeyOfTheRfcsSecondCaseWithLongInputs() {
        byte[] key = Hkdf.derive(range(0x00, 0x4f), range(0x60, 0xaf), range(0xb0, 0xff), 82);
        assertThat(HEX.formatHex(key))
                .isEqualTo("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c6"
                        + "5e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
    }

    @Test
    void derivesTheKeyOfTheRfcsThirdCaseWithoutSaltAndInfo() {
        byte[] key = Hkdf.derive(HEX.parseHex("0b".repeat(22)), new byte[0], new byte[0], 42);
        assertThat(HEX.formatHex(key))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    }

    @Test
    void differentPurposesGetDifferentKeys() {
        assertThat(Hkdf.derive("secret", "one", 32))
                .isNotEqualTo(Hkdf.derive("secret", "two", 32))
                .isNotEqualTo(Hkdf.derive("other", "one", 32))
                .isEqualTo(Hkdf.derive("secret", "one", 32));
    }

    @Test
    void aKeyOfAnImpossibleLengthIsRefused() {
        assertThatThrownBy(() -> Hkdf.derive("secret", "one", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hkdf.derive("secret", "one", 8161)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Hkdf.derive("secret", "one", 8160)).hasSize(8160);
    }

    private static byte[] range(int from, int to) {
        byte[] bytes = new byte[to - from + 1];
        for (int offset = 0; offset < bytes.length; offset++) {
            bytes[offset] = (byte) (from + offset);
        }
        return bytes;
    }
}
