package org.ccrelayer.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import org.ccrelayer.apikey.ServiceRates;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.junit.jupiter.api.Test;

/** When what holds for every relay key is read. */
class GeneralRatesTest {
    private int reads;
    private boolean answers = true;
    private ServiceRates stored = claude("1.5");
    private final GeneralRates rates = new GeneralRates(this::read);

    private static ServiceRates claude(String factor) {
        return new ServiceRates(Map.of("claude", new BigDecimal(factor)));
    }

    private ServiceRates read() {
        reads++;
        if (!answers) {
            throw new RelayException(Outcome.STORE_UNAVAILABLE);
        }
        return stored;
    }

    @Test
    void they_are_read_once_however_often_they_are_asked_for() {
        for (int request = 0; request < 9; request++) {
            assertThat(rates.now()).isEqualTo(claude("1.5"));
        }
        assertThat(reads).isEqualTo(1);
        stored = claude("2");
        assertThat(rates.now()).isEqualTo(claude("1.5"));
        rates.refresh();
        assertThat(rates.now()).isEqualTo(claude("2"));
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void the_last_ones_hold_while_the_store_does_not_answer() {
        rates.refresh();
        answers = false;
        assertThatThrownBy(rates::refresh).isInstanceOf(RelayException.class);
        assertThat(rates.now()).isEqualTo(claude("1.5"));
    }

    @Test
    void nobody_is_charged_by_a_guess() {
        answers = false;
        assertThatThrownBy(rates::now).isInstanceOf(RelayException.class);
        answers = true;
        assertThat(rates.now()).isEqualTo(claude("1.5"));
    }
}
