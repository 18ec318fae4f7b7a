package org.ccrelayer.internal.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageTotals;
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

    @Test
    void what_was_booked_without_rates_counts_at_its_price() {
        UsageRecord row = row();
        byte[] opened = head(row.id(), row.exchangeId(), row.keyId(), row.accountId(), row.model(), row.family())
                .octet(row.state().ordinal())
                .number(1)
                .number(2)
                .number(3)
                .number(4)
                .number(5)
                .number(6)
                .number(row.costNanoUsd())
                .number(row.reservedNanoUsd())
                .octet(1)
                .moment(row.admittedAt())
                .moment(row.startedAt())
                .moment(row.endedAt())
                .toBytes();
        assertThat(UsageFormat.row(opened)).isEqualTo(row);
        byte[] settled = head(row.model(), row.family())
                .octet(row.state().ordinal())
                .number(1)
                .number(2)
                .number(3)
                .number(4)
                .number(5)
                .number(6)
                .number(row.costNanoUsd())
                .octet(1)
                .moment(row.endedAt())
                .toBytes();
        UsageRecord open = row.in(UsageRecord.State.RESERVED);
        assertThat(UsageFormat.settled(open, new RecordReader(settled))).isEqualTo(row);
        byte[] totals = head().number(9)
                .number(1)
                .number(2)
                .number(3)
                .number(4)
                .number(5)
                .number(70)
                .toBytes();
        assertThat(UsageFormat.totals(totals)).isEqualTo(new UsageTotals(9, row.tokens(), 70, 70));
    }

    @Test
    void a_record_of_a_later_version_is_refused() {
        byte[] later = new RecordWriter().octet(3).number(0).toBytes();
        assertThatThrownBy(() -> UsageFormat.totals(later))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("use the relay that wrote it, or a newer one");
    }

    private static RecordWriter head(String... texts) {
        RecordWriter writer = new RecordWriter().octet(1);
        for (String text : texts) {
            writer.text(text);
        }
        return writer;
    }

    private static UsageRecord row() {
        return new UsageRecord(
                "x-1",
                "x",
                "k",
                "a",
                "model",
                "opus",
                UsageRecord.State.FINAL,
                new Tokens(1, 2, 3, 4, 5),
                6,
                1_234,
                5_678,
                true,
                Samples.START,
                Samples.START.plusSeconds(1),
                Samples.START.plusSeconds(2));
    }

    /** A record as it stands in the file, without some members. */
    private static JsonObject kept(JsonObject record, String... unknown) {
        assertThat(record.names()).contains(unknown);
        return JsonObject.parse(record.without(List.of(unknown)).toString());
    }
}
