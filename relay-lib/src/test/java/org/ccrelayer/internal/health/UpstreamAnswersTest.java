package org.ccrelayer.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ccrelayer.internal.health.Verdict.Kind;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.testkit.MovedClock;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/upstream-answers.md says what the relay does. */
class UpstreamAnswersTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Pattern FIELD = Pattern.compile("(?<!message )`([^`:]+): ([^`]+)`");
    private static final Pattern MESSAGE = Pattern.compile("message `([^`]+)`");
    private static final Map<String, Failure> FAILURES =
            Map.of("not connected", Failure.UNREACHABLE, "timed out", Failure.TIMED_OUT, "broke off", Failure.BROKEN);

    private final MovedClock clock = new MovedClock(NOW);
    private final AccountHealth health = new AccountHealth(clock);

    static List<List<String>> verdicts() {
        return DocumentedTables.under("Verdicts");
    }

    static List<List<String>> times() {
        return DocumentedTables.under("How long");
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void anAnswerMeansWhatTheTableSays(List<String> row) {
        assertThat(row).hasSize(9);
        Verdict verdict = verdict(row);
        assertThat(verdict.kind()).isEqualTo(Kind.valueOf(row.get(4)));
        assertThat(verdict.scope()).isEqualTo(Verdict.Scope.valueOf(row.get(5)));
        assertThat(verdict.until())
                .isEqualTo(row.get(6).isEmpty() ? null : NOW.plus(DocumentedTables.duration(row.get(6))));
        assertThat(verdict.anotherMayHelp()).isEqualTo(row.get(7).equals("yes"));
        assertThat(verdict.inPlaceMayHelp()).isEqualTo(row.get(8).equals("yes"));
        assertThat(verdict.family()).isEqualTo(family(row));
    }

    @Test
    void theTableShowsEveryKind() {
        Set<Kind> shown =
                verdicts().stream().map(row -> Kind.valueOf(row.get(4))).collect(Collectors.toSet());
        assertThat(shown).isEqualTo(EnumSet.allOf(Kind.class));
    }

    @ParameterizedTest
    @MethodSource("times")
    void anAccountIsKeptOutAsLongAsTheTableSays(List<String> row) {
        Kind kind = Kind.valueOf(row.get(0).split(",")[0]);
        Verdict verdict = undated(row.get(0));
        if (!row.get(3).isEmpty()) {
            assertThat(kind.longest()).isEqualTo(DocumentedTables.duration(row.get(3)));
        }
        assertThat(verdict.soft()).isEqualTo(row.get(4).startsWith("yes"));
        if (row.get(1).isEmpty()) {
            return;
        }
        assertThat(failedFor(row.get(0))).isEqualTo(DocumentedTables.duration(row.get(1)));
        switch (row.get(2)) {
            case "twice as long" -> assertThatItDoubles(row.get(0));
            case "until an operator changes the account" -> {
                assertThat(health.tryProbe("a", "opus")).isTrue();
                health.record("a", verdict);
                assertThat(health.snapshot("a").account().state()).isEqualTo(Standing.State.OUT);
            }
            default -> assertThat(failedFor(row.get(0))).isEqualTo(DocumentedTables.duration(row.get(2)));
        }
    }

    @Test
    void theTimesNameEveryKindThatKeepsSomethingOut() {
        Set<Kind> named = times().stream()
                .map(row -> Kind.valueOf(row.get(0).split(",")[0]))
                .collect(Collectors.toSet());
        assertThat(named).isEqualTo(EnumSet.complementOf(EnumSet.of(Kind.OK, Kind.REQUEST_FAULT)));
    }

    @ParameterizedTest
    @CsvSource({
        "overloaded_error, OVERLOADED",
        "rate_limit_error, TRANSIENT_THROTTLE",
        "timeout_error, TIMEOUT",
        "authentication_error, CREDENTIAL_BROKEN",
        "billing_error, SPEND_CAP",
        "invalid_request_error, REQUEST_FAULT",
        "not_found_error, REQUEST_FAULT",
        "conflict_error, REQUEST_FAULT",
        "request_too_large, REQUEST_FAULT",
        "permission_error, CREDENTIAL_BROKEN",
        "api_error, SERVER_ERROR",
        "unheard_of_error, SERVER_ERROR"
    })
    void anErrorEventMeansWhatTheSameErrorWouldHaveMeantAsAnAnswer(String type, Kind kind) {
        assertThat(new UpstreamVerdicts().ofErrorEvent(type, null, "opus", NOW).kind())
                .isEqualTo(kind);
    }

    @Test
    void theWordsOfAnErrorEventCountAsThoseOfAnAnswerDo() {
        byte[] body = ("{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"m\","
                        + "\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}}}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(new UpstreamVerdicts()
                        .ofErrorEvent("rate_limit_error", body, "opus", NOW)
                        .kind())
                .isEqualTo(Kind.SPEND_CAP);
    }

    private void assertThatItDoubles(String kind) {
        Duration longest = undated(kind).kind().longest();
        Duration expected = Cooldown.FIRST;
        for (int i = 0; i < 12; i++) {
            Duration doubled = expected.multipliedBy(2);
            expected = doubled.compareTo(longest) > 0 ? longest : doubled;
            assertThat(failedFor(kind)).isEqualTo(expected);
        }
    }

    /** How long the account is kept out by a failure; moves on to the end. */
    private Duration failedFor(String kind) {
        assertThat(health.tryProbe("a", "opus")).isTrue();
        health.record("a", undated(kind));
        Instant until = health.snapshot("a").standing("opus").until();
        assertThat(until).isNotNull();
        Duration out = Duration.between(clock.instant(), until);
        clock.moveTo(until);
        return out;
    }

    /** What the classifier says where the upstream states no time. */
    private Verdict undated(String kind) {
        return verdicts().stream()
                .filter(row ->
                        row.get(4).equals(kind.split(",")[0]) && row.get(5).matches("ACCOUNT|FAMILY"))
                .filter(row -> !kind.contains(",") || kind.endsWith(row.get(0)))
                .filter(row ->
                        !row.get(3).contains("retry-after") && !row.get(3).contains("message"))
                .map(row -> verdict(row, clock.instant()))
                .findFirst()
                .orElseThrow();
    }

    private static Verdict verdict(List<String> row) {
        return verdict(row, NOW);
    }

    private static Verdict verdict(List<String> row, Instant now) {
        if (row.get(0).equals("no token")) {
            return Verdict.noToken(family(row), null, now, "refresh failed");
        }
        UpstreamVerdicts verdicts = new UpstreamVerdicts();
        return FAILURES.containsKey(row.get(0))
                ? verdicts.ofFailure(FAILURES.get(row.get(0)), family(row))
                : verdicts.classify(Integer.parseInt(row.get(0)), headers(row.get(3)), body(row), family(row), now);
    }

    private static String family(List<String> row) {
        return row.get(3).contains("no family") ? "" : "opus";
    }

    private static HttpFields headers(String cell) {
        HttpFields.Mutable headers = HttpFields.build();
        List<String> ordinary = List.of("retry-after", "retry-after-ms", "x-should-retry");
        String fields = MESSAGE.matcher(cell).replaceAll("");
        for (MatchResult field : FIELD.matcher(fields).results().toList()) {
            String prefix = ordinary.contains(field.group(1)) ? "" : "anthropic-ratelimit-";
            headers.add(prefix + field.group(1), field.group(2));
        }
        assertThat(headers.size()).as("every field is read: " + cell).isEqualTo((int) Arrays.stream(fields.split("`"))
                .filter(part -> part.contains(": "))
                .count());
        return headers.asImmutable();
    }

    private static byte[] body(List<String> row) {
        if (row.get(1).isEmpty() && row.get(2).isEmpty()) {
            return "<html>: no error of the API</html>".getBytes(StandardCharsets.UTF_8);
        }
        String message = MESSAGE.matcher(row.get(3))
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElse("Something is not as it should be.");
        JsonObject error = JsonObject.empty().with("type", row.get(1)).with("message", message);
        error = row.get(2).isEmpty()
                ? error
                : error.with("details", JsonObject.empty().with("error_code", row.get(2)));
        return JsonObject.empty().with("type", "error").with("error", error).toBytes();
    }
}
