package org.ccrelayer.internal.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken.Access;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is done with a token goes by the time that is left of it. */
class TokenUseTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private static TokenUse use(long leftMillis, long ageMillis) {
        return TokenUse.of(new Access(Secret.of("a"), NOW.plusMillis(leftMillis), NOW.minusMillis(ageMillis)), NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "3600000, USE",
        "120001, USE",
        "120000, USE_AND_RENEW",
        "30000, USE_AND_RENEW",
        "29999, RENEW",
        "0, RENEW",
        "-1, RENEW"
    })
    void theTimeLeftDecides(long leftMillis, TokenUse expected) {
        assertThat(use(leftMillis, 3_600_000)).isEqualTo(expected);
    }

    @Test
    void whereThereIsNoneOneIsWaitedFor() {
        assertThat(TokenUse.of(null, NOW)).isEqualTo(TokenUse.RENEW);
    }

    @Test
    void aShortLivedTokenIsNotReplacedAsSoonAsItCame() {
        assertThat(use(60_000, 0)).isEqualTo(TokenUse.USE);
        assertThat(use(30_001, 29_999)).isEqualTo(TokenUse.USE);
        assertThat(use(30_000, 30_000)).isEqualTo(TokenUse.USE_AND_RENEW);
        assertThat(use(29_999, 30_001)).isEqualTo(TokenUse.RENEW);
    }
}
