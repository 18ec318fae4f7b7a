package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.AccountKind;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.AuthHeader;
import org.ccrelayer.account.BearerCredential;
import org.ccrelayer.account.FederationCredential;
import org.ccrelayer.account.FederationCredential.Assertion;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of accounts that have nothing set but their credential, which ones the predecessor sees. */
@Timeout(60)
class PlainAccountsTest extends OnTheDump {
    private static final String ID = "0b0e7a5e-1111-4222-8333-777777777777";
    private static final URI TOKEN_URL = URI.create("https://tokens.example/o/token/");

    /** One that would go in the header that the predecessor takes, were it an API key. */
    private static final Secret SECRET = Secret.of("vendor-1");

    private final Map<String, DumpFixture.Print> before = dump.prints();

    static List<AccountCredential> obtained() {
        Assertion assertion = new Assertion(Assertion.Place.FILE, "/var/run/token");
        String organization = "c0ffee00-1111-4222-8333-444444444444";
        return List.of(
                new BearerCredential(SECRET, AuthHeader.BEARER),
                new BearerCredential(Secret.of("sk-ant-1"), AuthHeader.X_API_KEY),
                new OAuthCredential(TOKEN_URL, "client", SECRET, null, null),
                new OAuthCredential(TOKEN_URL, "client", null, SECRET, null),
                new FederationCredential(null, "fdrl_1", organization, "svac_1", null, assertion),
                new FederationCredential(TOKEN_URL, "fdrl_1", organization, "svac_1", null, assertion));
    }

    static List<AccountCredential> keys() {
        return List.of(
                new ApiKeyCredential(SECRET, AuthHeader.BEARER),
                new ApiKeyCredential(Secret.of("sk-ant-1"), AuthHeader.X_API_KEY));
    }

    @Test
    void every_kind_of_credential_is_tried() {
        assertThat(Stream.of(obtained(), keys()).flatMap(List::stream).map(AccountCredential::kind))
                .containsAll(Arrays.asList(AccountKind.values()));
    }

    @ParameterizedTest
    @MethodSource("obtained")
    void what_is_no_api_key_touches_nothing_but_the_relays_own_keys(AccountCredential credential) {
        Set<String> own = Set.of(RedisKeys.OWN_ACCOUNT.key(ID), RedisKeys.OWN_ACCOUNTS.key());
        dump.accounts.create(plain(credential, 50));
        assertThat(dump.changedSince(before)).isEqualTo(own);
        Map<String, DumpFixture.Print> created = dump.prints();
        change(credential);
        assertThat(dump.changedSince(created)).containsExactly(RedisKeys.OWN_ACCOUNT.key(ID));
        assertThat(dump.changedSince(before)).isEqualTo(own);
        assertThat(dump.rules.pool(dump.dumpedAt)).doesNotContain(ID);
        dump.accounts.delete(ID);
        assertThat(dump.changedSince(before)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void an_api_key_is_an_account_of_the_predecessor(AccountCredential credential) {
        Set<String> theirs =
                Set.of(RedisKeys.CONSOLE.key(ID), RedisKeys.CONSOLE_INDEX.key(), RedisKeys.CONSOLE_SHARED.key());
        dump.accounts.create(plain(credential, 50));
        assertThat(dump.changedSince(before)).isEqualTo(theirs);
        change(credential);
        assertThat(dump.changedSince(before)).isEqualTo(theirs);
        assertThat(dump.rules.pool(dump.dumpedAt)).contains(ID);
    }

    private void change(AccountCredential credential) {
        Account changed = plain(credential, 7);
        assertThat(dump.accounts.update(ID, old -> changed)).contains(changed);
        assertThat(dump.accounts.find(ID)).contains(changed);
    }

    private Account plain(AccountCredential credential, int priority) {
        return new Account(
                ID,
                "plain",
                credential,
                URI.create("https://upstream.example"),
                priority,
                true,
                Set.of(),
                dump.dumpedAt);
    }
}
