package org.ccrelayer.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.internal.health.HealthSnapshot;
import org.ccrelayer.internal.routing.Route.LeftOut;
import org.ccrelayer.internal.routing.Route.Reason;
import org.junit.jupiter.api.Test;

/** Accounts whose time is over, or that rest. */
class AgreedTermsTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private static Route route(AccountTerms terms, Instant now) {
        Account account = new Account(
                "a",
                "a",
                new ApiKeyCredential(Secret.of("secret")),
                URI.create("https://upstream.test"),
                50,
                true,
                Set.of(),
                Instant.EPOCH,
                AccountRouting.DEFAULT,
                EgressProxy.DIRECT,
                TlsPolicy.DEFAULT,
                terms);
        return new SelectionPolicy()
                .select(
                        List.of(new Candidate(account, 0, 0, HealthSnapshot.NEW, "", null)),
                        Asking.of("m", Set.of()),
                        now);
    }

    @Test
    void an_account_serves_until_its_subscription_ends() {
        AccountTerms terms = new AccountTerms(0, LocalTime.MIDNIGHT, NOON, false, null);
        assertThat(route(terms, NOON.minusMillis(1)).chosen()).isPresent();
        assertThat(route(terms, NOON).leftOut()).containsEntry("a", new LeftOut(Reason.ENDED, null));
    }

    @Test
    void an_account_that_rests_is_said_to_be_back_when_it_is() {
        AccountTerms terms = new AccountTerms(0, LocalTime.MIDNIGHT, null, false, NOON);
        Route resting = route(terms, NOON.minusMillis(1));
        assertThat(resting.chosen()).isEmpty();
        assertThat(resting.leftOut()).containsEntry("a", new LeftOut(Reason.RESTING, NOON));
        assertThat(resting.soonestBack()).contains(NOON);
        assertThat(route(terms, NOON).chosen()).isPresent();
    }
}
