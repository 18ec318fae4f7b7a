package org.ccrelayer.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.ccrelayer.account.AccountRest;
import org.ccrelayer.account.RestStore;
import org.ccrelayer.internal.health.Standing.State;
import org.ccrelayer.testkit.MovedClock;
import org.junit.jupiter.api.Test;

/** What relays that share a store tell each other of accounts. */
class NeighboursTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant RESET = START.plus(Duration.ofHours(2));

    private final MovedClock clock = new MovedClock(START);
    private final Board board = new Board();
    private final Neighbours neighbours = new Neighbours(board);
    private final AccountHealth health = new AccountHealth(clock, neighbours);

    /** What is told stands here. */
    private static final class Board implements RestStore {
        final List<AccountRest> told = new ArrayList<>();
        final List<String> over = new ArrayList<>();
        List<AccountRest> others = List.of();

        @Override
        public void begun(AccountRest rest) {
            told.add(rest);
        }

        @Override
        public void over(String accountId, String family) {
            over.add(accountId + " " + family);
        }

        @Override
        public List<AccountRest> others() {
            return others;
        }
    }

    private void fail(int status, String... fields) {
        health.record("a", Verdicts.of(status, clock.instant(), fields));
    }

    @Test
    void what_keeps_an_account_out_is_told_once() {
        fail(500);
        fail(500);
        assertThat(board.told)
                .containsExactly(new AccountRest(
                        "a", "", START.plusSeconds(2), "server_error", 500, true, "server error (500)"));
        health.record("b", Verdicts.fiveHours(START, RESET));
        assertThat(board.told.get(1))
                .isEqualTo(
                        new AccountRest("b", "", RESET, "five_hour_window", 429, false, "5-hour window used up (429)"));
        health.record("c", Verdicts.familyLimit("opus", START, RESET));
        assertThat(board.told.get(2).family()).isEqualTo("opus");
        assertThat(board.over).isEmpty();
    }

    @Test
    void what_lasts_is_told_for_as_long_as_until_it_is_tried_again() {
        fail(401);
        assertThat(board.told)
                .containsExactly(new AccountRest(
                        "a", "", START.plusSeconds(300), "credential_broken", 401, false, "credential refused (401)"));
    }

    @Test
    void what_passes_at_once_or_is_the_requests_fault_is_not_told() {
        fail(429);
        fail(400);
        fail(408);
        health.record("a", Verdict.noToken("", null, START, "none"));
        assertThat(board.told).isEmpty();
        fail(529);
        assertThat(board.told).as("a token is missing, which is worse").isEmpty();
    }

    @Test
    void an_account_that_works_again_is_told_once() {
        health.recordSuccess("a", "opus");
        fail(500);
        clock.move(Duration.ofSeconds(2));
        health.recordSuccess("a", "opus");
        health.recordSuccess("a", "opus");
        assertThat(board.over).containsExactly("a opus");
    }

    @Test
    void what_others_told_keeps_out_here_until_they_tell_it_no_more_or_its_time_is_over() {
        board.others = List.of(
                new AccountRest("a", "", RESET, "five_hour_window", 429, false, "theirs"),
                new AccountRest("b", "opus", RESET, "family_window", 429, false, "theirs"),
                new AccountRest("b", "", START.plusSeconds(9), "unheard of", 500, true, "theirs"));
        assertThat(health.snapshot("a")).isEqualTo(HealthSnapshot.NEW);
        neighbours.listen();
        assertThat(health.snapshot("a").standing("sonnet"))
                .returns(State.COOLING, Standing::state)
                .returns(RESET, Standing::until)
                .returns(false, Standing::soft)
                .returns("theirs", Standing::reason);
        assertThat(health.snapshot("b").standing("sonnet").soft()).isTrue();
        clock.move(Duration.ofSeconds(9));
        assertThat(health.snapshot("b").standing("sonnet").open()).isTrue();
        assertThat(health.snapshot("b").standing("opus").open()).isFalse();
        assertThat(health.snapshot("c")).isEqualTo(HealthSnapshot.NEW);
        clock.moveTo(RESET);
        assertThat(health.snapshot("a")).isEqualTo(HealthSnapshot.NEW);
        clock.moveTo(START);
        board.others = List.of();
        neighbours.listen();
        assertThat(health.snapshot("a")).isEqualTo(HealthSnapshot.NEW);
        assertThat(board.told).isEmpty();
    }

    @Test
    void of_what_is_known_here_and_there_the_worse_counts() {
        health.record("a", Verdicts.fiveHours(START, RESET));
        board.others = List.of(
                new AccountRest("a", "", START.plusSeconds(9), "server_error", 500, true, "server error (500)"));
        neighbours.listen();
        assertThat(health.snapshot("a").coolingUntil()).contains(RESET);
        assertThat(health.snapshot("a").standing("").soft()).isFalse();
    }
}
