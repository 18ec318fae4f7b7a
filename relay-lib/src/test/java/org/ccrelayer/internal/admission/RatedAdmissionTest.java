package org.ccrelayer.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.CountedRate;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.KeyRouting;
import org.ccrelayer.apikey.ServiceRates;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.internal.pricing.CurrentPrices;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.testkit.MovedClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is reserved of a request that counts for more or less than its price. */
class RatedAdmissionTest {
    private static final long DOLLAR = 1_000_000_000L;

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-22T10:00:00Z"));
    private final EmbeddedStore store = EmbeddedStore.inMemory(StoreTime.utc(clock));
    private ServiceRates general = claude("1.5");
    private final GeneralRates rates = new GeneralRates(() -> general);
    private final AdmissionControl admission = new AdmissionControl(
            store.limits(),
            CurrentPrices.bundled(),
            rates,
            clock,
            new AdmissionControl.Terms(Duration.ofMinutes(5), ZoneOffset.UTC, 5_000));

    @AfterEach
    void close() {
        store.close();
    }

    private static ServiceRates claude(String factor) {
        return new ServiceRates(Map.of("claude", new BigDecimal(factor)));
    }

    private static ApiKey key(String factor, long daily, BudgetMode mode) {
        Budgets budgets = new Budgets(mode, daily, 0, Budgets.Weekly.NONE, null);
        return new ApiKey(
                "k",
                "key",
                "hash",
                true,
                KeyLimits.NONE.withBudgets(budgets),
                Instant.EPOCH,
                null,
                Activation.NONE,
                KeyRouting.ANY,
                new KeyAccess(Set.of(), null, claude(factor)));
    }

    private static RequestFacts facts(long maxTokens) {
        return Requests.facts("{'model':'claude-sonnet-5-5','max_tokens':" + maxTokens + ",'messages':[]}");
    }

    private LimitUse use(ApiKey key) {
        return store.limits().use("k", key.limits(), ZoneOffset.UTC);
    }

    @Test
    void what_counts_is_reserved_and_the_worst_price_is_told_beside_it() {
        ApiKey key = key("0.8", DOLLAR, BudgetMode.STRICT);
        Permit permit = admission.admit(key, "x", facts(1_000));
        assertThat(permit.rate().factor()).isEqualByComparingTo("1.2");
        assertThat(permit.worstNanoUsd()).isPositive();
        assertThat(permit.reservedNanoUsd()).isEqualTo((permit.worstNanoUsd() * 12 + 9) / 10);
        assertThat(use(key).reservedNanoUsd()).isEqualTo(permit.reservedNanoUsd());
    }

    @Test
    void a_rate_that_changes_holds_for_what_is_let_in_later() {
        ApiKey key = key("0.8", 0, BudgetMode.STANDARD);
        Permit before = admission.admit(key, "x", facts(10));
        general = claude("10");
        rates.refresh();
        assertThat(before.rate().factor()).isEqualByComparingTo("1.2");
        assertThat(admission.admit(key, "y", facts(10)).rate().factor()).isEqualByComparingTo("8");
    }

    @Test
    void what_counts_for_nothing_reserves_nothing() {
        ApiKey key = key("0", 1, BudgetMode.STRICT);
        Permit permit = admission.admit(key, "x", facts(100_000));
        assertThat(permit.reservedNanoUsd()).isZero();
        assertThat(permit.worstNanoUsd()).isPositive();
        assertThat(permit.cover()).isTrue();
        assertThat(use(key).reservedNanoUsd()).isZero();
    }

    @Test
    void the_max_tokens_that_is_said_to_fit_fits_and_the_next_one_does_not() {
        for (String factor : new String[] {"0.3", "1", "1.7", "40"}) {
            ApiKey key = key(factor, DOLLAR / 7, BudgetMode.STRICT);
            RelayException refused =
                    catchThrowableOfType(RelayException.class, () -> admission.admit(key, "x", facts(900_000_000)));
            Matcher told = Pattern.compile("max_tokens of at most (\\d+)").matcher(refused.getMessage());
            assertThat(told.find()).as(refused.getMessage()).isTrue();
            long most = Long.parseLong(told.group(1));
            // A number of as many digits, so that the body is as long.
            assertThatThrownBy(() -> admission.admit(key, "y", padded(most + 1)))
                    .isInstanceOf(RelayException.class);
            admission.admit(key, "z", padded(most)).release(true);
        }
    }

    private static RequestFacts padded(long maxTokens) {
        String digits = Long.toString(maxTokens);
        String spaces = " ".repeat("900000000".length() - digits.length());
        return Requests.facts("{'model':'claude-sonnet-5-5','max_tokens':" + spaces + digits + ",'messages':[]}");
    }

    @Test
    void without_rates_everything_counts_at_its_price() {
        general = ServiceRates.NONE;
        Permit permit = admission.admit(key("1", DOLLAR, BudgetMode.STRICT), "x", facts(10));
        assertThat(permit.rate().factor()).isEqualByComparingTo(CountedRate.PRICE.factor());
        assertThat(permit.reservedNanoUsd()).isEqualTo(permit.worstNanoUsd());
    }
}
