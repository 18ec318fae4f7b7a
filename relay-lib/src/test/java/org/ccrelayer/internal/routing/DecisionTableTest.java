package org.ccrelayer.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.KeyRouting;
import org.ccrelayer.internal.health.AccountHealth;
import org.ccrelayer.internal.health.HealthSnapshot;
import org.ccrelayer.internal.health.UpstreamVerdicts;
import org.ccrelayer.internal.health.WindowReading;
import org.ccrelayer.internal.routing.Route.Reason;
import org.ccrelayer.testkit.MovedClock;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which of two accounts serves, and why the other does not, for everything that the policy looks at. */
class DecisionTableTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final String MODEL = "claude-opus-5";
    private static final AccountRouting PLAIN = AccountRouting.DEFAULT;

    private static Candidate candidate(String id, boolean schedulable, AccountRouting routing, HealthSnapshot health) {
        return new Candidate(account(id, Secret.of("secret"), schedulable, routing), 0, 1, health, "opus", null);
    }

    private static Account account(String id, Secret apiKey, boolean schedulable, AccountRouting routing) {
        return new Account(
                id,
                id,
                new ApiKeyCredential(apiKey),
                URI.create("https://upstream.test"),
                50,
                schedulable,
                Set.of(),
                NOON,
                routing);
    }

    /** An account whose credential could not be decrypted. */
    private static Candidate undecryptable() {
        return new Candidate(
                account("a", Secret.undecryptable("text"), true, PLAIN), 0, 1, HealthSnapshot.NEW, "opus", null);
    }

    /** The first account, which would be chosen if nothing were wrong with it. */
    private static Candidate first(AccountRouting routing, HealthSnapshot health) {
        return candidate("a", true, routing, health);
    }

    /** How an account is after an answer with that status and those header fields. */
    private static HealthSnapshot after(int status, Duration later, String... headers) {
        MovedClock clock = new MovedClock(NOON);
        AccountHealth health = new AccountHealth(clock);
        HttpFields.Mutable fields = HttpFields.build();
        for (int i = 0; i < headers.length; i += 2) {
            fields.put(headers[i], headers[i + 1]);
        }
        health.read("a", WindowReading.of(fields, NOON));
        health.record("a", new UpstreamVerdicts().classify(status, fields, null, "opus", NOON));
        clock.move(later);
        return health.snapshot("a");
    }

    private static Candidate overQuota(AccountRouting routing, HealthSnapshot health) {
        Candidate first = first(routing, health);
        return new Candidate(first.account(), 0, 1, health, "opus", NOON.plusSeconds(3_600));
    }

    @Test
    void anAccountOverItsQuotaIsNoLastResortAndServesNoKeyThatIsBoundToIt() {
        for (HealthSnapshot health : List.of(HealthSnapshot.NEW, after(529, Duration.ZERO))) {
            for (KeyRouting key : List.of(KeyRouting.ANY, KeyRouting.ANY.toAccount("a"))) {
                Asking asking = new Asking("k", Optional.empty(), MODEL, "opus", key, Set.of(), Pin.NONE, null, false);
                Route route = new SelectionPolicy().select(List.of(overQuota(PLAIN, health)), asking, NOON);
                assertThat(route.chosen()).isEmpty();
                assertThat(route.soonestBack()).contains(NOON.plusSeconds(3_600));
                assertThat(route.full()).isFalse();
            }
        }
    }

    static Stream<Arguments> rows() {
        HealthSnapshot well = HealthSnapshot.NEW;
        HealthSnapshot warned = after(
                200,
                Duration.ZERO,
                "anthropic-ratelimit-unified-5h-status",
                "allowed_warning",
                "anthropic-ratelimit-unified-5h-reset",
                String.valueOf(NOON.plusSeconds(3_600).getEpochSecond()));
        KeyRouting any = KeyRouting.ANY;
        KeyRouting mayLeave = new KeyRouting("a", null, true, true);
        return Stream.of(
                Arguments.of("nothing wrong", first(PLAIN, well), any, null),
                Arguments.of("disabled", candidate("a", false, PLAIN, well), any, Reason.DISABLED),
                Arguments.of("undecryptable", undecryptable(), any, Reason.CREDENTIAL_UNREADABLE),
                Arguments.of("bound elsewhere", first(PLAIN, well), any.toAccount("b"), Reason.PINNED_ELSEWHERE),
                Arguments.of("bound here", first(PLAIN, well), any.toAccount("a"), null),
                Arguments.of("bound to its group", first(PLAIN.withGroups(Set.of("g")), well), any.toGroup("g"), null),
                Arguments.of("dedicated", first(PLAIN.withDedicated(true), well), any, Reason.PINNED_ELSEWHERE),
                Arguments.of("dedicated to it", first(PLAIN.withDedicated(true), well), any.toAccount("a"), null),
                Arguments.of(
                        "model denied",
                        first(PLAIN.withModels(Set.of(MODEL), PLAIN.modelMap()), well),
                        any,
                        Reason.MODEL),
                Arguments.of("full", first(PLAIN.withConcurrency(1), well), any, Reason.CONCURRENCY_FULL),
                Arguments.of("room for one more", first(PLAIN.withConcurrency(2), well), any, null),
                Arguments.of(
                        "throttled",
                        first(PLAIN, after(429, Duration.ZERO, "retry-after", "30")),
                        any,
                        Reason.FAMILY_LIMITED),
                Arguments.of(
                        "back in time",
                        first(PLAIN, after(429, Duration.ofSeconds(31), "retry-after", "30")),
                        any,
                        null),
                Arguments.of("refused", first(PLAIN, after(401, Duration.ZERO)), any, Reason.CREDENTIAL_BROKEN),
                Arguments.of("over its quota", overQuota(PLAIN, well), any, Reason.QUOTA),
                Arguments.of("over its quota and bound", overQuota(PLAIN, well), mayLeave, Reason.QUOTA),
                Arguments.of(
                        "over its quota and throttled",
                        overQuota(PLAIN, after(429, Duration.ZERO, "retry-after", "30")),
                        any,
                        Reason.QUOTA),
                Arguments.of("warned", first(PLAIN.withAutoStopOnWarning(true), warned), any, Reason.RESTING));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void theOtherServesWhereTheFirstCannot(String name, Candidate first, KeyRouting key, Reason reason) {
        Candidate other = candidate("b", true, PLAIN, HealthSnapshot.NEW);
        Asking asking = new Asking("k", Optional.empty(), MODEL, "opus", key, Set.of(), Pin.NONE, null, false);
        Route route = new SelectionPolicy().select(List.of(other, first), asking, NOON);
        if (reason == null) {
            assertThat(route.chosen()).contains(first.account());
        } else {
            assertThat(route.chosen()).contains(other.account());
            assertThat(route.leftOut().get("a").reason()).isEqualTo(reason);
        }
    }

    @Test
    void anUndecryptableCredentialIsNoLastResort() {
        Asking asking =
                new Asking("k", Optional.empty(), MODEL, "opus", KeyRouting.ANY, Set.of(), Pin.NONE, null, false);
        Route route = new SelectionPolicy().select(List.of(undecryptable()), asking, NOON);
        assertThat(route.chosen()).isEmpty();
        assertThat(route.soonestBack()).isEmpty();
        assertThat(route.full()).isFalse();
    }

    @Test
    void anAccountThatRestsIsNoLastResort() {
        HealthSnapshot overloaded = after(
                529,
                Duration.ZERO,
                "anthropic-ratelimit-unified-5h-status",
                "allowed_warning",
                "anthropic-ratelimit-unified-5h-reset",
                String.valueOf(NOON.plusSeconds(3_600).getEpochSecond()));
        Asking asking =
                new Asking("k", Optional.empty(), MODEL, "opus", KeyRouting.ANY, Set.of(), Pin.NONE, null, false);
        assertThat(select(asking, first(PLAIN, overloaded)).chosen()).isPresent();
        assertThat(select(asking, first(PLAIN.withAutoStopOnWarning(true), overloaded))
                        .chosen())
                .isEmpty();
    }

    @Test
    void aSessionGoesBeforePriorityAndABindingBeforeBoth() {
        Candidate first = first(PLAIN, HealthSnapshot.NEW);
        Candidate other = candidate("b", true, PLAIN, HealthSnapshot.NEW);
        Asking staying =
                new Asking("k", Optional.empty(), MODEL, "opus", KeyRouting.ANY, Set.of(), Pin.NONE, "b", false);
        assertThat(new SelectionPolicy()
                        .select(List.of(first, other), staying, NOON)
                        .chosen())
                .contains(other.account());
        Asking bound = new Asking(
                "k",
                Optional.empty(),
                MODEL,
                "opus",
                KeyRouting.ANY.toAccount("a").withMayLeave(true),
                Set.of(),
                Pin.NONE,
                "b",
                false);
        assertThat(new SelectionPolicy()
                        .select(List.of(first, other), bound, NOON)
                        .chosen())
                .contains(first.account());
    }

    private static Asking asking(Pin pin, String staying, boolean thinking) {
        return new Asking("k", Optional.empty(), MODEL, "opus", KeyRouting.ANY, Set.of(), pin, staying, thinking);
    }

    private static Route select(Asking asking, Candidate... candidates) {
        return new SelectionPolicy().select(List.of(candidates), asking, NOON);
    }

    private static HealthSnapshot throttled() {
        return after(429, Duration.ZERO, "retry-after", "30");
    }

    private static HealthSnapshot warned() {
        return after(200, Duration.ZERO, "anthropic-ratelimit-unified-5h-status", "allowed_warning");
    }

    @Test
    void onlyAccountsThatHaveWhatIsNamedServeIt() {
        Candidate first = first(PLAIN, HealthSnapshot.NEW);
        Pin pin = new Pin(Pin.Cause.OBJECTS, Set.of("b", "c"), "gone", "");
        Candidate cooling = candidate("b", true, PLAIN, throttled());
        Candidate third = candidate("c", true, PLAIN, HealthSnapshot.NEW);
        assertThat(select(asking(pin, "a", true), first, cooling, third).chosen())
                .contains(third.account());
        Route none = select(asking(pin, null, false), first, cooling);
        assertThat(none.chosen()).isEmpty();
        assertThat(none.soonestBack()).contains(NOON.plusSeconds(30));
        assertThat(none.leftOut().get("a").reason()).isEqualTo(Reason.PINNED_ELSEWHERE);
        Pin nobody = new Pin(Pin.Cause.OBJECTS, Set.of(), "gone", "");
        assertThat(select(asking(nobody, null, false), first, third).chosen()).isEmpty();
    }

    @Test
    void aSessionThatMustMoveStaysInItsWorkspace() {
        AccountRouting shared = PLAIN.withWorkspace("w");
        Candidate left = candidate("l", true, shared, throttled());
        Candidate stranger = first(PLAIN.withWorkspace("v"), HealthSnapshot.NEW);
        Candidate sibling = candidate("s", true, shared, HealthSnapshot.NEW);
        Candidate full = candidate("s", true, shared.withConcurrency(1), HealthSnapshot.NEW);
        assertThat(select(asking(Pin.NONE, "l", false), stranger, left, sibling).chosen())
                .contains(sibling.account());
        assertThat(select(asking(Pin.NONE, "l", true), stranger, left, full).chosen())
                .contains(stranger.account());
        assertThat(select(asking(Pin.NONE, null, false), stranger, left, sibling)
                        .chosen())
                .contains(stranger.account());
        Candidate alone = candidate("l", true, PLAIN, throttled());
        Candidate other = candidate("s", true, PLAIN, HealthSnapshot.NEW);
        assertThat(select(asking(Pin.NONE, "l", false), stranger, alone, other).chosen())
                .as("no workspace is none to share")
                .contains(stranger.account());
    }

    @Test
    void aWarningMovesASessionToItsWorkspaceButNotItsThinking() {
        AccountRouting shared = PLAIN.withWorkspace("w");
        Candidate warned = candidate("a", true, shared, warned());
        Candidate stranger = candidate("b", true, PLAIN, HealthSnapshot.NEW);
        Candidate sibling = candidate("s", true, shared, HealthSnapshot.NEW);
        assertThat(select(asking(Pin.NONE, "a", false), warned, stranger, sibling)
                        .chosen())
                .contains(sibling.account());
        assertThat(select(asking(Pin.NONE, "a", true), warned, stranger, sibling)
                        .chosen())
                .contains(warned.account());
        Candidate later = candidate("z", true, shared, warned());
        assertThat(select(asking(Pin.NONE, "z", false), later, stranger).chosen())
                .as("the account that it should leave is no sibling of itself")
                .contains(stranger.account());
    }

    @Test
    void whatServesIsNeverUnfitWhateverTheHealth() {
        Random random = new Random(8);
        int[] statuses = {200, 400, 401, 403, 429, 500, 529};
        for (int round = 0; round < 2_000; round++) {
            List<Candidate> candidates = new ArrayList<>();
            for (int number = 0; number < 5; number++) {
                HealthSnapshot health = after(
                        statuses[random.nextInt(statuses.length)],
                        Duration.ofSeconds(random.nextInt(90)),
                        "retry-after",
                        String.valueOf(random.nextInt(60)));
                AccountRouting routing =
                        PLAIN.withConcurrency(random.nextInt(3)).withDedicated(random.nextInt(4) == 0);
                candidates.add(candidate("a" + number, random.nextInt(5) > 0, routing, health));
            }
            Route route = new SelectionPolicy().select(candidates, Asking.of(MODEL, Set.of("a0")), NOON);
            route.chosen().ifPresent(chosen -> {
                Candidate served = candidates.stream()
                        .filter(candidate -> candidate.account() == chosen)
                        .findFirst()
                        .orElseThrow();
                assertThat(chosen.schedulable()).isTrue();
                assertThat(chosen.id()).isNotEqualTo("a0");
                assertThat(chosen.routing().dedicated()).isFalse();
                assertThat(chosen.routing().concurrency()).isNotEqualTo(1);
                boolean well = served.health().standing("").open();
                assertThat(well
                                || route.lastResort()
                                        && served.health().standing("").soft())
                        .isTrue();
            });
            assertThat(route.leftOut().size() + route.chosen().stream().count()).isEqualTo(5);
        }
    }
}
