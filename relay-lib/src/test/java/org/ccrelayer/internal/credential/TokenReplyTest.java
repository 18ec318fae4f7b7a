package org.ccrelayer.internal.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.credential.TokenReply.Granted;
import org.ccrelayer.internal.credential.TokenReply.Refused;
import org.ccrelayer.internal.credential.TokenReply.Unreadable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a token endpoint answers, it is understood or refused, and nothing of it is repeated that should not be. */
class TokenReplyTest {
    private static final List<Secret> SENT = List.of(Secret.of("sent-secret"));

    private static TokenReply of(int status, String body) {
        return TokenReply.of(new TokenEndpoint.Answer(status, body.getBytes(StandardCharsets.UTF_8)), SENT);
    }

    private static TokenReply granted(String more) {
        return of(200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\"" + more + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3600 | 3600",
                "\"1800\" | 1800",
                "1799.9 | 1799",
                "0 | 60",
                "-5 | 60",
                "59 | 60",
                "\"-5\" | 60",
                "1e99 | 86400",
                "999999999999999999999999 | 86400",
                "\"soon\" | 3600",
                "\"\" | 3600",
                "null | 3600",
                "true | 3600",
                "{} | 3600",
            })
    void aLieAboutTheExpiryIsBounded(String told, long seconds) {
        assertThat(granted(",\"expires_in\":" + told))
                .isEqualTo(new Granted(Secret.of("a"), Duration.ofSeconds(seconds), null));
    }

    @Test
    void whatIsNotToldAboutTheExpiryIsAnHour() {
        assertThat(granted("")).isEqualTo(new Granted(Secret.of("a"), Duration.ofHours(1), null));
    }

    @Test
    void aRefreshTokenIsTakenAndAnEmptyOneIsNone() {
        assertThat(granted(",\"refresh_token\":\"r 1\""))
                .isEqualTo(new Granted(Secret.of("a"), Duration.ofHours(1), Secret.of("r 1")));
        assertThat(granted(",\"refresh_token\":\"\""))
                .isEqualTo(new Granted(Secret.of("a"), Duration.ofHours(1), null));
        assertThat(granted(",\"refresh_token\":null"))
                .isEqualTo(new Granted(Secret.of("a"), Duration.ofHours(1), null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "{\"access_token\":\"a\"}",
                "{\"access_token\":\"a\",\"token_type\":\"mac\"}",
                "{\"access_token\":\"a\",\"token_type\":5}",
                "{\"access_token\":\"\",\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"a\\r\\nx: y\",\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"a b\",\"token_type\":\"Bearer\"}",
                "{\"access_token\":7,\"token_type\":\"Bearer\"}",
                "{\"token_type\":\"Bearer\"}"
            })
    void aYesThatCannotBeReadIsNoToken(String body) {
        assertThat(of(200, body)).isInstanceOf(Unreadable.class);
    }

    @Test
    void theTypeIsReadInAnyCase() {
        assertThat(of(200, "{\"access_token\":\"a\",\"token_type\":\"bEARER\"}"))
                .isInstanceOf(Granted.class);
    }

    @Test
    void anotherYesIsNotUnderstood() {
        assertThat(of(204, "")).isEqualTo(new Unreadable("the endpoint answered 204"));
    }

    @Test
    void aRefusalIsToldByItsCode() {
        assertThat(of(400, "{\"error\":\"invalid_grant\",\"error_description\":\"over\"}"))
                .isEqualTo(new Refused("invalid_grant", "over"));
        assertThat(of(401, "{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\"}}"))
                .isEqualTo(new Refused("the endpoint answered 401", ""));
        assertThat(of(500, "<html>")).isEqualTo(new Refused("the endpoint answered 500", ""));
        assertThat(of(302, "")).isEqualTo(new Refused("the endpoint answered with a redirect", ""));
    }

    @Test
    void nothingThatWasSentIsRepeated() {
        assertThat(of(400, "{\"error\":\"sent-secret\",\"error_description\":\"was sent-secret\"}"))
                .isEqualTo(new Refused("the endpoint answered 400", ""));
        assertThat(of(400, "{\"error\":\"bad\\nline\",\"error_description\":\"" + "x".repeat(201) + "\"}"))
                .isEqualTo(new Refused("the endpoint answered 400", ""));
    }
}
