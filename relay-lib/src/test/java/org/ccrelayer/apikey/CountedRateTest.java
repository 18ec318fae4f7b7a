package org.ccrelayer.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What counts of a price. */
class CountedRateTest {
    private static CountedRate rate(String factor) {
        return new CountedRate(new BigDecimal(factor));
    }

    private static ServiceRates claude(String factor) {
        return new ServiceRates(Map.of("claude", new BigDecimal(factor), "codex", new BigDecimal("7")));
    }

    @Test
    void the_rate_of_everybody_and_that_of_the_key_both_apply() {
        CountedRate both = claude("0.8").rate("claude", claude("1.5"));
        assertThat(both.factor()).isEqualByComparingTo("1.2");
        assertThat(both.of(1_000_000_000)).isEqualTo(1_200_000_000);
        assertThat(ServiceRates.NONE.rate("claude", claude("1.5")).factor()).isEqualByComparingTo("1.5");
        assertThat(claude("0.8").rate("claude", ServiceRates.NONE).factor()).isEqualByComparingTo("0.8");
        assertThat(claude("0.8").rate("droid", claude("1.5"))).isEqualTo(CountedRate.PRICE);
    }

    @Test
    void a_part_of_a_billionth_counts_as_one() {
        assertThat(rate("0.1").of(1)).isEqualTo(1);
        assertThat(rate("0.1").of(10)).isEqualTo(1);
        assertThat(rate("0.1").of(11)).isEqualTo(2);
        assertThat(rate("1.0000000001").of(1)).isEqualTo(2);
        assertThat(rate("0").of(1)).isZero();
        assertThat(CountedRate.PRICE.of(7)).isEqualTo(7);
    }

    @Test
    void what_is_too_large_counts_as_the_largest_amount() {
        assertThat(rate("2").of(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(rate("1e60").of(1)).isEqualTo(Long.MAX_VALUE);
        assertThat(rate("1e-60").highest(1)).isEqualTo(Long.MAX_VALUE);
        assertThat(rate("0").highest(0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void the_highest_price_that_fits_fits_and_the_next_one_does_not() {
        for (String factor : List.of("0.001", "0.3", "0.8", "1", "1.2", "1.5", "3", "7.77", "1000")) {
            for (long left = 0; left <= 300; left++) {
                long price = rate(factor).highest(left);
                assertThat(rate(factor).of(price)).as("%s of %s", factor, price).isLessThanOrEqualTo(left);
                assertThat(rate(factor).of(price + 1)).as("%s beyond", factor).isGreaterThan(left);
            }
        }
    }

    @Test
    void nothing_counts_for_less_than_nothing() {
        assertThatThrownBy(() -> rate("-1")).isInstanceOf(IllegalArgumentException.class);
    }
}
