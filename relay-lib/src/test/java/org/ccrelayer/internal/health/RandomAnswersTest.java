package org.ccrelayer.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.ccrelayer.internal.health.Verdict.Kind;
import org.ccrelayer.internal.health.Verdict.Scope;
import org.ccrelayer.testkit.MovedClock;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** What holds for every answer, however strange, tried on random ones from fixed seeds. */
class RandomAnswersTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final int[] STATUSES = {
        200, 201, 301, 400, 401, 402, 403, 404, 408, 409, 413, 418, 429, 429, 429, 429, 500, 503, 504, 529, 599
    };
    private static final List<String> NAMES = List.of(
            "retry-after",
            "retry-after-ms",
            "x-should-retry",
            "anthropic-ratelimit-requests-remaining",
            "anthropic-ratelimit-requests-reset",
            Verdicts.UNIFIED + "status",
            Verdicts.UNIFIED + "reset",
            Verdicts.UNIFIED + "representative-claim",
            Verdicts.UNIFIED + "5h-status",
            Verdicts.UNIFIED + "5h-reset",
            Verdicts.UNIFIED + "5h-utilization",
            Verdicts.UNIFIED + "7d-status",
            Verdicts.UNIFIED + "7d-reset",
            Verdicts.UNIFIED + "7d_opus-status",
            Verdicts.UNIFIED + "7d_opus-reset");
    private static final List<String> VALUES = List.of(
            "rejected",
            "rejected",
            "rejected",
            "allowed",
            "allowed_warning",
            "five_hour",
            "seven_day",
            "seven_day_opus",
            "true",
            "false",
            "0",
            "-1",
            "0.5",
            "30",
            "99999999999999999999",
            "1795348800",
            "1799999999",
            "2026-11-22T11:00:00Z",
            "+999999999-12-31T23:59:59Z",
            "Sun, 22 Nov 2026 10:00:20 GMT",
            "Sat, 31 Dec 9999 23:59:59 GMT",
            "");
    private static final List<String> PARTS = List.of(
            "{\"error\":",
            "{\"type\":\"rate_limit_error\"",
            "{\"type\":\"overloaded_error\"",
            "{\"type\":\"billing_error\"",
            "{\"type\":7",
            ",\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}",
            ",\"details\":{\"error_code\":[]}",
            ",\"details\":null",
            ",\"message\":\"until 2026-99-99 at 77:77\"",
            ",\"message\":\"You have reached your specified API usage limits until 2031-01-01T00:00Z\"",
            ",\"message\":1e999999999",
            "}",
            "}",
            "[",
            "\u0000",
            "\uD83D\uDE00");

    private final MovedClock clock = new MovedClock(START);
    private final AccountHealth health = new AccountHealth(clock);
    private final UpstreamVerdicts verdicts = new UpstreamVerdicts();

    @RepeatedTest(200)
    void noAnswerIsTooStrangeAndNoTimeTooFar(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 100; i++) {
            clock.move(Duration.ofMillis(random.nextInt(4_000_000)));
            HttpFields headers = headers(random);
            String family = pick(random, List.of("", "opus", "sonnet"));
            Verdict verdict = verdicts.classify(
                    STATUSES[random.nextInt(STATUSES.length)], headers, body(random), family, clock.instant());
            assertThatItIsBounded(verdict, headers);
            boolean accountWasOpen = health.snapshot("a").account().open();
            if (random.nextBoolean()) {
                health.tryProbe("a", family);
            }
            health.record("a", verdict);
            health.read("a", WindowReading.of(headers, clock.instant()));
            assertThatTheMemoryIsBounded(verdict, accountWasOpen);
        }
    }

    private void assertThatItIsBounded(Verdict verdict, HttpFields headers) {
        Instant now = clock.instant();
        Duration longest = verdict.kind().longest();
        if (verdict.until() != null) {
            assertThat(verdict.until()).isAfter(now).isBeforeOrEqualTo(now.plus(longest));
        }
        if (verdict.retryAfter() != null) {
            assertThat(verdict.retryAfter()).isPositive().isLessThanOrEqualTo(longest);
        }
        if ("false".equals(headers.get("x-should-retry"))) {
            assertThat(verdict.anotherMayHelp() || verdict.inPlaceMayHelp()).isFalse();
        }
        assertThat(verdict.scope() == Scope.NONE).isEqualTo(verdict.kind() == Kind.OK);
        assertThat(verdict.reason()).hasSizeLessThan(120).doesNotContain("until", "specified");
    }

    private void assertThatTheMemoryIsBounded(Verdict verdict, boolean accountWasOpen) {
        HealthSnapshot snapshot = health.snapshot("a");
        snapshot.coolingUntil()
                .ifPresent(until -> assertThat(until)
                        .isBeforeOrEqualTo(
                                clock.instant().plus(snapshot.account().kind().longest())));
        snapshot.limitedUntil()
                .values()
                .forEach(until ->
                        assertThat(until).isBeforeOrEqualTo(clock.instant().plus(Kind.FAMILY_WINDOW.longest())));
        if (accountWasOpen && verdict.scope() != Scope.ACCOUNT) {
            assertThat(snapshot.account().open())
                    .as("only an account's verdict takes it out: %s", verdict)
                    .isTrue();
        }
        if (snapshot.account().state() == Standing.State.OUT) {
            health.forget("a");
        }
    }

    private static HttpFields headers(Random random) {
        HttpFields.Mutable headers = HttpFields.build();
        for (int i = random.nextInt(8); i > 0; i--) {
            headers.put(pick(random, NAMES), pick(random, VALUES));
        }
        return headers.asImmutable();
    }

    private static byte @Nullable [] body(Random random) {
        if (random.nextInt(4) == 0) {
            return null;
        }
        if (random.nextInt(4) == 0) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            return noise;
        }
        StringBuilder text = new StringBuilder(pick(random, PARTS.subList(0, 1)));
        for (int i = random.nextInt(7); i > 0; i--) {
            text.append(pick(random, PARTS));
        }
        return text.append(random.nextBoolean() ? "}}" : "").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
