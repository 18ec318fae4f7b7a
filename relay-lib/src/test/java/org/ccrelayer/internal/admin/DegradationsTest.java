package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Instant;
import java.util.List;
import org.ccrelayer.admin.Degradation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DegradationsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final Logger log = (Logger) LoggerFactory.getLogger(Degradations.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Degradations degradations = new Degradations(() -> NOW);

    @BeforeEach
    void listen() {
        logged.start();
        log.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(logged);
    }

    private List<String> messages() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void nothing_is_degraded_before_a_report() {
        assertThat(degradations.all()).isEmpty();
    }

    @Test
    void a_problem_is_kept_and_logged_once_for_each_place() {
        degradations.report("servlet a", "held back");
        degradations.report("servlet b", "held back");
        degradations.report("servlet a", "held back");
        assertThat(degradations.all())
                .containsExactly(
                        new Degradation("servlet a", "held back", NOW), new Degradation("servlet b", "held back", NOW));
        assertThat(messages())
                .containsExactly(
                        "The relay is degraded: servlet a: held back", "The relay is degraded: servlet b: held back");
    }

    @Test
    void number_and_length_are_bounded() {
        for (int i = 0; i < 1_000; i++) {
            degradations.report("place " + i, "x".repeat(100_000));
        }
        assertThat(degradations.all())
                .hasSize(100)
                .allSatisfy(found ->
                        assertThat(found.problem()).hasSizeLessThan(2_100).endsWith("..."));
        assertThat(messages()).hasSize(100);
    }

    @Test
    void a_blank_text_is_refused_by_name() {
        assertThatThrownBy(() -> degradations.report(" ", "held back"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("where: ");
        assertThatThrownBy(() -> degradations.report("servlet a", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("problem: ");
    }
}
