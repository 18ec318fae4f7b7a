package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisCommandExecutionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.Test;

/** What Redis said a moment ago: for how long, for how many, and what is told while it says nothing. */
class ConfirmedTest {
    private static final Confirmed.Terms TERMS =
            new Confirmed.Terms(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(10), 3);

    private static final String BAD = "bad";

    private final Map<String, String> redis = new HashMap<>(Map.of("a", "1"));
    private final List<List<String>> asked = new ArrayList<>();
    private long nanos;
    private boolean away;
    private final Confirmed<String> confirmed = new Confirmed<>(this::ask, TERMS, () -> nanos);
    private Confirmed<String> racing;

    private Map<String, Supplier<Optional<String>>> ask(List<String> names) {
        asked.add(names);
        if (away) {
            throw new RelayException(Outcome.STORE_UNAVAILABLE);
        }
        Map<String, Supplier<Optional<String>>> answers = new HashMap<>();
        for (String name : names) {
            Optional<String> answer = Optional.ofNullable(redis.get(name));
            answers.put(name, () -> read(answer));
        }
        return answers;
    }

    private static Optional<String> read(Optional<String> answer) {
        if (answer.equals(Optional.of(BAD))) {
            throw new RelayException(Outcome.STORE_UNAVAILABLE);
        }
        return answer;
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void what_is_outdated_is_asked_for_again_and_told_only_while_nobody_answers() {
        confirmed.get("a");
        redis.put("a", "2");
        confirmed.outdate("a");
        away = true;
        assertThat(confirmed.get("a")).contains("1");
        assertThatThrownBy(() -> confirmed.ask("a")).isInstanceOf(RelayException.class);
        assertThat(confirmed.get("a")).contains("1");
        away = false;
        assertThat(confirmed.get("a")).contains("2");
        redis.put("a", "3");
        assertThat(confirmed.get("a")).contains("2");
        assertThat(confirmed.ask("a")).contains("3");
        assertThat(confirmed.get("a")).contains("3");
    }

    @Test
    void an_answer_is_told_for_a_second_and_no_longer() {
        assertThat(confirmed.get("a")).contains("1");
        redis.put("a", "2");
        pass(Duration.ofSeconds(1));
        assertThat(confirmed.get("a")).contains("1");
        pass(Duration.ofNanos(1));
        assertThat(confirmed.get("a")).contains("2");
        assertThat(asked).hasSize(2);
    }

    @Test
    void an_answer_counts_from_when_it_was_asked_for() {
        Confirmed<String> late = new Confirmed<>(
                names -> {
                    Map<String, Supplier<Optional<String>>> answer = ask(names);
                    pass(Duration.ofMillis(200));
                    return answer;
                },
                TERMS,
                () -> nanos);
        assertThat(late.get("a")).contains("1");
        redis.put("a", "2");
        pass(Duration.ofMillis(801));
        assertThat(late.get("a")).contains("2");
    }

    @Test
    void what_is_unknown_is_kept_as_long_and_never_told_longer() {
        assertThat(confirmed.get("b")).isEmpty();
        redis.put("b", "1");
        assertThat(confirmed.get("b")).isEmpty();
        away = true;
        pass(Duration.ofMillis(1_001));
        assertThatThrownBy(() -> confirmed.get("b")).isInstanceOf(RelayException.class);
        away = false;
        assertThat(confirmed.get("b")).contains("1");
    }

    @Test
    void while_redis_is_away_what_was_known_is_told_for_a_minute() {
        confirmed.get("a");
        away = true;
        pass(Duration.ofMillis(59_999));
        assertThat(confirmed.get("a")).contains("1");
        pass(Duration.ofMillis(1));
        assertThatThrownBy(() -> confirmed.get("a"))
                .isInstanceOfSatisfying(
                        RelayException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.STORE_UNAVAILABLE));
        away = false;
        assertThat(confirmed.get("a")).contains("1");
    }

    @Test
    void where_redis_refuses_only_the_question_nothing_old_is_told() {
        Map<String, Supplier<Optional<String>>> answer = new HashMap<>();
        Confirmed<String> asking = new Confirmed<>(names -> answer, TERMS, () -> nanos);
        answer.put("a", () -> Optional.of("1"));
        assertThat(asking.get("a")).hasValue("1");
        pass(Duration.ofSeconds(2));
        answer.put("a", () -> {
            throw unavailable("OOM command not allowed when used memory > 'maxmemory'.");
        });
        assertThat(asking.get("a")).hasValue("1");
        answer.put("a", () -> {
            throw unavailable("NOPERM this user has no permissions to access one of the keys");
        });
        assertThatThrownBy(() -> asking.get("a")).isInstanceOf(RelayException.class);
    }

    private static RelayException unavailable(String error) {
        return new RelayException(Outcome.STORE_UNAVAILABLE, "no answer", new RedisCommandExecutionException(error));
    }

    @Test
    void few_things_are_confirmed_ahead_for_ten_minutes_after_their_last_use() {
        Confirmed<String> few = new Confirmed<>(this::ask, TERMS.ofFew(), () -> nanos);
        assertThat(few.get("a")).hasValue("1");
        for (int second = 1; second < 600; second++) {
            pass(Duration.ofSeconds(1));
            few.confirm();
            assertThat(asked).hasSize(second + 1);
        }
        assertThat(few.get("a")).hasValue("1");
        assertThat(asked).as("nobody waited").hasSize(600);
        for (int second = 0; second < 700; second++) {
            pass(Duration.ofSeconds(1));
            few.confirm();
        }
        assertThat(asked).hasSize(600 + 599);
    }

