package org.ccrelayer.internal.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.testkit.Samples;
import org.junit.jupiter.api.Test;

/** Records of a relay that knew less. */
class OlderRecordsTest {
    @Test
    void a_key_without_a_word_on_what_it_is_for_is_for_everything() {
        ApiKeyFormat format = new ApiKeyFormat();
        JsonObject old = kept(
                format.write(JsonObject.empty(), Samples.key("k", 4)),
                "services",
                "clients",
                "serviceRates",
                "activationHours");
        assertThat(format.read(old).access()).isEqualTo(KeyAccess.ALL);
        assertThat(format.read(old).activation()).isEqualTo(Activation.NONE);
        JsonObject days = kept(format.write(JsonObject.empty(), Samples.key("k", 5)), "activationHours");
        assertThat(format.read(days)).isEqualTo(Samples.key("k", 5));
    }

    @Test
    void an_account_without_a_word_on_terms_has_none() {
        AccountFormat format = new AccountFormat(new CredentialCipher(Secret.of("a test's encryption key")));
        JsonObject old = kept(
                format.write(JsonObject.empty(), Samples.account("a", 1)),
                "dailyQuotaNanoUsd",
                "quotaResetAt",
                "endsAt",
                "interceptWarmup",
                "restsUntil");
        assertThat(format.read(old).terms()).isEqualTo(AccountTerms.NONE);
        assertThat(format.read(old).proxy()).isEqualTo(Samples.account("a", 1).proxy());
    }

    /** A record as it stands in the file, without some members. */
    private static JsonObject kept(JsonObject record, String... unknown) {
        assertThat(record.names()).contains(unknown);
        return JsonObject.parse(record.without(List.of(unknown)).toString());
    }
}