    @Test
    void nothing_is_told_while_redis_is_away_where_that_is_not_wanted() {
        Confirmed<String> strict = new Confirmed<>(this::ask, TERMS.neverAway(), () -> nanos);
        strict.get("a");
        away = true;
        pass(Duration.ofMillis(1_001));
        assertThatThrownBy(() -> strict.get("a")).isInstanceOf(RelayException.class);
    }

    @Test
    void what_is_dropped_is_asked_for_again() {
        confirmed.get("a");
        redis.put("a", "2");
        confirmed.drop("a");
        assertThat(confirmed.get("a")).contains("2");
        redis.remove("a");
        confirmed.drop(value -> value.equals("2"));
        assertThat(confirmed.get("a")).isEmpty();
        redis.put("a", "3");
        confirmed.drop(value -> false);
        assertThat(confirmed.get("a"))
                .as("whatever was not there may be there now")
                .contains("3");
    }

    @Test
    void what_is_dropped_while_it_is_asked_for_is_not_kept() {
        Confirmed<String> raced = new Confirmed<>(
                names -> {
                    Map<String, Supplier<Optional<String>>> answer = ask(names);
                    if (asked.size() == 1) {
                        redis.put("a", "2");
                        dropIn(names.get(0));
                    }
                    return answer;
                },
                TERMS,
                () -> nanos);
        racing = raced;
        assertThat(raced.get("a")).contains("1");
        assertThat(raced.get("a")).contains("2");
    }

    private void dropIn(String name) {
        racing.drop(name);
    }

    @Test
    void what_is_in_use_is_confirmed_ahead_and_nobody_waits_for_it() {
        confirmed.get("a");
        redis.put("a", "2");
        pass(Duration.ofMillis(750));
        confirmed.confirm();
        assertThat(asked).as("it may be told for a quarter of a second more").hasSize(1);
        pass(Duration.ofMillis(1));
        confirmed.confirm();
        pass(Duration.ofMillis(900));
        assertThat(confirmed.get("a")).contains("2");
        assertThat(asked).hasSize(2);
        pass(Duration.ofSeconds(11));
        confirmed.confirm();
        assertThat(asked).as("nobody has asked for it for ten seconds").hasSize(2);
    }

    @Test
    void what_is_only_looked_at_is_not_in_use() {
        assertThat(confirmed.peek("a")).contains("1");
        pass(Duration.ofMillis(800));
        assertThat(confirmed.peek("a")).contains("1");
        confirmed.confirm();
        assertThat(asked).hasSize(1);
        confirmed.get("a");
        confirmed.confirm();
        assertThat(asked).hasSize(2);
        pass(Duration.ofMillis(1_001));
        redis.put("a", "2");
        assertThat(confirmed.peek("a")).contains("2");
    }

    @Test
    void one_that_cannot_be_read_keeps_no_other_from_being_confirmed() {
        redis.putAll(Map.of("b", "1", "c", "1"));
        List.of("a", "b", "c").forEach(confirmed::get);
        redis.putAll(Map.of("a", "2", "b", BAD, "c", "2"));
        pass(Duration.ofMillis(800));
        confirmed.confirm();
        pass(Duration.ofMillis(900));
        int before = asked.size();
        assertThat(confirmed.get("a")).contains("2");
        assertThat(confirmed.get("c")).contains("2");
        assertThat(asked).hasSize(before);
    }

    @Test
    void a_confirmation_that_fails_changes_nothing() {
        confirmed.get("a");
        away = true;
        pass(Duration.ofMillis(900));
        confirmed.confirm();
        pass(Duration.ofSeconds(5));
        assertThat(confirmed.get("a")).contains("1");
        away = false;
        redis.put("a", "2");
        assertThat(confirmed.get("a")).contains("2");
    }

    @Test
    void a_flood_of_unknown_names_is_bounded_and_drives_out_nothing_that_is_known() {
        confirmed.get("a");
        IntStream.range(0, 1_000).forEach(number -> confirmed.get("unknown" + number));
        assertThat(confirmed.size()).isEqualTo(1 + TERMS.most());
        int before = asked.size();
        confirmed.get("a");
        assertThat(asked).hasSize(before);
    }

    @Test
    void many_that_ask_for_the_same_wait_for_one_answer() throws Exception {
        CountDownLatch answering = new CountDownLatch(1);
        List<String> questions = new ArrayList<>();
        Confirmed<String> shared = new Confirmed<>(
                names -> {
                    questions.addAll(names);
                    try {
                        answering.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return Map.of("a", () -> Optional.of("1"));
                },
                TERMS,
                () -> nanos);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Future<Optional<String>>> answers = new ArrayList<>();
            for (int number = 0; number < 8; number++) {
                answers.add(pool.submit(() -> shared.get("a")));
            }
            Wait.until("somebody to ask", () -> !questions.isEmpty());
            answering.countDown();
            for (Future<Optional<String>> answer : answers) {
                assertThat(answer.get()).contains("1");
            }
            assertThat(questions).containsExactly("a");
        } finally {
            pool.shutdownNow();
        }
    }
}
